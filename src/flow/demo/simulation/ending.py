"""What retention would have left of the months whose events are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from flow.database.transaction import Transaction
from flow.demo.simulation.kept import KeptDay
from flow.demo.simulation.store import copy, queries
from flow.demo.simulation.year import RestaurantYear

__all__ = ["keep_figures"]


async def keep_figures(transaction: Transaction, year: RestaurantYear, days: Mapping[date, KeptDay]) -> None:
    """Sets the kept figures beside those that the roll-up could count."""
    await transaction.execute(
        queries.keep_days,
        restaurant_id=year.id,
        days=list(days),
        page_views=[day.page_views for day in days.values()],
        sent=[day.sent for day in days.values()],
        received=[day.received for day in days.values()],
        captured_orders=[day.captured_orders for day in days.values()],
    )
    carts = list(_carts(days))
    await transaction.execute(
        queries.keep_carts,
        restaurant_id=year.id,
        days=[day for day, *_ in carts],
        products=[product for _, product, *_ in carts],
        added=[added for *_, added, _ in carts],
        removed=[removed for *_, removed in carts],
    )
    await copy(transaction, {"page_view_aggregates": "".join(_pages(year, days)).encode()})


def _carts(days: Mapping[date, KeptDay]) -> Iterator[tuple[date, str, int, int]]:
    for date_, day in days.items():
        for product, added in day.added.items():
            yield date_, product, added, day.removed[product]


def _pages(year: RestaurantYear, days: Mapping[date, KeptDay]) -> Iterator[str]:
    paths = year.profile.visits.pages
    for date_, day in days.items():
        for name, page in day.pages.items():
            yield (
                f"{year.id}\t{paths[name]}\t{date_}\t{page.views}\t{len(page.visitors)}\t{page.entries}\t{page.exits}\t"
                f"{page.milliseconds}\t{page.views}\t{page.depth}\t{page.clicks}\n"
            )
