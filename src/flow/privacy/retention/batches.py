"""Retention row by row: small transactions, one after another, that give way to whoever writes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.privacy.catalogue import TableEntry
from flow.privacy.retention import statements, store
from flow.privacy.retention.types import EVERYWHERE, Held

__all__ = ["Batch", "Slice", "work_off"]

_FEWEST, _FIRST, _MOST = 50, 250, 2_000
_QUICK, _SLOW = 0.01, 0.03
"""Seconds: a batch that holds its locks for less may grow, for more must shrink; the promise is 0.2."""

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one table from before a moment, in one restaurant or (without one) of a table that has none."""

    entry: TableEntry
    restaurant: UUID | None
    before: datetime
    held: Held
    since: datetime = BEGINNING

    def parameters(self) -> dict[str, object]:
        """Those of every statement of `statements` about due rows."""
        scope = {"restaurant": self.restaurant} if self.entry.tenant else {}
        held = statements.held_parameters(self.entry, self.held)
        return {**scope, **held, "since": self.since, "before": self.before}


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction: rows done, and for how many seconds it held locks."""

    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Step:
    reached: datetime
    most: int
    found: int = 0
    batch: Batch = Batch(0, 0.0)


async def work_off(database: Database, part: Slice, *, now: datetime) -> AsyncIterator[Batch]:
    """Does all that is due, a batch at a time. Where it was interrupted, the next call goes on."""
    step = _Step(reached=part.since, most=_FIRST)
    while True:
        done = await _next(database, part, step, now=now)
        if done.batch.rows:
            yield done.batch
        if done.found < step.most or (done.batch.rows == 0 and done.reached == step.reached):
            return
        await asyncio.sleep(done.batch.seconds)  # half of the time belongs to the others
        step = replace(done, most=_paced(step.most, done.batch.seconds))


async def _next(database: Database, part: Slice, step: _Step, *, now: datetime) -> _Step:
    async with database.as_service() as transaction:
        # Under load the disk takes longer than the work. What a crash of PostgreSQL takes back, rows and tallies alike,
        # the next run does again; telling the audit log waits for the disk, and so for all that was committed before.
        await store.do_not_wait_for_disk(transaction)
        found = await transaction.tuples(
            statements.find(part.entry, part.held), **part.parameters(), reached=step.reached, most=step.most
        )
        if not found:
            return replace(step, found=0, batch=Batch(0, 0.0))
        began = time.perf_counter()
        rows = await _act(transaction, part, [place for place, _ in found], now=now)
    batch = Batch(rows, time.perf_counter() - began)  # the commit is in it: it lets the locks go
    return _Step(reached=found[-1][1], most=step.most, found=len(found), batch=batch)


async def _act(transaction: Transaction, part: Slice, places: list[str], *, now: datetime) -> int:
    """Does it and counts it, in the same transaction."""
    rows = await transaction.execute(statements.act(part.entry, part.held), **part.parameters(), rows=places)
    if rows:
        restaurant = part.restaurant or EVERYWHERE
        await store.add_tally(transaction, part.entry.table, restaurant=restaurant, rows=rows, at=now)
    return rows


def _paced(most: int, seconds: float) -> int:
    if seconds > _SLOW:
        return max(_FEWEST, most // 2)
    return min(_MOST, most * 2) if seconds < _QUICK else most
