"""A stretch of business days as it is counted now, and as it is kept: the rows that a roll-up writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from flow.analytics.facts import service as facts
from flow.analytics.facts import store as rows_of
from flow.analytics.facts.types import (
    DIMENSIONS,
    GROUP_OF,
    GROUPS,
    ItemSplit,
    OrderSplit,
    ProductCarts,
    ProductSales,
    Restaurant,
    VisitSplit,
    as_facts,
    fact_names,
)
from flow.analytics.rollups import store
from flow.analytics.rollups.types import StoredDay
from flow.database.transaction import Transaction
from flow.kit.period import Period

VISITS_SETTLE_AFTER = timedelta(days=31)
"""From then on a day's visits only grow: what retention or an erasure takes away were visits all the same."""

_VISIT_FACTS = frozenset(
    name for name, group in GROUP_OF.items() if group in {"web_orders", "visits", "new_visitors", "pages", "events"}
)
_SPLIT_FACTS = {*fact_names(OrderSplit), *fact_names(ItemSplit), *fact_names(VisitSplit)}
_PRODUCT_FACTS = {*fact_names(ProductSales), *fact_names(ProductCarts)}
# The spec's own columns of daily_metrics for the channels and kinds of its time; the rest is in daily_breakdowns.
_COLUMNS_OF_SPLITS = {
    **{f"orders_{name}": ("order_channel", name) for name in ("web", "app", "instagram", "facebook", "sms", "phone")},
    **{f"orders_{name}": ("fulfillment", name) for name in ("delivery", "pickup", "dine_in")},
}

Row = dict[str, object]
_Figures = dict[str, int]


@dataclass(slots=True)
class CountedDay:
    """One business day's facts: of the day, by dimension, by product, by page."""

    date: date
    totals: _Figures
    splits: dict[tuple[str, str], _Figures]
    products: dict[UUID, _Figures]
    pages: dict[str, _Figures] = field(default_factory=dict)
    visits_settled: bool = False

    def row(self) -> Row:
        """Of daily_metrics."""
        by_split = {column: self.splits.get(split, {}).get("orders", 0) for column, split in _COLUMNS_OF_SPLITS.items()}
        return {"date": self.date, **_complete(self.totals, GROUP_OF), **by_split}

    def split_rows(self) -> Iterable[Row]:
        """Of daily_breakdowns."""
        for (dimension, value), figures in self.splits.items():
            yield {"date": self.date, "dimension": dimension, "value": value, **_complete(figures, _SPLIT_FACTS)}

    def product_rows(self) -> Iterable[Row]:
        """Of product_analytics."""
        for product, figures in self.products.items():
            yield {"date": self.date, "product_id": product, **_complete(figures, _PRODUCT_FACTS)}

    def page_rows(self) -> Iterable[Row]:
        """Of page_view_aggregates."""
        for path, figures in self.pages.items():
            yield {"date": self.date, "page_path": path, **figures}


async def count(transaction: Transaction, restaurant: Restaurant, period: Period) -> list[CountedDay]:
    """The days of the period, counted from their rows."""
    spans = [restaurant.day(day) for day in period]
    totals = await facts.totals(transaction, spans, GROUPS)
    splits = await facts.splits(transaction, spans, DIMENSIONS)
    products = await facts.products(transaction, spans, carts=True)
    days = [CountedDay(*figures) for figures in zip(period, totals, splits, products, strict=True)]
    for page in await rows_of.page_splits(transaction, spans):
        days[page.span - 1].pages[page.page_path] = as_facts(page)
    return days


async def settle_visits(
    transaction: Transaction,
    restaurant: Restaurant,
    days: Iterable[CountedDay],
    *,
    stored: Mapping[date, StoredDay],
    now: datetime,
) -> None:
    """Puts the kept visits back into old days that have fewer now than when they were rolled up."""
    settled = {day.date: day for day in days if _has_lost_visits(restaurant, day, stored.get(day.date), now)}
    if not settled:
        return
    for date_, day in settled.items():
        day.visits_settled = True
        kept = stored[date_]
        day.totals.update({name: getattr(kept, name) for name in _VISIT_FACTS})
        _forget(day.splits.values(), fact_names(VisitSplit))
        _forget(day.products.values(), fact_names(ProductCarts))
    for split in await store.stored_visit_splits(transaction, restaurant.id, settled):
        figures = settled[split.date].splits.setdefault((split.dimension, split.value), {})
        figures.update({name: getattr(split, name) for name in fact_names(VisitSplit)})
    for carts in await store.stored_carts(transaction, restaurant.id, settled):
        figures = settled[carts.date].products.setdefault(carts.product_id, {})
        figures.update(cart_adds=carts.cart_adds, cart_removals=carts.cart_removals)


def _has_lost_visits(restaurant: Restaurant, day: CountedDay, kept: StoredDay | None, now: datetime) -> bool:
    if kept is None or restaurant.calendar.start(day.date) > now - VISITS_SETTLE_AFTER:
        return False
    return kept.sessions > day.totals.get("sessions", 0) or kept.events > day.totals.get("events", 0)


def _forget(many: Iterable[_Figures], names: Iterable[str]) -> None:
    for figures in many:
        for name in names:
            figures.pop(name, None)


def _complete(figures: Mapping[str, int], names: Iterable[str]) -> Row:
    return {name: figures.get(name, 0) for name in names}
