"""The clock of a request: reminders a week before, the day before, and when it is overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

from flow.privacy.rights import files, store
from flow.privacy.rights.means import Means
from flow.web.i18n import N_

__all__ = ["days_left", "delete_expired_files", "remind"]

_WORDS = {
    1: ("info", N_("A privacy request is due within a week")),
    2: ("warning", N_("A privacy request is due tomorrow")),
    3: ("critical", N_("A privacy request is overdue")),
}
_DUE = N_("To be answered by %(day)s.")


def days_left(due_at: datetime, now: datetime) -> int:
    """Whole days until the deadline; negative when it is over."""
    return (due_at - now) // timedelta(days=1)


async def remind(means: Means) -> int:
    """Tells the restaurant's people of requests that are due; each stage once. How many reminders there were."""
    now = means.clock.now()
    async with means.database.as_service() as transaction:
        due = await store.due_soon(transaction, now=now)
        for each in due:
            left = each.due_at - now
            stage = 3 if left <= timedelta(0) else 2 if left <= timedelta(days=1) else 1
            await store.note_reminder(transaction, each.id, stage)
            if each.restaurant_id is None:
                continue
            severity, title = _WORDS[stage]
            await store.notify_staff(
                transaction,
                each.restaurant_id,
                severity=severity,
                title=title,
                body=_DUE,
                facts={"day": {"day": f"{each.due_at:%Y-%m-%d}"}},
                link=f"/settings/requests/{each.id}",
                now=now,
            )
    return len(due)


async def delete_expired_files(means: Means) -> int:
    """Deletes exports whose time is over; how many."""
    now = means.clock.now()
    async with means.database.as_service() as transaction:
        names = await store.expired_files(transaction, now=now)
        files.delete_exports(means, names)
        for name in names:
            await store.forget_file(transaction, name, now=now)
    return len(names)
