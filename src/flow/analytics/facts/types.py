"""Spans of time and the figures counted in them. Money in øre of the restaurant's currency, durations in seconds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from flow.kit.days import BusinessCalendar

Facts = dict[str, int]
"""Figures by name (the fields of the dataclasses below); a missing name is 0."""

FactGroup = Literal[
    "orders", "first_orders", "items", "web_orders", "visits", "new_visitors", "pages", "events", "loyalty"
]
Dimension = Literal[
    "hour",
    "order_channel",
    "fulfillment",
    "first_touch",
    "last_touch",
    "category",
    "traffic_channel",
    "device",
    "country",
]
ORDER_DIMENSIONS = frozenset({"hour", "order_channel", "fulfillment", "first_touch", "last_touch"})
VISIT_DIMENSIONS = frozenset({"hour", "traffic_channel", "device", "country"})
ITEM_DIMENSIONS = frozenset({"category"})
DIMENSIONS = ORDER_DIMENSIONS | VISIT_DIMENSIONS | ITEM_DIMENSIONS


@dataclass(frozen=True, slots=True)
class Restaurant:
    """What counting needs to know of a restaurant: its calendar and its currency."""

    id: UUID
    name: str
    currency: str
    time_zone: str
    cutoff_hour: int
    is_simulated: bool

    @property
    def calendar(self) -> BusinessCalendar:
        return BusinessCalendar(self.time_zone, self.cutoff_hour)

    def day(self, day: date) -> Span:
        """A whole business day as a span."""
        return self.span(*self.calendar.bounds(day))

    def span(self, starts_at: datetime, ends_at: datetime) -> Span:
        return Span(self.id, starts_at, ends_at, self.time_zone, self.currency)


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_at` up to but not including `ends_at` in one restaurant; at most one business day.

    Visitors are counted once per span: a longer span would count fewer than its days do.
    """

    restaurant_id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Orders placed in the span.

    Cancelled ones are in `cancelled_orders` alone, those in a foreign currency in `foreign_orders` alone.
    `customers`: distinct known customers.
    """

    span: int
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
    attributed_orders: int
    ai_orders: int


@dataclass(frozen=True, slots=True)
class FirstOrderFacts:
    """Orders that were their customer's first, cancelled ones aside."""

    span: int
    first_orders: int


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """Lines of the orders that count."""

    span: int
    items: int
    item_revenue: int


@dataclass(frozen=True, slots=True)
class WebOrderFacts:
    """Orders placed on the web through FLOW, and how many of them the tracker told about as well."""

    span: int
    web_orders: int
    web_orders_captured: int


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """Sessions that began in the span."""

    span: int
    sessions: int
    visitors: int
    session_seconds: int
    session_page_views: int
    bounced_sessions: int
    converted_sessions: int


@dataclass(frozen=True, slots=True)
class NewVisitorFacts:
    """Consented visitors who are in no earlier session that is still kept."""

    span: int
    new_visitors: int


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Pages entered in the span, and the events that they said they sent."""

    span: int
    page_views: int
    events_expected: int
    events_captured: int


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Events stored with a time in the span."""

    span: int
    events: int


@dataclass(frozen=True, slots=True)
class LoyaltyFacts:
    """Points booked and members won in the span."""

    span: int
    points_earned: int
    points_redeemed: int
    new_members: int


@dataclass(frozen=True, slots=True)
class OrderSplit:
    """Orders of the span by one dimension."""

    span: int
    dimension: str
    value: str
    orders: int
    revenue: int
    cancelled_orders: int
    items: int
    item_revenue: int


@dataclass(frozen=True, slots=True)
class ItemSplit:
    """Lines of the span by category; `orders_containing`: orders with a line of it."""

    span: int
    dimension: str
    value: str
    orders_containing: int
    items: int
    item_revenue: int


@dataclass(frozen=True, slots=True)
class VisitSplit:
    """Sessions of the span by one dimension."""

    span: int
    dimension: str
    value: str
    sessions: int
    visitors: int
    converted_sessions: int
    bounced_sessions: int
    session_seconds: int
    session_page_views: int


@dataclass(frozen=True, slots=True)
class ProductSales:
    """A product's lines in the span; `orders_containing`: orders with a line of it."""

    span: int
    product_id: UUID
    orders_containing: int
    items: int
    item_revenue: int


@dataclass(frozen=True, slots=True)
class ProductCarts:
    """How often a product went into and out of carts in the span."""

    span: int
    product_id: UUID
    cart_adds: int
    cart_removals: int


@dataclass(frozen=True, slots=True)
class PageSplit:
    """Views of one page in the span. `entries` and `exits`: first and last pages of a session that day."""

    span: int
    page_path: str
    views: int
    visitors: int
    entries: int
    exits: int
    time_on_page_ms: int
    timed_views: int
    scroll_depth_sum: int
    clicks: int


@dataclass(frozen=True, slots=True)
class ActiveCustomers:
    """Different known customers with an order in the span, which may be longer than a day."""

    span: int
    customers: int


@dataclass(frozen=True, slots=True)
class ActiveOrders:
    """Orders underway in a restaurant now."""

    restaurant_id: UUID
    orders: int


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product as the menu calls it."""

    id: UUID
    name: str


_KEYS = frozenset({"span", "dimension", "value", "product_id", "page_path"})
GROUPS: dict[FactGroup, type] = {
    "orders": OrderFacts,
    "first_orders": FirstOrderFacts,
    "items": ItemFacts,
    "web_orders": WebOrderFacts,
    "visits": VisitFacts,
    "new_visitors": NewVisitorFacts,
    "pages": PageFacts,
    "events": EventFacts,
    "loyalty": LoyaltyFacts,
}


def fact_names(row: type) -> tuple[str, ...]:
    """The figures among the fields of one of the dataclasses above."""
    return tuple(field.name for field in fields(row) if field.name not in _KEYS)


GROUP_OF: dict[str, FactGroup] = {name: group for group, row in GROUPS.items() for name in fact_names(row)}
"""Which group a figure of the whole span belongs to."""


def as_facts(row: Any) -> Facts:
    """The figures of a row of one of the dataclasses above."""
    return {name: getattr(row, name) for name in fact_names(type(row))}


def add(total: Facts, more: Facts) -> None:
    """Adds `more` to `total` in place."""
    for name, number in more.items():
        total[name] = total.get(name, 0) + number
