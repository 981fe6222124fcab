"""What an invoice or a credit note needs to know of its order, gathered in one short transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from flow.business.orders.store import find_order, items_of
from flow.business.orders.types import Order, OrderItem
from flow.business.restaurants.store import find_restaurant
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.types import Integration
from flow.collect.providers.economic import store
from flow.collect.providers.economic.drafts import InvoiceFacts, Recipient
from flow.collect.providers.economic.types import InvoiceCredit
from flow.collect.providers.economic.vat import Sold
from flow.database.transaction import Transaction
from flow.web.i18n import LANGUAGES, N_, Translator, translator_for

__all__ = ["DELIVERY", "GOODS", "ROUNDING", "credit_facts", "invoice_facts", "numbers_of"]

GOODS, DELIVERY, ROUNDING = "product_number", "delivery_product_number", "rounding_product_number"
"""Settings that name products of the agreement."""

_USUAL: Final = {GOODS: "FLOW-PRODUCT", DELIVERY: "FLOW-DELIVERY", ROUNDING: "FLOW-ROUNDING"}
_HEADING: Final = N_("FLOW order %(number)s")
_CREDIT_HEADING: Final = N_("Credit note, FLOW order %(number)s")
_CREDITS: Final = N_("Credits invoice %(number)s")
_CREDITS_DRAFT: Final = N_("Credits the invoice of FLOW order %(number)s")
_CAME_BACK: Final = N_("A refund of FLOW order %(number)s came back")
_PAID_BACK: Final = N_("Paid back of order %(number)s")
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
        text=words.gettext(_PAID_BY[order.payment_method]),
        sold=tuple(_sold(order, items, numbers, words)),
        vat_percent=restaurant.vat_rate_percent,
        total=order.total,
        numbers=numbers,
        recipient=recipient,
        recipient_number=known,
    )


async def credit_facts(service: Transaction, integration: Integration, credit: InvoiceCredit) -> InvoiceFacts:
    """What a credit note is made of: the invoice, less everything but what was paid back."""
    restaurant = await find_restaurant(service, integration.restaurant_id)
    order = await find_order(service, restaurant.id, credit.order_id)
    invoice = await store.invoice_of(service, restaurant.id, credit.order_id)
    facts = await invoice_facts(service, integration, credit.order_id)
    words, number = _words(restaurant), order.order_number
    came_back = credit.amount < 0
    if came_back:
        text = words.gettext(_CAME_BACK, number=number)
    elif invoice is not None and invoice.booked_number is not None:
        text = words.gettext(_CREDITS, number=invoice.booked_number)
    else:
        text = words.gettext(_CREDITS_DRAFT, number=number)
    return replace(
        facts,
        credit=credit.number,
        is_negative=not came_back,
        # As the row has it, not the running day: a later try makes the same credit note.
        day=credit.created_at.astimezone(restaurant.calendar.zone).date(),
        heading=words.gettext(_HEADING if came_back else _CREDIT_HEADING, number=number),
        text=text,
        sold=tuple(await _paid_back(service, order, facts, credit, words)),
        total=abs(credit.amount),
    )


async def _paid_back(
    service: Transaction, order: Order, facts: InvoiceFacts, credit: InvoiceCredit, words: Translator
) -> list[Sold]:
    """The invoice's own lines where all of it goes back at once. Of a part nobody says which dish it is for: goods go
    back before the delivery, so that all parts together are just what was invoiced of either."""
    if credit.amount == order.total:
        return list(facts.sold)
    notes = await store.credits_of(service, credit.restaurant_id, credit.order_id)
    before = sum(each.amount for each in notes if each.number < credit.number)
    low, high = sorted((before, before + credit.amount))
    goods = order.total - order.delivery_fee
    of_goods, of_all = min(high, goods) - min(low, goods), high - low
    text = words.gettext(_PAID_BACK, number=order.order_number)
    parts = (
        Sold(facts.numbers[GOODS], text, 1, of_goods),
        Sold(facts.numbers[DELIVERY], text, 1, of_all - of_goods),
    )
    return [part for part in parts if part.gross]


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
