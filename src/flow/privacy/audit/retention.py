"""How long the audit log is kept: seven years, and what happens then."""

from __future__ import annotations

from datetime import datetime

from flow.database.pool import Database
from flow.kit.clock import Clock
from flow.privacy.audit import store

YEARS = 7
_BATCH = 500


def kept_since(now: datetime) -> datetime:
    """What was recorded before this moment may be deleted."""
    leap_day = now.month == 2 and now.day == 29
    return now.replace(year=now.year - YEARS, day=28 if leap_day else now.day)


async def expire(database: Database, *, clock: Clock) -> int:
    """Deletes what is older than seven years by the database's clock, in batches; how many entries.

    The database decides what is old enough (app.expire_audit) and notes where the chain begins since, so that the rest
    can still be checked. A crash between two batches leaves a shorter, whole log.
    """
    deleted = 0
    while batch := await _expire_batch(database):
        deleted += batch
    if deleted:
        async with database.as_service() as transaction:
            told = f"{deleted} entries older than {YEARS} years were deleted."
            await store.record(transaction, "audit_expired", told, at=clock.now(), facts={"entries": deleted})
    return deleted


async def _expire_batch(database: Database) -> int:
    async with database.as_service() as transaction:
        return await store.expire(transaction, most=_BATCH)
