"""What other systems are told: every type of event with the fields of its data. The reference page is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flow.web.i18n import N_

__all__ = ["EVENT_TYPES", "SCHEMA", "EventType", "Field"]

SCHEMA = 1
"""Version of the schemas. A field may be added within a version; removing or changing one makes the next."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an event's data; `kind` in the words of JSON, `or null` where it may be empty."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event; `title` is English and marked for translation."""

    name: str
    title: str
    fields: tuple[Field, ...]


_EACH = (
    Field("restaurant_id", "uuid", "The restaurant."),
    Field("version", "integer", "Grows with each change of the object: keep the highest that you have seen."),
)
_CUSTOMER = Field("customer", "string or null", "Pseudonym of the guest, the same in all events of this restaurant.")
_PAYMENT = (
    Field("payment_id", "uuid", "The payment."),
    Field("provider", "string", "Who took the money: stripe, mobilepay, cash, invoice, external, simulated."),
    Field("status", "string", "State of the payment."),
    Field("currency", "string", "ISO 4217, e.g. DKK."),
    Field("amount", "integer", "What is to be paid, in hundredths (øre)."),
    Field("refunded_amount", "integer", "What of it went back, in hundredths."),
    Field("completed_at", "time or null", "When the money was received."),
)
_ORDER = (
    Field("order_id", "uuid", "The order."),
    *_EACH,
    _CUSTOMER,
    Field("order_number", "integer", "The restaurant’s own number of it."),
    Field("status", "string", "pending, confirmed, preparing, ready, delivering, completed, cancelled or refunded."),
    Field("previous_status", "string or null", "The status before; the same when a part was refunded."),
    Field("channel", "string", "Where it came from: web, app, sms, phone, instagram, facebook, wolt, ai_chat, pos."),
    Field("fulfillment_type", "string", "delivery, pickup or dine_in."),
    Field("payment_method", "string", "cash, card, mobilepay, invoice or external."),
    Field("currency", "string", "ISO 4217, e.g. DKK."),
    Field("subtotal", "integer", "The lines together, in hundredths (øre), VAT included."),
    Field("discount_amount", "integer", "In hundredths."),
    Field("discount_code", "string or null", "The code that gave it."),
    Field("delivery_fee", "integer", "In hundredths."),
    Field("tax_amount", "integer", "The VAT within total, in hundredths."),
    Field("total", "integer", "subtotal - discount_amount + delivery_fee, in hundredths."),
    Field("refunded_amount", "integer", "What went back so far, in hundredths."),
    Field("source", "string", "The system that it came from; flow for our own."),
    Field("external_id", "string or null", "Its number there."),
    Field("created_at", "time", "When it was ordered."),
    Field("confirmed_at", "time or null", "When the restaurant accepted it."),
    Field("completed_at", "time or null", "When it was handed over."),
    Field("cancelled_at", "time or null", "When it was cancelled."),
    Field("refunded_at", "time or null", "When all of it was paid back."),
    Field("items", "array", "Lines: product_id, name, sku, category, unit_price, quantity, line_total and more."),
    Field("payments", "array", "Payments, with the fields of payment events."),
)
_REFUND = (
    *_ORDER,
    Field(
        "refund_amount", "integer", "What went back this time, in hundredths; 0 where it was only marked as refunded."
    ),
    Field("is_fully_refunded", "boolean", "Whether nothing of it is left to be paid back."),
)
_PAYMENT_EVENT = (
    *_PAYMENT[:1],
    *_EACH,
    _CUSTOMER,
    *_PAYMENT[1:],
    Field("order_id", "uuid", "The order that is paid."),
    Field("order_number", "integer", "Its number."),
)
_CUSTOMER_EVENT = (
    *_EACH,
    Field("customer", "string", "Pseudonym of the guest: HMAC-SHA256 by a key of this restaurant’s own."),
    Field("has_phone", "boolean", "Whether a phone number is known."),
    Field("has_email", "boolean", "Whether an e-mail address is known."),
    Field("channel", "string", "Channel of the first order."),
    Field("created_at", "time", "When the guest became known."),
)
_TEST = (*_EACH, Field("endpoint_id", "uuid", "The endpoint that the test was for."))


def _types() -> Mapping[str, EventType]:
    made = (
        EventType("order.created", N_("An order was placed"), _ORDER),
        EventType("order.status_changed", N_("An order moved to another status"), _ORDER),
        EventType("order.completed", N_("An order was completed"), _ORDER),
        EventType("order.cancelled", N_("An order was cancelled"), _ORDER),
        EventType("order.refunded", N_("An order was refunded, wholly or in part"), _REFUND),
        EventType("payment.authorized", N_("A payment was authorised and waits for its capture"), _PAYMENT_EVENT),
        EventType("payment.received", N_("The money of a payment was received"), _PAYMENT_EVENT),
        EventType("payment.failed", N_("A payment failed"), _PAYMENT_EVENT),
        EventType("payment.cancelled", N_("A payment was cancelled or ran out"), _PAYMENT_EVENT),
        EventType("payment.refunded", N_("Money of a payment went back"), _PAYMENT_EVENT),
        EventType("payment.refund_failed", N_("A refund came back: the guest did not get it"), _PAYMENT_EVENT),
        EventType("payment.disputed", N_("A guest disputes a payment"), _PAYMENT_EVENT),
        EventType("payment.dispute_closed", N_("The dispute about a payment is over"), _PAYMENT_EVENT),
        EventType("customer.created", N_("A guest ordered for the first time"), _CUSTOMER_EVENT),
        EventType("webhook.test", N_("A test of the endpoint"), _TEST),
    )
    return MappingProxyType({each.name: each for each in made})


EVENT_TYPES: Mapping[str, EventType] = _types()
"""Name → what it is."""
