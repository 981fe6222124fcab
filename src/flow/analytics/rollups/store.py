"""One function per query. Rows to write go as one JSON parameter, so that a month is one statement per table."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from flow.analytics.facts.types import DIMENSIONS, VISIT_DIMENSIONS
from flow.analytics.rollups.types import (
    Mark,
    Part,
    Reach,
    RolledUpDays,
    RolledUpProducts,
    RolledUpSplits,
    StoredCarts,
    StoredDay,
    StoredSplit,
    WaitingDay,
)
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

assert __package__
_queries = load_queries(__package__)

Rows = Sequence[Mapping[str, object]]


async def lock_restaurant(transaction: Transaction, restaurant: UUID) -> None:
    await transaction.execute(_queries.lock_restaurant, restaurant=restaurant)


async def stored_days(transaction: Transaction, restaurant: UUID, first_day: date, last_day: date) -> list[StoredDay]:
    return await transaction.all(
        _queries.stored_days, StoredDay, restaurant=restaurant, first_day=first_day, last_day=last_day
    )


async def stored_visit_splits(transaction: Transaction, restaurant: UUID, days: Collection[date]) -> list[StoredSplit]:
    return await transaction.all(
        _queries.stored_visit_splits,
        StoredSplit,
        restaurant=restaurant,
        dimensions=sorted(VISIT_DIMENSIONS),
        days=list(days),
    )


async def stored_carts(transaction: Transaction, restaurant: UUID, days: Collection[date]) -> list[StoredCarts]:
    return await transaction.all(_queries.stored_carts, StoredCarts, restaurant=restaurant, days=list(days))


async def write_days(transaction: Transaction, restaurant: UUID, rows: Rows, *, now: datetime) -> None:
    await transaction.execute(_queries.write_days, restaurant=restaurant, rows=_json(rows), now=now)


async def write_splits(transaction: Transaction, restaurant: UUID, days: Collection[date], rows: Rows) -> None:
    """Makes these the days' only splits."""
    text = _json(rows)
    await transaction.execute(
        _queries.remove_splits, restaurant=restaurant, dimensions=sorted(DIMENSIONS), days=list(days), rows=text
    )
    await transaction.execute(_queries.write_splits, restaurant=restaurant, rows=text)


async def write_products(transaction: Transaction, restaurant: UUID, days: Sequence[date], rows: Rows) -> None:
    """Makes these the days' only products, and sets the figures of a week before beside them."""
    text = _json(rows)
    await transaction.execute(_queries.remove_products, restaurant=restaurant, days=list(days), rows=text)
    await transaction.execute(_queries.write_products, restaurant=restaurant, rows=text)
    await transaction.execute(_queries.compare_products, restaurant=restaurant, first_day=min(days), last_day=max(days))


async def write_pages(transaction: Transaction, restaurant: UUID, days: Collection[date], rows: Rows) -> None:
    """Makes these the days' only pages."""
    text = _json(rows)
    await transaction.execute(_queries.remove_pages, restaurant=restaurant, days=list(days), rows=text)
    await transaction.execute(_queries.write_pages, restaurant=restaurant, rows=text)


async def write_restatements(transaction: Transaction, restaurant: UUID, rows: Rows, *, now: datetime) -> None:
    await transaction.execute(_queries.write_restatements, restaurant=restaurant, rows=_json(rows), now=now)


async def later_orders(
    transaction: Transaction, restaurant: UUID, *, starts_at: datetime, ends_at: datetime
) -> list[datetime]:
    return await transaction.values(_queries.later_orders, restaurant=restaurant, starts_at=starts_at, ends_at=ends_at)


async def last_rolled_up_day(transaction: Transaction, restaurant: UUID) -> date | None:
    day: date | None = await transaction.value(_queries.last_rolled_up_day, restaurant=restaurant)
    return day


async def mark_days(
    transaction: Transaction, restaurant: UUID, days: Collection[date], *, reason: str, now: datetime
) -> None:
    await transaction.execute(_queries.mark_days, restaurant=restaurant, days=sorted(days), reason=reason, now=now)


async def waiting_restaurants(transaction: Transaction) -> list[UUID]:
    return await transaction.values(_queries.waiting_restaurants)


async def take_marks(transaction: Transaction, restaurant: UUID, *, after_day: date, most: int) -> list[Mark]:
    return await transaction.all(_queries.take_marks, Mark, restaurant=restaurant, after_day=after_day, most=most)


async def open_restaurants(transaction: Transaction) -> list[UUID]:
    return await transaction.values(_queries.open_restaurants)


async def mark_unfinished_days(
    transaction: Transaction, restaurant: UUID, *, yesterday: date, ended_at: datetime, now: datetime
) -> int:
    return await transaction.execute(
        _queries.mark_unfinished_days, restaurant=restaurant, yesterday=yesterday, ended_at=ended_at, now=now
    )


async def reaches(transaction: Transaction, restaurants: Collection[UUID]) -> dict[UUID, Reach]:
    """How far back each restaurant's data go, by restaurant."""
    rows = await transaction.all(_queries.reaches, Reach, restaurants=list(restaurants))
    return {row.restaurant_id: row for row in rows}


async def waiting_days(
    transaction: Transaction, recent: Mapping[UUID, tuple[date, date]], *, first_day: date, last_day: date
) -> list[WaitingDay]:
    """Days with marks from `first_day` to `last_day`, and days without roll-up in each restaurant's recent ones."""
    return await transaction.all(
        _queries.waiting_days,
        WaitingDay,
        restaurants=list(recent),
        first_day=first_day,
        last_day=last_day,
        since=[since for since, _ in recent.values()],
        until=[until for _, until in recent.values()],
        earliest=min(since for since, _ in recent.values()),
    )


async def rolled_up_days(transaction: Transaction, parts: Sequence[Part]) -> list[RolledUpDays]:
    return await transaction.all(_queries.rolled_up_days, RolledUpDays, **_parts(parts))


async def rolled_up_splits(transaction: Transaction, parts: Sequence[Part]) -> list[RolledUpSplits]:
    return await transaction.all(
        _queries.rolled_up_splits,
        RolledUpSplits,
        **_parts(parts),
        dimensions=[part.dimension for part in parts],
        values=[part.value for part in parts],
    )


async def rolled_up_products(transaction: Transaction, parts: Sequence[Part]) -> list[RolledUpProducts]:
    return await transaction.all(
        _queries.rolled_up_products, RolledUpProducts, **_parts(parts), values=[part.value for part in parts]
    )


def _parts(parts: Sequence[Part]) -> dict[str, object]:
    return {
        "slices": [part.slice for part in parts],
        "restaurants": [part.restaurant_id for part in parts],
        "firsts": [part.first_day for part in parts],
        "lasts": [part.last_day for part in parts],
        "by_day": [part.by_day for part in parts],
        "by_restaurant": [part.by_restaurant for part in parts],
    }


def _json(rows: Rows) -> str:
    return json.dumps(rows, default=str)
