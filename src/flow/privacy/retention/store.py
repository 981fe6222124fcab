"""One function per statement of queries.sql."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.privacy.retention.types import Hold, Month, Past, Place, Tally

assert __package__
_queries = load_queries(__package__)


async def places(service: Transaction) -> list[Place]:
    return await service.all(_queries.places, Place)


async def months(service: Transaction, parent: str, *, before: datetime) -> list[Month]:
    return await service.all(_queries.months, Month, parent=parent, before=before)


async def drop_month(service: Transaction, part: str) -> None:
    """psycopg.errors.LockNotAvailable when somebody uses the table for longer than a moment."""
    await service.execute(_queries.drop_month, part=part)


async def add_tally(service: Transaction, table: str, *, restaurant: UUID, rows: int, at: datetime) -> None:
    await service.execute(_queries.add_tally, table_name=table, restaurant_id=restaurant, rows=rows, at=at)


async def do_not_wait_for_disk(service: Transaction) -> None:
    await service.value(_queries.do_not_wait_for_disk)


async def take_tallies(service: Transaction, tables: Collection[str]) -> list[Tally]:
    return await service.all(_queries.take_tallies, Tally, tables=list(tables))


async def holds_in_force(service: Transaction, restaurant: UUID | None = None) -> list[Hold]:
    return await service.all(_queries.holds_in_force, Hold, restaurant=restaurant)


async def is_held(service: Transaction, restaurant: UUID | None, subjects: Collection[str]) -> bool:
    """Whether a person is under legal hold, by any of the pseudonyms; in any restaurant if none is given."""
    return bool(await service.value(_queries.is_held, restaurant=restaurant, subjects=list(subjects)))


async def holds(transaction: Transaction, restaurant: UUID) -> list[Hold]:
    return await transaction.all(_queries.holds, Hold, restaurant=restaurant)


async def begin_hold(
    transaction: Transaction, restaurant: UUID, hold: UUID, *, subject: str, reason: str, by: UUID, at: datetime
) -> bool:
    """False when the person is held already."""
    begun = await transaction.execute(
        _queries.begin_hold, restaurant=restaurant, id=hold, subject=subject, reason=reason, by=by, at=at
    )
    return begun == 1


async def end_hold(transaction: Transaction, restaurant: UUID, hold: UUID, *, by: UUID, at: datetime) -> bool:
    """False when there is no such hold in force."""
    return await transaction.execute(_queries.end_hold, restaurant=restaurant, id=hold, by=by, at=at) == 1


async def recent_runs(transaction: Transaction, restaurant: UUID) -> list[Past]:
    return await transaction.all(_queries.recent_runs, Past, restaurant=restaurant)
