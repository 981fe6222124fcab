"""Retention month by month: a partition whose time is over goes in one short statement.

A month in which a held person left rows cannot be dropped: all other rows are deleted from it in batches.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.errors import LockNotAvailable

from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.privacy.catalogue import TableEntry
from flow.privacy.retention import store
from flow.privacy.retention.batches import Slice, work_off
from flow.privacy.retention.cutoffs import before
from flow.privacy.retention.statements import built
from flow.privacy.retention.types import Held, Month, Place, Run

__all__ = ["drop_months", "due_months", "rows_of"]

_TRIES = 60
_PAUSE_SECONDS = 0.25
_COUNTING_MS = 600_000


async def due_months(
    service: Transaction, entry: TableEntry, places: Sequence[Place], *, now: datetime
) -> tuple[list[Month], list[Month]]:
    """The months whose time is over: those that may go, and those of which figures are still to be made."""
    over = await store.months(service, entry.table, before=before(entry.retention, now=now, place=None))
    first_needed = min((before(entry.retention, now=now, place=place) for place in places), default=now)
    ready = [month for month in over if not entry.retention.awaits_rollup or month.ends_at <= first_needed]
    return ready, [month for month in over if month not in ready]


async def drop_months(
    database: Database,
    entry: TableEntry,
    *,
    places: Sequence[Place],
    held: Mapping[UUID, Held],
    now: datetime,
    run: Run,
) -> None:
    """Drops what is due, each month in a transaction of its own."""
    async with database.as_service() as transaction:
        ready, waiting = await due_months(transaction, entry, places, now=now)
    run.waiting += [month.part for month in waiting]
    for month in ready:
        async with database.as_service(timeout_ms=_COUNTING_MS) as transaction:
            counts = await rows_of(transaction, entry, month)
            holders = [each for each in counts if each in held and await _has(transaction, entry, month, each, held)]
        if holders:
            await _thin_out(database, entry, month, list(counts), held, now=now, run=run)
        elif await _drop(database, entry, month, counts, now=now, run=run):
            run.dropped.append(month.part)
            run.add(entry.table, sum(counts.values()))
        else:
            run.waiting.append(month.part)


async def rows_of(service: Transaction, entry: TableEntry, month: Month) -> dict[UUID, int]:
    """How many rows each restaurant has in the month."""
    since = entry.retention.since
    query = built(
        f"select t.restaurant_id, count(*) from {entry.name} t where {since} >= :starts and {since} < :ends group by 1"
    )
    return dict(await service.tuples(query, starts=month.starts_at, ends=month.ends_at))


async def _drop(
    database: Database, entry: TableEntry, month: Month, counts: Mapping[UUID, int], *, now: datetime, run: Run
) -> bool:
    """Counts and drops in one transaction. False when the table was never free for a moment; then the next night."""
    for _ in range(_TRIES):
        try:
            async with database.as_service() as transaction:
                for restaurant, rows in counts.items():
                    await store.add_tally(transaction, entry.table, restaurant=restaurant, rows=rows, at=now)
                began = time.perf_counter()
                await store.drop_month(transaction, month.part)
        except LockNotAvailable:
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            run.longest_drop = max(run.longest_drop, time.perf_counter() - began)
            return True
    return False


async def _has(
    service: Transaction, entry: TableEntry, month: Month, restaurant: UUID, held: Mapping[UUID, Held]
) -> bool:
    ways = [way for way in entry.subject_columns if held[restaurant].of(way.key)]
    if not ways:
        return False
    since = entry.retention.since
    found = " or ".join(f't."{way.column}" = any (:{way.column}::{way.type}[])' for way in ways)
    query = built(
        f"select exists (select from {entry.name} t where t.restaurant_id = :restaurant "
        f"and {since} >= :starts and {since} < :ends and ({found}))"
    )
    parameters = {way.column: held[restaurant].of(way.key) for way in ways}
    return bool(
        await service.value(query, restaurant=restaurant, starts=month.starts_at, ends=month.ends_at, **parameters)
    )


async def _thin_out(
    database: Database,
    entry: TableEntry,
    month: Month,
    restaurants: Sequence[UUID],
    held: Mapping[UUID, Held],
    *,
    now: datetime,
    run: Run,
) -> None:
    for restaurant in restaurants:
        part = Slice(entry, restaurant, month.ends_at, held.get(restaurant, Held()), since=month.starts_at)
        async for batch in work_off(database, part, now=now):
            run.add(entry.table, batch.rows)
            run.longest_batch = max(run.longest_batch, batch.seconds)
