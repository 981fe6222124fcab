"""Reads rows for lists, a page at a time (keyset: before the last row that was shown)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.dashboards.types import DashboardRestaurant
from flow.delivery.rows.types import OrderRow, OrderSums, VisitRow
from flow.kit.period import Period

_queries = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of these restaurants, on these business days, with these values (None lets all pass).

    `hour` narrows a single day to one hour of the restaurant's clock, 0 to 23.
    """

    restaurants: Sequence[DashboardRestaurant]
    days: Period
    status: str | None = None
    channel: str | None = None
    touch: str | None = None
    product: UUID | None = None
    hour: int | None = None

    def spans(self) -> dict[str, object]:
        """Restaurants with the first instant and the first past the end, each in its own time zone."""
        bounds = [self._bounds(restaurant) for restaurant in self.restaurants]
        return {
            "restaurants": [restaurant.id for restaurant in self.restaurants],
            "starts": [first for first, _ in bounds],
            "ends": [past for _, past in bounds],
        }

    def _bounds(self, restaurant: DashboardRestaurant) -> tuple[datetime, datetime]:
        calendar = restaurant.calendar
        if self.hour is None:
            return calendar.span(self.days)
        return calendar.hour(self.days.first, self.hour)

    def values(self) -> dict[str, object]:
        """The values to match."""
        return {"status": self.status, "channel": self.channel, "touch": self.touch, "product": self.product}


@dataclass(frozen=True, slots=True)
class Before:
    """The last row of the page before."""

    at: datetime | None = None
    id: UUID | None = None


async def orders(transaction: Transaction, wanted: Wanted, *, before: Before, page_size: int) -> list[OrderRow]:
    """One page of orders."""
    return await transaction.all(
        _queries.orders,
        OrderRow,
        **wanted.spans(),
        **wanted.values(),
        before_at=before.at,
        before_id=before.id,
        page_size=page_size,
    )


async def order_sums(transaction: Transaction, wanted: Wanted) -> OrderSums:
    """Count and total of all matching orders."""
    return await transaction.one(_queries.order_sums, OrderSums, **wanted.spans(), **wanted.values())


async def visits(transaction: Transaction, wanted: Wanted, *, before: Before, page_size: int) -> list[VisitRow]:
    """One page of visits."""
    return await transaction.all(
        _queries.visits, VisitRow, **wanted.spans(), before_at=before.at, before_id=before.id, page_size=page_size
    )
