"""Retention: carries out what the catalogue says, category by category, and says beforehand what would go."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.kit.clock import Clock
from flow.privacy.audit.store import record
from flow.privacy.catalogue import AtEnd, Category, Key, TableEntry, tables
from flow.privacy.retention import statements, store
from flow.privacy.retention.batches import Slice, work_off
from flow.privacy.retention.cutoffs import before
from flow.privacy.retention.holds import held_persons
from flow.privacy.retention.months import drop_months, due_months, rows_of
from flow.privacy.retention.types import EVERYWHERE, Due, Held, Place, Run

__all__ = ["carry_out", "entries_of", "preview"]

_log = logging.getLogger("flow.retention")
_MOST_AT_A_DOOR = 500


async def carry_out(database: Database, category: Category, *, secrets: Sequence[bytes], clock: Clock) -> Run:
    """Lets go what has had its time in one category, in small transactions, and tells the counts to the audit log.

    `secrets` are the installation's, the present one first: held persons are known by pseudonyms made with them. It may
    be killed at any moment; the next run goes on, and tells what this one had done as well. A table that fails is
    logged and does not hold up the others.
    """
    run, now = Run(), clock.now()
    async with database.as_service() as transaction:
        places = await store.places(transaction)
    for entry in entries_of(category):
        try:
            async with database.as_service() as transaction:
                held = await held_persons(transaction, secrets)  # anew each time: a hold may have just begun
            await _carry_out(database, entry, places=places, held=held, now=now, run=run)
        except Exception:
            _log.exception("retention of %s failed; the next run tries again", entry.table)
    if run.waiting:
        _log.warning("retention left these months for later: %s", ", ".join(run.waiting))
    await _tell(database, category, now=now)
    return run


async def preview(
    service: Transaction, *, secrets: Sequence[bytes], now: datetime, restaurant: UUID | None = None
) -> list[Due]:
    """What would go now, of one restaurant or of all: counts, without touching anything.

    A partitioned table has a line per month that would be dropped; tables of which nothing would go have none.
    """
    places = [each for each in await store.places(service) if restaurant in (None, each.id)]
    held = await held_persons(service, secrets)
    found: list[Due] = []
    for entry in (entry for category in Category for entry in entries_of(category)):
        if entry.retention.at_end is AtEnd.DROP_PARTITIONS:
            found += await _preview_months(service, entry, places, now=now)
        elif entry.retention.door is None:
            found += [await _preview_rows(service, part) for part in await _slices(service, entry, places, held, now)]
    return [due for due in found if due.rows or due.months]


def entries_of(category: Category) -> list[TableEntry]:
    """The tables of a category that this job looks after; those that others refer to come last."""
    mine = [entry for entry in tables() if entry.category is category and entry.retention.is_ours]
    return sorted(mine, key=lambda entry: len(entry.retention.children))


async def _carry_out(
    database: Database,
    entry: TableEntry,
    *,
    places: Sequence[Place],
    held: Mapping[UUID, Held],
    now: datetime,
    run: Run,
) -> None:
    if entry.retention.at_end is AtEnd.DROP_PARTITIONS:
        await drop_months(database, entry, places=places, held=held, now=now, run=run)
        return
    if entry.retention.door is not None:
        await _through_door(database, entry, held=held.get(EVERYWHERE, Held()), now=now, run=run)
        return
    async with database.as_service() as transaction:
        parts = await _slices(transaction, entry, places, held, now)
    for part in parts:
        async for batch in work_off(database, part, now=now):
            run.add(entry.table, batch.rows)
            run.longest_batch = max(run.longest_batch, batch.seconds)


async def _slices(
    service: Transaction, entry: TableEntry, places: Sequence[Place], held: Mapping[UUID, Held], now: datetime
) -> list[Slice]:
    """Where the table has rows whose time is over."""
    if not entry.tenant:
        moment = before(entry.retention, now=now, place=None)
        return [Slice(entry, None, moment, held.get(EVERYWHERE, Held()))]
    befores = {place.id: before(entry.retention, now=now, place=place) for place in places}
    due = await service.values(statements.where_due(entry), restaurants=list(befores), befores=list(befores.values()))
    return [Slice(entry, restaurant, befores[restaurant], held.get(restaurant, Held())) for restaurant in due]


async def _through_door(database: Database, entry: TableEntry, *, held: Held, now: datetime, run: Run) -> None:
    query = statements.door(entry)
    given = {
        "before": before(entry.retention, now=now, place=None),
        "most": _MOST_AT_A_DOOR,
        "held": sorted(held.of(Key.SUBJECT)),
    }
    while True:
        async with database.as_service() as transaction:
            rows = int(await transaction.value(query, **{name: given[name] for name in query.parameters}))
            if rows:
                await store.add_tally(transaction, entry.table, restaurant=EVERYWHERE, rows=rows, at=now)
        run.add(entry.table, rows)
        if rows < _MOST_AT_A_DOOR:
            return


async def _preview_months(
    service: Transaction, entry: TableEntry, places: Sequence[Place], *, now: datetime
) -> list[Due]:
    ready, _ = await due_months(service, entry, places, now=now)
    found = []
    for month in ready:
        counts = await rows_of(service, entry, month)
        rows = sum(counts.get(place.id, 0) for place in places)
        found.append(Due(entry.table, EVERYWHERE, rows, month.ends_at, months=(month.part,)))
    return found


async def _preview_rows(service: Transaction, part: Slice) -> Due:
    rows = await service.value(statements.count(part.entry, part.held), **part.parameters())
    return Due(part.entry.table, part.restaurant or EVERYWHERE, int(rows), part.before)


async def _tell(database: Database, category: Category, *, now: datetime) -> None:
    """One entry per restaurant, with the counts of its tables; tallies that a crash left are among them."""
    names = [entry.table for entry in entries_of(category)]
    async with database.as_service() as transaction:
        told: dict[UUID, dict[str, int]] = defaultdict(dict)
        for tally in await store.take_tallies(transaction, names):
            told[tally.restaurant_id][tally.table_name] = tally.rows
        for restaurant, counts in told.items():
            await record(
                transaction,
                "retention",
                f"Let go what had had its time in the category {category}.",
                at=now,
                restaurant_id=None if restaurant == EVERYWHERE else restaurant,
                legal_basis="Art. 5(1)(e) GDPR",
                facts={"category": str(category), "rows": counts},
            )
