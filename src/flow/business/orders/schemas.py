"""The bodies of the orders API. Amounts are øre, times ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flow.business.customers.types import Contact
from flow.business.fields import ContactText, LongText, Name, Note, RequestModel, ShortText, SiteKeyText
from flow.business.orders.checks import MAX_LINES, MAX_QUANTITY
from flow.business.orders.pricing import Price
from flow.business.orders.status import allowed_from
from flow.business.orders.types import (
    Address,
    Channel,
    Fulfillment,
    Order,
    OrderItem,
    OrderLine,
    PlaceOrder,
    Status,
    StatusChange,
)
from flow.business.payments.types import Payment, PaymentMethod, PaymentStatus, Provider
from flow.privacy.consents.schemas import Version as ConsentVersion

BigOre = Annotated[int, Field(ge=0, le=10**15, description="Øre.")]


class LineBody(RequestModel):
    """A product, how often, and the ids of its chosen options."""

    product_id: UUID
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] = 1
    option_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    notes: Note | None = None


class CustomerBody(RequestModel):
    """How to reach the guest."""

    name: Name | None = None
    phone: ContactText | None = None
    email: ContactText | None = None


class DeliveryBody(RequestModel):
    """Where a delivery goes."""

    address: Name
    postal_code: Annotated[ShortText, Field(min_length=1, max_length=12)]
    city: Name


class VisitorBody(RequestModel):
    """The lasting id of a visitor who agreed to analytics; without it the visit is found without one."""

    visitor_id: UUID | None = None


class OrderBody(RequestModel):
    """A wish to order. A page shows its site key here or in X-Flow-Key; staff use a token instead."""

    restaurant_id: UUID
    key: SiteKeyText | None = None
    items: Annotated[list[LineBody], Field(min_length=1, max_length=MAX_LINES)]
    fulfillment_type: Fulfillment = "pickup"
    payment_method: PaymentMethod = "cash"
    channel: Channel = "web"
    customer: CustomerBody = CustomerBody()
    delivery: DeliveryBody | None = None
    discount_code: Annotated[ShortText, Field(min_length=2, max_length=40)] | None = None
    notes: LongText | None = None
    expected_total: Annotated[
        BigOre | None, Field(description="What the guest was shown; another price is refused with 409.")
    ] = None
    visitor: VisitorBody = VisitorBody()
    marketing_consent: Annotated[
        bool, Field(description="The guest ticked the box for news; it waits until phone or e-mail confirm it.")
    ] = False
    marketing_text_version: Annotated[
        ConsentVersion | None, Field(description="Which text stood beside the box; needed with marketing_consent.")
    ] = None

    @model_validator(mode="after")
    def _says_which_text_was_shown(self) -> Self:
        if self.marketing_consent and self.marketing_text_version is None:
            raise ValueError("marketing_consent needs marketing_text_version")
        return self

    def wish(self, **known: Any) -> PlaceOrder:
        """The order to place; `known` is what the request itself tells."""
        place = self.delivery
        return PlaceOrder(
            lines=tuple(
                OrderLine(
                    product_id=line.product_id,
                    quantity=line.quantity,
                    option_ids=line.option_ids,
                    notes=line.notes or None,
                )
                for line in self.items
            ),
            fulfillment_type=self.fulfillment_type,
            payment_method=self.payment_method,
            channel=self.channel,
            contact=Contact(name=self.customer.name, phone=self.customer.phone, email=self.customer.email),
            address=Address(street=place.address, postal_code=place.postal_code, city=place.city) if place else None,
            discount_code=self.discount_code,
            notes=self.notes or None,
            expected_total=self.expected_total,
            visitor_id=self.visitor.visitor_id,
            **known,
        )


class MoveBody(RequestModel):
    """The next state of an order. Cancelling and refunding need a reason; no `refund_amount` refunds all."""

    status: Status
    reason: Annotated[Note, Field(min_length=1)] | None = None
    refund_amount: Annotated[int, Field(ge=1, le=10**15, description="Øre.")] | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CustomerAnswer(_Answer):
    """Who ordered; `id` leads to the guest where one is known."""

    id: UUID | None
    name: str | None
    phone: str | None
    email: str | None


class DeliveryAnswer(_Answer):
    """Where the delivery goes."""

    address: str
    postal_code: str
    city: str


class OrderSummary(_Answer):
    """An order without its lines."""

    id: UUID
    restaurant_id: UUID
    order_number: int
    status: Status
    allowed_statuses: list[Status]
    channel: Channel
    fulfillment_type: Fulfillment
    payment_method: PaymentMethod
    currency: str
    subtotal: int
    discount_amount: int
    discount_code: str | None
    delivery_fee: int
    tax_amount: int
    total: int
    refunded_amount: int
    item_count: int
    customer: CustomerAnswer
    delivery: DeliveryAnswer | None
    notes: str | None
    cancel_reason: str | None
    created_at: datetime
    recorded_at: datetime
    confirmed_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    refunded_at: datetime | None


class OptionAnswer(_Answer):
    """A chosen option as the guest saw it."""

    name: str
    value: str
    price_mod: int


class LineAnswer(_Answer):
    """A line as it was ordered; `unit_price` includes the options."""

    id: UUID
    product_id: UUID | None
    product_name: str
    product_sku: str | None
    product_category: str | None
    unit_price: int
    quantity: int
    line_total: int
    discount_amount: int
    options: list[OptionAnswer]
    notes: str | None


class PaymentAnswer(_Answer):
    """A payment of the order."""

    id: UUID
    amount: int
    currency: str
    status: PaymentStatus
    provider: Provider
    captured_amount: Annotated[int, Field(description="What an online provider has taken, in øre.")]
    refunded_amount: int
    refunding_amount: Annotated[int, Field(description="What an online provider is asked to pay back, in øre.")]
    refund_reason: str | None
    completed_at: datetime | None


class StepAnswer(_Answer):
    """A step of the order; a partial refund stays in its state."""

    from_status: Status | None
    to_status: Status
    changed_at: datetime
    changed_by: UUID | None
    reason: str | None
    refund_amount: Annotated[
        int | None, Field(description="What went back with it, in øre; 0 where it was only asked for.")
    ]


class OrderDetail(OrderSummary):
    """An order with all that belongs to it; `payments` is null for those who may not see them."""

    items: list[LineAnswer]
    payments: list[PaymentAnswer] | None
    history: list[StepAnswer]


class PlacedOrder(OrderDetail):
    """An order as it was placed; `url` is the guest's receipt with the live status.

    `payment_url` leads the guest to where the order is paid; null for one that is not paid online.
    """

    url: str
    payment_url: str | None


class QuoteAnswer(_Answer):
    """What an order would cost."""

    currency: str
    subtotal: int
    discount_amount: int
    delivery_fee: int
    tax_amount: int
    total: int

    @classmethod
    def of(cls, cost: Price, currency: str) -> Self:
        """The price as the API tells it."""
        return cls(
            currency=currency,
            subtotal=cost.subtotal,
            discount_amount=cost.discount_amount,
            delivery_fee=cost.delivery_fee,
            tax_amount=cost.tax_amount,
            total=cost.total,
        )


class OrderPage(BaseModel):
    """Orders, newest first; `next` is the cursor of the following page, null on the last."""

    orders: list[OrderSummary]
    next: str | None


def summary(order: Order) -> OrderSummary:
    """The order as the API tells it."""
    return OrderSummary.model_validate(_fields(order))


def detail(
    order: Order, items: Sequence[OrderItem], payments: Sequence[Payment] | None, steps: Sequence[StatusChange]
) -> OrderDetail:
    """The order with all that belongs to it."""
    return OrderDetail.model_validate(_fields(order) | {"items": items, "payments": payments, "history": steps})


def _fields(order: Order) -> dict[str, Any]:
    known = {name: getattr(order, name) for name in OrderSummary.model_fields if hasattr(order, name)}
    return known | {
        "allowed_statuses": list(allowed_from(order.status, order.fulfillment_type)),
        "customer": {
            "id": order.customer_id,
            "name": order.customer_name,
            "phone": order.customer_phone,
            "email": order.customer_email,
        },
        "delivery": {
            "address": order.delivery_address,
            "postal_code": order.delivery_postal_code or "",
            "city": order.delivery_city or "",
        }
        if order.delivery_address
        else None,
    }
