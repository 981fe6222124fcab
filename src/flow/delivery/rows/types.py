"""Rows as they are listed. Money is øre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flow.delivery.dashboards.types import DashboardRestaurant


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of these restaurants, each from the first to before the second instant of its bounds.

    None among the values lets all pass; `touch` "" are orders that no visit is known of.
    """

    restaurants: Sequence[DashboardRestaurant]
    bounds: Sequence[tuple[datetime, datetime]]
    status: str | None = None
    channel: str | None = None
    touch: str | None = None
    product: UUID | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """The last row of the page before; none begins with the newest row."""

    at: datetime | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list; `last_touch` is the channel of the guest's last visit before it, "" when none is known, None
    for who may not know.
    """

    restaurant_id: UUID
    restaurant: str
    id: UUID
    number: int
    created_at: datetime
    status: str
    channel: str
    fulfillment: str
    last_touch: str | None
    items: str
    subtotal: int
    discount: int
    delivery_fee: int
    total: int
    refunded: int
    currency: str

    @property
    def paid(self) -> int:
        """What counts as revenue: nothing of a cancelled order, and not what was paid back."""
        return 0 if self.status == "cancelled" else self.total - self.refunded


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in a list; nothing in it names a person."""

    restaurant: str
    session_id: UUID
    started_at: datetime
    seconds: int
    page_views: int
    events: int
    channel: str
    source: str | None
    device: str | None
    landing_page: str | None
    ordered: bool
    bounced: bool


@dataclass(frozen=True, slots=True)
class OrderSums:
    """Figures over all rows that match, not only those of this page, as the tiles count them.

    `orders` and `revenue` are those neither cancelled nor `foreign`, which is: in another currency than their
    restaurant's. `currency` is None where restaurants have several.
    """

    orders: int
    cancelled: int
    foreign: int
    revenue: int
    currency: str | None

    @property
    def rows(self) -> int:
        """How many rows match."""
        return self.orders + self.cancelled + self.foreign


@dataclass(frozen=True, slots=True)
class VisitSums:
    """How many visits match, and in how many of them something was ordered."""

    visits: int
    ordered: int
