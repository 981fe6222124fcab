"""What the timetable does for events: months made ahead, salts forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from flow.collect.events import store
from flow.database.pool import Database

__all__ = ["KEPT_MONTHS", "forget_salts", "make_partitions"]

KEPT_MONTHS: Final = 2
"""How far ahead months are made, and how far back: events may be 35 days late, and a page be open for longer."""

_PARENTS: Final = ("events", "page_views", "heatmap_events")
_SALT_DAYS: Final = 2


async def make_partitions(database: Database, *, now: datetime) -> int:
    """Makes the months that are missing from two before `now` to two after; how many."""
    first, last = _month(now.date(), -KEPT_MONTHS), _month(now.date(), KEPT_MONTHS)
    made = 0
    async with database.as_service() as transaction:
        for parent in _PARENTS:
            made += await store.make_partitions(transaction, parent, first_month=first, last_month=last)
    return made


async def forget_salts(database: Database, *, now: datetime) -> int:
    """Deletes the salts of days that ended two days ago anywhere on earth; how many."""
    first_kept = now.astimezone(UTC).date() - timedelta(days=_SALT_DAYS)
    async with database.as_service() as transaction:
        return await store.forget_salts(transaction, first_kept=first_kept)


def _month(day: date, shift: int) -> date:
    """The first day of the month `shift` months from that of `day`."""
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)
