"""Wolt's order as an order of ours: whole øre, nothing guessed that Wolt says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow.business.orders.receiving import ReceivedLine, ReceivedOrder
from flow.business.orders.types import Fulfillment
from flow.collect.providers.wolt.payload import Line, WoltOrder

__all__ = ["SOURCE", "adds_up", "is_carried_by_us", "received"]

SOURCE: Final = "wolt"
_FULFILLMENT: Final[dict[str, Fulfillment]] = {"takeaway": "pickup", "eatin": "dine_in", "eat_in": "dine_in"}


def received(order: WoltOrder) -> ReceivedOrder:
    """The order as `flow.business.orders.receiving` stores it."""
    totals = _line_totals(order)
    return ReceivedOrder(
        source=SOURCE,
        external_id=order.id,
        channel="wolt",
        fulfillment_type=_FULFILLMENT.get(_delivery_type(order), "delivery"),
        lines=tuple(_line(line, total) for line, total in zip(order.items, totals, strict=True)),
        goods=order.basket_price.total.amount,
        delivery_fee=_own_fees(order),
        customer_name=order.consumer_name,
        notes=order.consumer_comment,
        ordered_at=order.created_at,
    )


def adds_up(order: WoltOrder) -> bool:
    """Whether the lines come to what the basket says, before its discounts or after them."""
    return sum(_line_totals(order)) in _basket_totals(order)


def is_carried_by_us(order: WoltOrder) -> bool:
    """Whether no courier of Wolt's comes: the guest fetches it, or the restaurant carries it."""
    carries = order.delivery is not None and order.delivery.self_delivery is not None
    return carries or _delivery_type(order) != "homedelivery"


def _own_fees(order: WoltOrder) -> int:
    """What the guest paid beside the goods, where the restaurant carries the order itself. Else it is Wolt's: for its
    courier and its service. The restaurant neither earns it nor owes VAT of it."""
    is_ours = order.delivery is not None and order.delivery.self_delivery is not None
    return order.fees.total.amount if is_ours and order.fees and order.fees.total else 0


def _delivery_type(order: WoltOrder) -> str:
    return order.delivery.type if order.delivery else "homedelivery"


def _line_totals(order: WoltOrder) -> list[int]:
    """Each line's øre. It is not documented whether options are within an item's total: the basket's total tells."""
    plain = [line.item_price.total.amount for line in order.items]
    with_options = [total + _options(line) for total, line in zip(plain, order.items, strict=True)]
    wanted = _basket_totals(order)
    return with_options if sum(plain) not in wanted and sum(with_options) in wanted else plain


def _basket_totals(order: WoltOrder) -> Sequence[int]:
    basket = order.basket_price
    before = basket.price_breakdown.total_before_discounts if basket.price_breakdown else None
    return (basket.total.amount, before.amount) if before else (basket.total.amount,)


def _options(line: Line) -> int:
    return line.count * sum(option.price.amount * option.count for option in line.options if option.price)


def _line(line: Line, total: int) -> ReceivedLine:
    options = tuple(
        {"name": option.name, "value": option.value, "price_mod": option.price.amount if option.price else 0}
        for option in line.options
    )
    return ReceivedLine(
        name=line.name,
        quantity=line.count,
        total=total,
        sku=line.pos_id or line.sku,
        category=line.category.name if line.category else None,
        options=options,
        notes=line.consumer_comment,
    )
