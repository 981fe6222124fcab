"""What is wrong with an order, said of every line at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flow.business.menu.types import MenuItem, Option, OptionGroup
from flow.business.orders.errors import Fault
from flow.business.orders.types import Discount, OrderLine, PlaceOrder
from flow.business.payments.service import provider_of
from flow.business.payments.types import Provider
from flow.business.restaurants.types import Restaurant
from flow.kit.contact import normalise_email, normalise_phone
from flow.kit.money import Money

MAX_LINES = 100
MAX_QUANTITY = 99

# At the counter and on the phone the restaurant's people take the order, and the money if need be.
_COUNTER = frozenset({"pos", "phone"})

Menu = Mapping[UUID, MenuItem]


def normalised(order: PlaceOrder, restaurant: Restaurant) -> tuple[PlaceOrder, list[Fault]]:
    """The order with its contact as the database knows it; what cannot be reached is a fault."""
    given = order.contact
    phone = normalise_phone(given.phone, restaurant.phone_region) if given.phone else None
    email = normalise_email(given.email) if given.email else None
    faults = []
    if given.phone and phone is None:
        faults.append(Fault("customer.phone", "invalid_phone"))
    if given.email and email is None:
        faults.append(Fault("customer.email", "invalid_email"))
    return replace(order, contact=replace(given, phone=phone, email=email)), faults


def line_faults(restaurant: Restaurant, order: PlaceOrder, menu: Menu) -> Iterator[Fault]:
    """What is wrong with the lines, whoever orders them."""
    if not order.lines:
        yield Fault("items", "no_items")
    if len(order.lines) > MAX_LINES:
        yield Fault("items", "too_many_items", {"most": MAX_LINES})
    for place, line in enumerate(order.lines):
        yield from _line_faults(restaurant, line, menu.get(line.product_id), place)


def terms_faults(restaurant: Restaurant, order: PlaceOrder, connected: Set[str]) -> Iterator[Fault]:
    """What is missing to deliver the order and to be paid for it; `connected` are the online providers."""
    if order.fulfillment_type == "delivery" and order.address is None:
        yield Fault("delivery", "address_missing")
    if order.fulfillment_type == "delivery" and not order.contact.phone and not order.contact.email:
        yield Fault("customer.phone", "contact_missing")
    if payment_provider(restaurant, order, connected) is None:
        yield Fault("payment_method", "payment_unavailable")


def payment_provider(restaurant: Restaurant, order: PlaceOrder, connected: Set[str]) -> Provider | None:
    """Who takes the money of this order; None when nobody can."""
    return provider_of(
        order.payment_method,
        is_simulated=restaurant.is_simulated,
        is_counter=order.channel in _COUNTER,
        connected=connected,
    )


def price_faults(
    restaurant: Restaurant, order: PlaceOrder, subtotal: int, discount: Discount | None, at: datetime
) -> Iterator[Fault]:
    """What is wrong now that the sum of the lines, in øre, is known."""
    if order.fulfillment_type == "delivery" and subtotal < restaurant.minimum_order:
        yield Fault("items", "below_minimum", {"minimum": Money(restaurant.minimum_order, restaurant.currency)})
    if order.discount_code is None:
        return
    if discount is None or not discount.is_active:
        yield Fault("discount_code", "unknown_discount")
    elif not _is_valid(discount, at):
        yield Fault("discount_code", "discount_not_valid")
    elif subtotal < discount.minimum_subtotal:
        minimum = Money(discount.minimum_subtotal, restaurant.currency)
        yield Fault("discount_code", "discount_minimum", {"minimum": minimum})


def _line_faults(restaurant: Restaurant, line: OrderLine, item: MenuItem | None, place: int) -> Iterator[Fault]:
    at = f"items.{place}"
    if item is None or not item.product.is_active:
        yield Fault(f"{at}.product_id", "unknown_product", {"line": place + 1})
        return
    name = item.product.name
    if not item.product.is_available:
        yield Fault(f"{at}.product_id", "sold_out", {"item": name})
    if item.product.currency != restaurant.currency:
        yield Fault(f"{at}.product_id", "other_currency", {"item": name})
    if not 1 <= line.quantity <= MAX_QUANTITY:
        yield Fault(f"{at}.quantity", "wrong_quantity", {"item": name, "most": MAX_QUANTITY})
    for code, variables in _option_problems(line, item):
        yield Fault(f"{at}.option_ids", code, {"item": name, **variables})


def _option_problems(line: OrderLine, item: MenuItem) -> Iterator[tuple[str, dict[str, object]]]:
    chosen = Counter(line.option_ids)
    known = {option.id: option for group in item.groups for option in group.options}
    if not chosen.keys() <= known.keys():
        yield "unknown_option", {}
    for option_id, times in chosen.items():
        if option_id in known:
            yield from _choice_problems(known[option_id], times)
    for group in item.groups:
        yield from _group_problems(group, chosen)


def _choice_problems(option: Option, times: int) -> Iterator[tuple[str, dict[str, object]]]:
    if times > 1:
        yield "option_twice", {"option": option.name}
    if not option.is_available:
        yield "option_sold_out", {"option": option.name}


def _group_problems(group: OptionGroup, chosen: Counter[UUID]) -> Iterator[tuple[str, dict[str, object]]]:
    count = sum(option.id in chosen for option in group.options)
    if count < group.min_choices:
        yield "too_few_options", {"group": group.name, "least": group.min_choices}
    if count > group.max_choices:
        yield "too_many_options", {"group": group.name, "most": group.max_choices}


def _is_valid(discount: Discount, at: datetime) -> bool:
    begun = discount.valid_from is None or discount.valid_from <= at
    return begun and (discount.valid_until is None or at < discount.valid_until)
