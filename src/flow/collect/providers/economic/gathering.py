"""What an invoice needs to know of its order, gathered in one short transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from flow.business.orders.store import find_order, items_of
from flow.business.orders.types import Order, OrderItem
from flow.business.restaurants.store import find_restaurant
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.types import Integration
from flow.collect.providers.economic import store
from flow.collect.providers.economic.drafts import InvoiceFacts, Recipient
from flow.collect.providers.economic.vat import Sold
from flow.database.transaction import Transaction
from flow.web.i18n import LANGUAGES, N_, Translator, translator_for

__all__ = ["DELIVERY", "GOODS", "ROUNDING", "invoice_facts", "numbers_of"]

GOODS, DELIVERY, ROUNDING = "product_number", "delivery_product_number", "rounding_product_number"
"""Settings that name products of the agreement."""

_USUAL: Final = {GOODS: "FLOW-PRODUCT", DELIVERY: "FLOW-DELIVERY", ROUNDING: "FLOW-ROUNDING"}
_HEADING: Final = N_("FLOW order %(number)s")
_PAID_BY: Final = {
    "cash": N_("Paid in cash"),
    "card": N_("Paid by card"),
    "mobilepay": N_("Paid with MobilePay"),
    "invoice": N_("To be paid by this invoice"),
    "external": N_("Paid elsewhere"),
}


def numbers_of(integration: Integration) -> dict[str, str]:
    """The agreement's own numbers as the restaurant filled them in, the usual products where it did not."""
    given = {name: str(value).strip() for name, value in integration.config.items() if str(value or "").strip()}
    return _USUAL | given


async def invoice_facts(service: Transaction, integration: Integration, order_id: UUID) -> InvoiceFacts:
    """What the invoice of an order is made of."""
    restaurant = await find_restaurant(service, integration.restaurant_id)
    order = await find_order(service, restaurant.id, order_id)
    items = await items_of(service, restaurant.id, order_id)
    words, numbers = _words(restaurant), numbers_of(integration)
    recipient = _recipient(order)
    known = await store.customer_number(service, restaurant.id, recipient.customer_id) if recipient else None
    return InvoiceFacts(
        order_id=order.id,
        # The day on the restaurant's calendar: by UTC an order after midnight would be of the day before.
        day=order.created_at.astimezone(restaurant.calendar.zone).date(),
        currency=order.currency,
        heading=words.gettext(_HEADING, number=order.order_number),
        paid_by=words.gettext(_PAID_BY[order.payment_method]),
        sold=tuple(_sold(order, items, numbers, words)),
        vat_percent=restaurant.vat_rate_percent,
        total=order.total,
        numbers=numbers,
        recipient=recipient,
        recipient_number=known,
    )


def _sold(order: Order, items: Sequence[OrderItem], numbers: Mapping[str, str], words: Translator) -> list[Sold]:
    """What was paid for each line and for the delivery; together the order's total."""
    lines = [Sold(numbers[GOODS], _name(item), item.quantity, item.line_total - item.discount_amount) for item in items]
    if order.delivery_fee:
        lines.append(Sold(numbers[DELIVERY], words.gettext("Delivery"), 1, order.delivery_fee))
    return [line for line in lines if line.gross]


def _name(item: OrderItem) -> str:
    """The product with its options; never the guest's notes."""
    options = ", ".join(str(option.get("value", "")) for option in item.options)
    return f"{item.product_name} ({options})" if options else item.product_name


def _recipient(order: Order) -> Recipient | None:
    """Only who pays by invoice is named to the accounting system."""
    if order.payment_method != "invoice" or order.customer_id is None:
        return None
    return Recipient(
        customer_id=order.customer_id,
        name=order.customer_name or "Kunde",
        email=order.customer_email,
        phone=order.customer_phone,
        address=order.delivery_address,
        postal_code=order.delivery_postal_code,
        city=order.delivery_city,
    )


def _words(restaurant: Restaurant) -> Translator:
    language = restaurant.language if restaurant.language in LANGUAGES else "da"
    return translator_for(language)
