"""Facts that do not add up over days: different customers of a longer time, orders underway, sums up to a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flow.analytics.facts import store as facts
from flow.analytics.facts.types import Restaurant, Span, add
from flow.analytics.metrics.reading import Cells, Slice
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.windows import Stretch, Window, buckets
from flow.database.transaction import Transaction
from flow.kit.period import Period

_TO_DATE = {"revenue_to_date": "known_revenue", "customers_to_date": "first_orders"}
_UNDERWAY = timedelta(hours=24)


def to_date_slices(slices: Sequence[Slice], scope: Scope) -> dict[int, Slice]:
    """For each slice that needs sums up to its end: the slice from the first day of data on."""
    return {
        number: Slice(_from_the_start(slice_.window, scope), frozenset(_TO_DATE.values()), slice_.grouping)
        for number, slice_ in enumerate(slices)
        if slice_.facts & _TO_DATE.keys()
    }


def put_to_date(cells: list[Cells], sums: Mapping[int, Cells]) -> None:
    """Puts the sums up to date into the cells that need them."""
    for number, more in sums.items():
        for key, figures in more.items():
            cell = cells[number].setdefault(key, {})
            add(cell, {name: figures.get(fact, 0) for name, fact in _TO_DATE.items()})


async def add_underway(transaction: Transaction, slices: Sequence[Slice], scope: Scope, cells: list[Cells]) -> None:
    """Orders underway now, of restaurants whose rows the caller may read."""
    wanting = [number for number, slice_ in enumerate(slices) if "orders_underway" in slice_.facts]
    restaurants = {
        restaurant.id
        for number in wanting
        for restaurant in _restaurants(slices[number])
        if restaurant.id in scope.readable
    }
    if not restaurants:
        return
    rows = await facts.active_orders(transaction, restaurants, since=scope.now - _UNDERWAY)
    underway = {row.restaurant_id: row.orders for row in rows}
    for number in wanting:
        for restaurant in _restaurants(slices[number]):
            if restaurant.id in underway:
                cell = cells[number].setdefault((slices[number].key(restaurant.id, None), ""), {})
                add(cell, {"orders_underway": underway[restaurant.id]})


async def add_active_customers(
    transaction: Transaction, slices: Sequence[Slice], scope: Scope, cells: list[Cells]
) -> None:
    """Different customers per cell: of a single day they are known, of longer times they are counted from orders."""
    wanted: list[_Wanted] = []
    for number, slice_ in enumerate(slices):
        if "active_customers" not in slice_.facts:
            continue
        stretches = list(_customer_stretches(number, slice_))
        if all(stretch.days == 1 for stretch in stretches):
            for cell in cells[number].values():
                cell["active_customers"] = cell.get("customers", 0)
        elif all(stretch.restaurant in scope.readable for stretch in stretches):
            wanted += stretches
    if not wanted:
        return
    for row in await facts.active_customers(transaction, [stretch.span for stretch in wanted]):
        stretch = wanted[row.span - 1]
        add(cells[stretch.number].setdefault((stretch.key, ""), {}), {"active_customers": row.customers})


@dataclass(frozen=True, slots=True)
class _Wanted:
    number: int
    key: str
    restaurant: UUID
    days: int
    span: Span


def _customer_stretches(number: int, slice_: Slice) -> Iterator[_Wanted]:
    """The slice's cells as stretches of time, one per restaurant."""
    for stretch in slice_.window.stretches:
        restaurant = stretch.restaurant
        for bucket in buckets(slice_.grouping, Period(stretch.first, stretch.last)):
            key = slice_.key(restaurant.id, bucket.first)
            days = (bucket.last - bucket.first).days + 1
            yield _Wanted(number, key, restaurant.id, days, _span(stretch, bucket.first, bucket.last))


def _span(stretch: Stretch, first: date, last: date) -> Span:
    starts_at, ends_at = stretch.restaurant.calendar.span(Period(first, last))
    is_cut = stretch.until is not None and last == stretch.last
    return stretch.restaurant.span(starts_at, stretch.until if is_cut and stretch.until else ends_at)


def _from_the_start(window: Window, scope: Scope) -> Window:
    stretches = []
    for stretch in window.stretches:
        first = scope.first_day("orders", stretch.restaurant.id)
        if first is not None and first <= stretch.last:
            stretches.append(Stretch(stretch.restaurant, first, stretch.last, stretch.until))
    return Window(window.period, tuple(stretches))


def _restaurants(slice_: Slice) -> Iterator[Restaurant]:
    return (stretch.restaurant for stretch in slice_.window.stretches)
