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


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a restaurant's data go: in roll-ups, and in rows that the caller may read."""

    restaurant_id: UUID
    first_order_day: date | None
    first_visit_day: date | None
    first_order_at: datetime | None
    first_session_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A business day with changes since its roll-up (from `marked_at` on), or without any roll-up (None)."""

    restaurant_id: UUID
    date: date
    marked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """Whole business days of one restaurant, both included, to be summed into a slice.

    `dimension` is for splits alone; `value` for splits and products: one value, or all where it is None.
    """

    slice: int
    restaurant_id: UUID
    first_day: date
    last_day: date
    by_day: bool
    by_restaurant: bool
    dimension: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class RolledUpDays:
    """Sums of a slice's parts."""

    slice: int
    date: date | None
    restaurant_id: UUID | None
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
class RolledUpSplits:
    """Sums of a slice's parts for one value of its dimension."""

    slice: int
    date: date | None
    restaurant_id: UUID | None
    value: str
    orders: int
    revenue: int
    cancelled_orders: int
    orders_containing: int
    items: int
    item_revenue: int
    sessions: int
    visitors: int
    converted_sessions: int
    bounced_sessions: int
    session_seconds: int
    session_page_views: int


@dataclass(frozen=True, slots=True)
class RolledUpProducts:
    """Sums of a slice's parts for one product."""

    slice: int
    date: date | None
    restaurant_id: UUID | None
    product_id: UUID
    items: int
    item_revenue: int
    orders_containing: int
    cart_adds: int
    cart_removals: int
