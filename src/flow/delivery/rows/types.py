"""Rows as they are listed. Money is øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list; `first_touch` and `last_touch` are channels of visits."""

    restaurant_id: UUID
    restaurant: str
    id: UUID
    number: int
    created_at: datetime
    status: str
    channel: str
    fulfillment: str
    last_touch: str
    items: str
    subtotal: int
    discount: int
    delivery_fee: int
    total: int
    refunded: int
    currency: str


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
    """Figures over all rows that match, not only those of this page."""

    orders: int
    total: int
    currencies: int
