"""When what happens by itself: every periodic job of FLOW, in one place. Times are UTC."""

from flow.jobs.types import Entry

TIMETABLE = (
    Entry("rollups.recompute_stale", "* * * * * */20", "Make the figures of changed business days anew."),
    Entry("rollups.finish_days", "5 * * * *", "Close yesterday where a restaurant's business day has ended."),
    Entry("events.make_partitions", "30 0 * * *", "Make the coming months' partitions of events ahead of need."),
    Entry("events.drop_partitions", "40 2 * * *", "Drop the months whose keeping time is over."),
    Entry("access.forget_sessions", "50 2 * * *", "Delete log-ins that have been over for a month."),
    Entry("events.forget_salts", "10 * * * *", "Delete old visitor salts, so that daily ids cannot be traced back."),
    Entry("mail.send_waiting", "* * * * * */5", "Carry away the mails that wait."),
    Entry("mail.forget", "55 2 * * *", "Forget mails that went out a month ago."),
    Entry("audit.checkpoint", "*/5 * * * *", "Sign the state of the audit log, so that nobody rewrites it unseen."),
    Entry("audit.expire", "15 3 * * *", "Delete audit entries older than seven years; the rest stays checkable."),
)
