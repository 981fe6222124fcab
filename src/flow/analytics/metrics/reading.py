"""Reads the facts of many slices at once: whole days out of roll-ups, the rest out of rows, a statement per table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

from flow.analytics.facts import service as live
from flow.analytics.facts.types import GROUP_OF, Facts, Span, add
from flow.analytics.health.types import DIMENSIONS, HEALTH_FACTS
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.windows import Stretch, Window, bucket_key
from flow.analytics.rollups import store as rollups
from flow.analytics.rollups.types import Part
from flow.database.transaction import Transaction

Grouping = Literal["", "day", "week", "month", "restaurant"]
Cells = dict[tuple[str, str], Facts]
"""(key of the grouping, value of the dimension) → facts; both are "" where there is none."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """The facts of one window, grouped, and split by a dimension (`value`: only that one of it)."""

    window: Window
    facts: frozenset[str]
    grouping: Grouping = ""
    dimension: str = ""
    value: str | None = None

    def key(self, restaurant: UUID | None, day: date | None) -> str:
        """The key of the grouping that a restaurant's day belongs to."""
        if self.grouping == "restaurant":
            return str(restaurant)
        return bucket_key(self.grouping, day) if day else ""

    def put(self, cells: Cells, key: str, value: str, figures: Facts) -> None:
        """Adds figures to a cell, if the slice wants the value."""
        if self.value in (None, value):
            wanted = {name: figures[name] for name in self.facts & figures.keys()}
            add(cells.setdefault((key, value), {}), wanted)


@dataclass(slots=True)
class _Counting:
    """The spans to count, each once however many slices want it, and who wants it: (slice's number, its key)."""

    spans: list[Span] = field(default_factory=list)
    wanted_by: list[list[tuple[int, str]]] = field(default_factory=list)
    _places: dict[tuple[UUID, datetime, datetime], int] = field(default_factory=dict)

    def want(self, span: Span, number: int, key: str) -> None:
        place = self._places.setdefault((span.restaurant_id, span.starts_at, span.ends_at), len(self.spans))
        if place == len(self.spans):
            self.spans.append(span)
            self.wanted_by.append([])
        self.wanted_by[place].append((number, key))


_Counted = list[dict[tuple[str, str], Facts]]
"""(dimension, value) → facts of each span."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of roll-ups, and how the same is counted from rows."""

    holds: Callable[[Slice], bool]
    rolled_up: Callable[[Transaction, Sequence[Part]], Awaitable[Sequence[Any]]]
    count: Callable[[Transaction, Sequence[Span], Sequence[Slice]], Awaitable[_Counted]]
    value: Callable[[Any], str]


async def read(transaction: Transaction, slices: Sequence[Slice], scope: Scope) -> list[Cells]:
    """The cells of each slice, in the slices' order."""
    cells: list[Cells] = [{} for _ in slices]
    for table in _TABLES:
        wanted = {number: slice_ for number, slice_ in enumerate(slices) if table.holds(slice_)}
        await _read_rolled_up(transaction, table, wanted, scope, cells)
        await _count_live(transaction, table, wanted, scope, cells)
    return cells


def runs(first: date, last: date, cut: Iterable[date]) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last` as runs that leave out the days of `cut` (oldest first)."""
    for before, after in pairwise([first - _ONE_DAY, *cut, last + _ONE_DAY]):
        if after - before > _ONE_DAY:
            yield before + _ONE_DAY, after - _ONE_DAY


async def _read_rolled_up(
    transaction: Transaction, table: _Table, wanted: Mapping[int, Slice], scope: Scope, cells: list[Cells]
) -> None:
    parts = [part for number, slice_ in wanted.items() for part in _parts(number, slice_, scope)]
    for row in await table.rolled_up(transaction, parts) if parts else ():
        slice_ = wanted[row.slice]
        figures = {name: getattr(row, name) for name in slice_.facts if hasattr(row, name)}
        slice_.put(cells[row.slice], slice_.key(row.restaurant_id, row.date), table.value(row), figures)


async def _count_live(
    transaction: Transaction, table: _Table, wanted: Mapping[int, Slice], scope: Scope, cells: list[Cells]
) -> None:
    counting = _Counting()
    for number, slice_ in wanted.items():
        for stretch in slice_.window.stretches:
            for day in _cut(stretch, scope) if stretch.restaurant.id in scope.readable else ():
                counting.want(_span(stretch, day), number, slice_.key(stretch.restaurant.id, day))
    if not counting.spans:
        return
    wanting = [wanted[number] for number in {number for who in counting.wanted_by for number, _ in who}]
    for counted, who in zip(await table.count(transaction, counting.spans, wanting), counting.wanted_by, strict=True):
        for number, key in who:
            for (dimension, value), figures in counted.items():
                if dimension == wanted[number].dimension:
                    wanted[number].put(cells[number], key, value, figures)


def _parts(number: int, slice_: Slice, scope: Scope) -> Iterator[Part]:
    by_day = slice_.grouping in {"day", "week", "month"}
    by_restaurant = slice_.grouping == "restaurant"
    for stretch in slice_.window.stretches:
        restaurant = stretch.restaurant.id
        for first, last in runs(stretch.first, stretch.last, _cut(stretch, scope)):
            yield Part(number, restaurant, first, last, by_day, by_restaurant, slice_.dimension, slice_.value)


def _cut(stretch: Stretch, scope: Scope) -> list[date]:
    """The stretch's days that roll-ups do not answer for: live ones, and one that is wanted in part."""
    days = scope.live_days(stretch.restaurant.id, stretch.first, stretch.last)
    return days if stretch.until is None or stretch.last in days else [*days, stretch.last]


def _span(stretch: Stretch, day: date) -> Span:
    if stretch.until is None or day != stretch.last:
        return stretch.restaurant.day(day)
    return stretch.restaurant.span(stretch.restaurant.calendar.start(day), stretch.until)


async def _count_days(transaction: Transaction, spans: Sequence[Span], slices: Sequence[Slice]) -> _Counted:
    groups = {GROUP_OF[name] for slice_ in slices for name in slice_.facts if name in GROUP_OF}
    return [{("", ""): figures} for figures in await live.totals(transaction, spans, groups)]


async def _count_splits(transaction: Transaction, spans: Sequence[Span], slices: Sequence[Slice]) -> _Counted:
    return await live.splits(transaction, spans, {slice_.dimension for slice_ in slices})


async def _count_products(transaction: Transaction, spans: Sequence[Span], slices: Sequence[Slice]) -> _Counted:
    carts = any({"cart_adds", "cart_removals"} & slice_.facts for slice_ in slices)
    counted = await live.products(transaction, spans, carts=carts)
    return [{("product", str(product)): figures for product, figures in span.items()} for span in counted]


_TABLES = (
    _Table(
        lambda slice_: slice_.dimension == "" and not slice_.facts <= HEALTH_FACTS,
        rollups.rolled_up_days,
        _count_days,
        lambda _: "",
    ),
    _Table(
        lambda slice_: slice_.dimension not in {"", "product", *DIMENSIONS},
        rollups.rolled_up_splits,
        _count_splits,
        lambda row: str(row.value),
    ),
    _Table(
        lambda slice_: slice_.dimension == "product",
        rollups.rolled_up_products,
        _count_products,
        lambda row: str(row.product_id),
    ),
)
