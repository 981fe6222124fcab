"""An order, its lines and its steps. Amounts are øre, VAT included; times are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from flow.business.customers.types import Contact
from flow.business.payments.types import PaymentMethod

Status = Literal["pending", "confirmed", "preparing", "ready", "delivering", "completed", "cancelled", "refunded"]
Channel = Literal["web", "app", "instagram", "facebook", "sms", "phone", "wolt", "ai_chat", "pos"]
Fulfillment = Literal["delivery", "pickup", "dine_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """What a guest wants: a product, how often, and with which options."""

    product_id: UUID
    quantity: int = 1
    option_ids: tuple[UUID, ...] = ()
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a delivery goes."""

    street: str
    postal_code: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """The wish to order. Prices are not among it: the server knows them.

    `expected_total` is what the guest was shown; another price is refused instead of charged. `visitor_id` is the
    lasting id of a visitor who agreed to analytics; `daily_visitor_ids` are the cookieless ones: they find the visit
    and are not kept with the order. `ordered_at` is for orders that reach FLOW late. The same `idempotency_key`, or the
    same `external_id` of a `source`, orders once.
    """

    lines: tuple[OrderLine, ...]
    fulfillment_type: Fulfillment = "pickup"
    payment_method: PaymentMethod = "cash"
    channel: Channel = "web"
    contact: Contact = field(default_factory=Contact)
    address: Address | None = None
    discount_code: str | None = None
    notes: str | None = None
    expected_total: int | None = None
    user_id: UUID | None = None
    placed_by: UUID | None = None
    visitor_id: UUID | None = None
    daily_visitor_ids: tuple[UUID, ...] = ()
    ordered_at: datetime | None = None
    source: str = "flow"
    external_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A row of `orders`: total = subtotal - discount_amount + delivery_fee; `tax_amount` is the VAT within total."""

    restaurant_id: UUID
    id: UUID
    order_number: int
    status: Status = "pending"
    channel: Channel = "web"
    fulfillment_type: Fulfillment = "pickup"
    payment_method: PaymentMethod = "cash"
    currency: str = "DKK"
    subtotal: int
    discount_amount: int = 0
    discount_code: str | None = None
    delivery_fee: int = 0
    tax_amount: int = 0
    total: int
    refunded_amount: int = 0
    item_count: int = 0
    customer_id: UUID | None = None
    user_id: UUID | None = None
    customer_name: str | None = None
    customer_phone: str | None = None
    customer_email: str | None = None
    delivery_address: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    notes: str | None = None
    visitor_id: UUID | None = None
    session_id: UUID | None = None
    idempotency_key: str | None = None
    request_hash: bytes | None = None
    source: str = "flow"
    external_id: str | None = None
    import_id: UUID | None = None
    cancel_reason: str | None = None
    created_at: datetime
    recorded_at: datetime
    confirmed_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    refunded_at: datetime | None = None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """A row of `order_items`, the product as it was; `options` is [{name, value, price_mod}] for the guest's eyes."""

    restaurant_id: UUID
    id: UUID
    order_id: UUID
    product_id: UUID | None
    product_name: str
    product_sku: str | None = None
    product_category: str | None = None
    unit_price: int
    quantity: int
    line_total: int
    discount_amount: int = 0
    discount_reason: str | None = None
    options: list[dict[str, object]] = field(default_factory=list)
    notes: str | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A row of `order_status_changes`; a partial refund is a step that stays where it is.

    `refund_amount`: what went back with the step, in øre; 0 where it was only asked for.
    """

    restaurant_id: UUID
    order_id: UUID
    changed_at: datetime
    id: UUID
    from_status: Status | None
    to_status: Status
    changed_by: UUID | None = None
    reason: str | None = None
    refund_amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A row of `discount_codes`: either `percent` or `amount` (øre) is set."""

    code: str
    percent: int | None
    amount: int | None
    minimum_subtotal: int
    valid_from: datetime | None
    valid_until: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """One visit of the guest's, as the session knows it."""

    session_id: UUID
    started_at: datetime
    ended_at: datetime
    channel: str
    source: str | None
    utm_campaign: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A row of `channel_attribution`; `touchpoint_path` is [{channel, source, timestamp}], oldest first."""

    restaurant_id: UUID
    order_id: UUID
    first_touch_channel: str | None = None
    first_touch_source: str | None = None
    first_touch_campaign: str | None = None
    first_touch_at: datetime | None = None
    last_touch_channel: str | None = None
    last_touch_source: str | None = None
    last_touch_campaign: str | None = None
    last_touch_at: datetime | None = None
    touchpoint_path: list[dict[str, object]] = field(default_factory=list)
    touchpoint_count: int = 0
    days_to_conversion: int | None = None
    sessions_to_conversion: int | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """The order that stands, and whether this request made it."""

    order: Order
    is_new: bool
