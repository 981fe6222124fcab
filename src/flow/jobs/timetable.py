"""When what happens by itself: every periodic job of FLOW, in one place. Times are UTC."""

from flow.jobs.types import Entry

TIMETABLE = (
    Entry("rollups.recompute_stale", "* * * * * */20", "Make the figures of changed business days anew."),
    Entry("rollups.finish_days", "5 * * * *", "Close yesterday where a restaurant's business day has ended."),
    Entry("events.make_partitions", "30 0 * * *", "Make the coming months' partitions of events ahead of need."),
    Entry("access.forget_sessions", "50 2 * * *", "Delete log-ins that have been over for a month."),
    Entry("events.forget_salts", "10 * * * *", "Delete old visitor salts, so that daily ids cannot be traced back."),
    Entry("consents.send_questions", "* * * * * */10", "Ask guests to confirm what was agreed to in their name."),
    Entry("access.answer_resets", "* * * * * */5", "Send links to who forgot their password."),
    Entry("mail.send_waiting", "* * * * * */5", "Carry away the mails that wait."),
    Entry("mail.forget", "55 2 * * *", "Forget mails that went out a month ago."),
    Entry("audit.checkpoint", "*/5 * * * *", "Sign the state of the audit log, so that nobody rewrites it unseen."),
    Entry("audit.verify", "25 3 * * *", "Check the whole audit log against its chain; a fault fails the job."),
    Entry("audit.expire", "15 3 * * *", "Delete audit entries older than seven years; the rest stays checkable."),
    Entry("support.expire", "*/5 * * * *", "Note in the audit log which accesses of support ran out."),
    Entry("rights.carry_out", "* * * * * */15", "Carry out what persons asked for and was approved, or go on with it."),
    Entry("rights.remind", "0 6 * * *", "Tell of privacy requests that are due or overdue."),
    Entry("rights.delete_files", "20 * * * *", "Delete exports whose time is over."),
    Entry("rights.reapply", "25 * * * *", "Erase again whoever came back from before their erasure."),
    Entry("webhooks.watch", "*/10 * * * *", "Tell of providers gone silent, and of webhooks that wait for a person."),
    Entry("inmobile.fetch_messages", "* * * * *", "Fetch guests' SMS that InMobile keeps for us."),
    Entry("inmobile.fetch_reports", "35 * * * *", "Fetch reports on SMS that InMobile did not deliver."),
    Entry("messages.give_up", "* * * * * */30", "Say of messages whose call was given up that they were not sent."),
    Entry("retention.behaviour", "0 2 * * *", "Drop old months of events and page views; delete old visits."),
    Entry("retention.sales", "10 2 * * *", "Anonymise orders five years after the end of their financial year."),
    Entry("retention.marketing", "20 2 * * *", "Delete old messages and campaigns."),
    Entry("retention.conversations", "30 2 * * *", "Anonymise conversations after a year."),
    Entry("retention.system", "35 2 * * *", "Delete old logs and notices."),
    Entry("retention.integrations", "40 2 * * *", "Delete old logs of webhooks and calls."),
    Entry("retention.accounts", "45 2 * * *", "Delete old invitations, keys and consents that ended five years ago."),
)
