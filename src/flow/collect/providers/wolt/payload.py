"""What Wolt sends and answers: the notification, and version 2 of an order. Fields and values may grow: they pass.

Money is whole øre. Fields that FLOW has no use for are not read.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec

from flow.collect.webhooks.errors import Unreadable
from flow.collect.webhooks.types import Arrival

__all__ = ["Fees", "Line", "Notification", "Option", "WoltOrder", "read", "read_notification"]

ORDER_NOTICE: Final = "order.notification"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class NotifiedOrder(msgspec.Struct, frozen=True):
    """Which order it is about. Its `resource_url` is not read: addresses are never taken from a body."""

    id: str
    venue_id: str = ""
    status: str = ""


class Notification(msgspec.Struct, frozen=True):
    """A thin notice that something happened; without prices and items."""

    type: str
    id: str = ""
    order: NotifiedOrder | None = None


class Amount(msgspec.Struct, frozen=True):
    """Øre."""

    amount: int
    currency: str


class Fees(msgspec.Struct, frozen=True):
    """What the guest paid beside the goods."""

    total: Amount | None = None


class Discounts(msgspec.Struct, frozen=True):
    """The goods before discounts, and the discounts."""

    total_before_discounts: Amount | None = None
    total_discounts: Amount | None = None


class Basket(msgspec.Struct, frozen=True):
    """What the goods came to, discounts taken off."""

    total: Amount
    price_breakdown: Discounts | None = None


class Option(msgspec.Struct, frozen=True):
    """A choice within a line; `price` is of one piece."""

    name: str = ""
    value: str = ""
    price: Amount | None = None
    count: int = 1


class ItemPrice(msgspec.Struct, frozen=True):
    """The price of a line."""

    total: Amount
    unit_price: Amount | None = None


class Category(msgspec.Struct, frozen=True):
    """The heading that it stands under."""

    name: str | None = None


class Line(msgspec.Struct, frozen=True):
    """A line of the order; `pos_id` is the article number that our menu gave to Wolt."""

    name: str
    item_price: ItemPrice
    count: int = 1
    pos_id: str | None = None
    sku: str | None = None
    category: Category | None = None
    options: list[Option] = []
    consumer_comment: str | None = None


class Venue(msgspec.Struct, frozen=True):
    """The restaurant at Wolt."""

    id: str


class Delivery(msgspec.Struct, frozen=True):
    """How it reaches the guest; `self_delivery` is filled where the restaurant carries it."""

    type: str = "homedelivery"
    self_delivery: object | None = None


class WoltOrder(msgspec.Struct, frozen=True):
    """An order, as GET /v2/orders/{id} answers it."""

    id: str
    venue: Venue
    order_status: str
    created_at: datetime
    basket_price: Basket
    items: list[Line]
    type: str = "instant"
    order_number: str | None = None
    fees: Fees | None = None
    delivery: Delivery | None = None
    consumer_name: str | None = None
    consumer_comment: str | None = None


def read(body: bytes) -> list[Arrival]:
    """The one fact of a delivery. Samples reuse an id for several statuses, so the status is part of the key."""
    notice = read_notification(body)
    order = notice.order
    parts = (notice.id, order.id if order else "", order.status if order else "", notice.type)
    return [Arrival(dedupe_key=":".join(parts)[:400], event_type=notice.type[:100] or "unknown", payload=body)]


def read_notification(body: bytes) -> Notification:
    """The notice; Unreadable for what is not one, or names an order by what cannot be an id."""
    try:
        notice = msgspec.json.decode(body, type=Notification)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreadable from None
    if notice.order is not None and not _ID.fullmatch(notice.order.id):
        raise Unreadable
    return notice
