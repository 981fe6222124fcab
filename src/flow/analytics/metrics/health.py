"""Facts about other systems, of whole cells: the quantiles of a week are not made of those of its days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flow.analytics.health import store
from flow.analytics.health.types import (
    DIMENSIONS,
    HEALTH_FACTS,
    TABLES,
    HealthTable,
    Place,
    Stretch,
    fact_names,
    known_facts,
)
from flow.analytics.metrics.reading import Cells, Slice
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.windows import buckets
from flow.database.transaction import Transaction
from flow.kit.period import Period

__all__ = ["add_health"]

_Bounds = tuple[UUID, datetime, datetime]
_Count = Callable[[Transaction, Sequence[Stretch], str], Awaitable[Sequence[Any]]]
_COUNT: dict[HealthTable, _Count] = {
    "calls": store.call_facts,
    "incoming": store.incoming_facts,
    "outgoing": store.outgoing_facts,
    "tries": store.try_facts,
}


async def add_health(transaction: Transaction, slices: Sequence[Slice], scope: Scope, cells: list[Cells]) -> None:
    """Counts what the slices want to know of other systems, with a statement per table and dimension."""
    dimensions = {slice_.dimension for slice_ in slices if slice_.facts & HEALTH_FACTS}
    for dimension in sorted(dimensions):
        for table in DIMENSIONS[dimension] if dimension else TABLES:
            await _add_table(transaction, table, dimension, slices, scope, cells)


async def _add_table(
    transaction: Transaction,
    table: HealthTable,
    dimension: str,
    slices: Sequence[Slice],
    scope: Scope,
    cells: list[Cells],
) -> None:
    names = frozenset(fact_names(TABLES[table]))
    wanted_by: dict[tuple[_Bounds, ...], list[tuple[int, str]]] = {}
    for number, slice_ in enumerate(slices):
        if slice_.dimension == dimension and slice_.facts & names:
            for key, bounds in _cells(slice_).items():
                wanted_by.setdefault(bounds, []).append((number, key))
    if not wanted_by:
        return
    stretches = [Stretch(cell, *each) for cell, bounds in enumerate(wanted_by) for each in bounds]
    wanted = list(wanted_by.values())
    for row in await _rows(transaction, table, stretches, dimension, scope):
        for number, key in wanted[row.cell]:
            slices[number].put(cells[number], key, row.value, known_facts(row))


def _cells(slice_: Slice) -> dict[str, tuple[_Bounds, ...]]:
    """The stretches of each cell, by its key; many questions want the same ones, which are counted once."""
    found: dict[str, tuple[_Bounds, ...]] = {}
    for key, bounds in _stretches(slice_):
        found[key] = (*found.get(key, ()), bounds)
    return found


def _stretches(slice_: Slice) -> Iterator[tuple[str, _Bounds]]:
    """Each cell's key with restaurant, beginning and end of a stretch that belongs to it."""
    for stretch in slice_.window.stretches:
        restaurant = stretch.restaurant
        for bucket in buckets(slice_.grouping, Period(stretch.first, stretch.last)):
            starts_at, ends_at = restaurant.calendar.span(Period(bucket.first, bucket.last))
            if stretch.until is not None and bucket.last == stretch.last:
                ends_at = stretch.until
            yield slice_.key(restaurant.id, bucket.first), (restaurant.id, starts_at, ends_at)


async def _rows(
    transaction: Transaction, table: HealthTable, stretches: Sequence[Stretch], dimension: str, scope: Scope
) -> Sequence[Any]:
    if table in _COUNT:
        return await _COUNT[table](transaction, stretches, dimension)
    places = [Place(each.cell, each.restaurant_id) for each in stretches]
    if table == "queue":
        return await store.queue_facts(transaction, places, dimension, now=scope.now)
    return await store.heard_facts(transaction, places, dimension, now=scope.now)
