"""Mail: written in the transaction of what it tells, sent by a job, as files into an outbox where no SMTP is set."""
