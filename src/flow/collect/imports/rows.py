"""A whole order as rows of `orders`, `order_items` and `payments`, their columns as in the COPY statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.business.orders.pricing import contained_vat
from flow.business.restaurants import Restaurant
from flow.collect.imports.products import Key, product_key
from flow.collect.imports.types import ReadLine, SoldProduct, WholeOrder
from flow.kit.ids import new_id
from flow.kit.money import Money

__all__ = ["ImportFacts", "OrderRows", "order_rows"]

Values = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFacts:
    """What all orders of an import share; `products` is what their lines sell, `now` when it all is recorded."""

    restaurant: Restaurant
    import_id: UUID
    source: str
    option_name: str
    products: Mapping[Key, SoldProduct]
    now: datetime


@dataclass(frozen=True, slots=True)
class OrderRows:
    """The rows of one order; a cancelled one has no payment."""

    order: Values
    items: list[Values]
    payment: Values | None


@dataclass(frozen=True, slots=True)
class _Sums:
    subtotal: int
    discount: int
    line_discounts: list[int]
    total: int


def order_rows(facts: ImportFacts, whole: WholeOrder, order_number: int) -> OrderRows:
    """The rows of an order; its id holds the time at which it was ordered."""
    order_id, sums = new_id(whole.order.ordered_at), _sums(whole)
    discounted = zip(whole.lines, sums.line_discounts, strict=True)
    return OrderRows(
        order=_order(facts, whole, sums, order_id, order_number),
        items=[_item(facts, line, discount, whole, order_id) for line, discount in discounted],
        payment=_payment(facts, whole, sums, order_id) if whole.order.status != "cancelled" else None,
    )


def _sums(whole: WholeOrder) -> _Sums:
    order = whole.order
    if not whole.lines:  # a file of orders alone
        total = order.total or 0
        return _Sums(total - order.delivery_fee + order.discount, order.discount, [], total)
    subtotal = sum(line.unit_price * line.quantity for line in whole.lines)
    shares = _shares(order.discount, [line.unit_price * line.quantity - line.discount for line in whole.lines])
    line_discounts = [line.discount + share for line, share in zip(whole.lines, shares, strict=True)]
    discount = sum(line_discounts)
    return _Sums(subtotal, discount, line_discounts, subtotal - discount + order.delivery_fee)


def _shares(discount: int, weights: list[int]) -> list[int]:
    """The order's discount, shared out over its lines by what they cost."""
    return [part.amount for part in Money(discount).allocate(weights)] if discount else [0] * len(weights)


def _order(facts: ImportFacts, whole: WholeOrder, sums: _Sums, order_id: UUID, order_number: int) -> Values:
    order, restaurant = whole.order, facts.restaurant
    at = {order.status: order.ordered_at}
    return (
        restaurant.id,
        order_id,
        order_number,
        order.status,
        order.channel,
        order.fulfillment_type,
        order.payment_method,
        restaurant.currency,
        sums.subtotal,
        sums.discount,
        order.delivery_fee,
        contained_vat(sums.total, restaurant.vat_rate_percent),
        sums.total,
        sums.total if order.status == "refunded" else 0,
        sum(line.quantity for line in whole.lines),
        facts.source,
        order.number,
        facts.import_id,
        order.ordered_at,
        facts.now,
        at.get("completed"),
        at.get("cancelled"),
        at.get("refunded"),
        facts.now,
    )


def _item(facts: ImportFacts, line: ReadLine, discount: int, whole: WholeOrder, order_id: UUID) -> Values:
    product, at = facts.products[product_key(line)], whole.order.ordered_at
    option = {"name": facts.option_name, "value": line.option, "price_mod": line.unit_price - product.price}
    return (
        facts.restaurant.id,
        new_id(at),
        order_id,
        product.id,
        line.name,
        line.sku,
        line.category,
        line.unit_price,
        line.quantity,
        line.unit_price * line.quantity,
        discount,
        Jsonb([option] if line.option is not None else []),
        at,
    )


def _payment(facts: ImportFacts, whole: WholeOrder, sums: _Sums, order_id: UUID) -> Values:
    at, is_refunded = whole.order.ordered_at, whole.order.status == "refunded"
    return (
        facts.restaurant.id,
        new_id(at),
        order_id,
        sums.total,
        facts.restaurant.currency,
        "refunded" if is_refunded else "completed",
        "external",  # the till took the money, however it was paid
        sums.total if is_refunded else 0,
        at,
        at,
        at,
        facts.now,
    )
