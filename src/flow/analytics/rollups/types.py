"""What a roll-up reads and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A business day as it is rolled up; the figures are those of flow.analytics.facts."""

    date: date
    updated_at: datetime
    orders: int
    revenue: int
    subtotals: int
    discounts: int
    delivery_fees: int
    refunds: int
    tax: int
    cancelled_orders: int
    foreign_orders: int
    known_orders: int
    known_revenue: int
    customers: int
    first_orders: int
    attributed_orders: int
    ai_orders: int
    items: int
    item_revenue: int
    web_orders: int
    web_orders_captured: int
    sessions: int
    visitors: int
    new_visitors: int
    session_seconds: int
    session_page_views: int
    bounced_sessions: int
    converted_sessions: int
    page_views: int
    events_expected: int
    events_captured: int
    events: int
    points_earned: int
    points_redeemed: int
    new_members: int


@dataclass(frozen=True, slots=True)
class StoredSplit:
    """The visits of a day's dimension value as they are rolled up."""

    date: date
    dimension: str
    value: str
    sessions: int
    visitors: int
    converted_sessions: int
    bounced_sessions: int
    session_seconds: int
    session_page_views: int


@dataclass(frozen=True, slots=True)
class StoredCarts:
    """A product's cart figures of a day as they are rolled up."""

    date: date
    product_id: UUID
    cart_adds: int
    cart_removals: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A business day that waited for its roll-up, and why."""

    date: date
    reasons: str


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a recomputation did: days written, and figures of complete days that changed."""

    days: int
    restatements: int
