"""What an order costs: pure arithmetic in whole øre, for an order whose lines hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from flow.business.menu.types import MenuItem, Product
from flow.business.orders.types import Discount, Fulfillment, OrderLine
from flow.business.restaurants.types import Restaurant
from flow.kit.money import Money


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with the price of one piece, options included."""

    product: Product
    quantity: int
    unit_price: int
    options: tuple[dict[str, object], ...]
    notes: str | None

    @property
    def total(self) -> int:
        """Before the discount."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Price:
    """The sums of an order; `line_discounts` shares `discount_amount` out over the lines and adds up to it."""

    subtotal: int
    discount_amount: int
    line_discounts: tuple[int, ...]
    delivery_fee: int
    tax_amount: int

    @property
    def total(self) -> int:
        """What the guest pays."""
        return self.subtotal - self.discount_amount + self.delivery_fee


def price_lines(lines: Sequence[OrderLine], menu: Mapping[UUID, MenuItem]) -> list[PricedLine]:
    """Each line with its price; a product never costs less than nothing, whatever its options take off."""
    return [_priced(line, menu[line.product_id]) for line in lines]


def price(
    restaurant: Restaurant, lines: Sequence[PricedLine], discount: Discount | None, fulfillment: Fulfillment
) -> Price:
    """The sums of priced lines with an applicable discount."""
    subtotal = sum(line.total for line in lines)
    reduction = _reduction(subtotal, discount)
    fee = _delivery_fee(restaurant, subtotal) if fulfillment == "delivery" else 0
    return Price(
        subtotal=subtotal,
        discount_amount=reduction,
        line_discounts=_shares(reduction, [line.total for line in lines]),
        delivery_fee=fee,
        tax_amount=contained_vat(subtotal - reduction + fee, restaurant.vat_rate_percent),
    )


def contained_vat(total: int, rate_percent: Decimal) -> int:
    """The VAT within `total` øre at a rate of 25 for 25 %, half an øre rounded up."""
    exact = Decimal(total) * rate_percent / (100 + rate_percent)
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


def _priced(line: OrderLine, item: MenuItem) -> PricedLine:
    chosen = [(group.name, option) for group in item.groups for option in group.options if option.id in line.option_ids]
    return PricedLine(
        product=item.product,
        quantity=line.quantity,
        unit_price=max(item.product.price + sum(option.price_mod for _, option in chosen), 0),
        options=tuple({"name": group, "value": option.name, "price_mod": option.price_mod} for group, option in chosen),
        notes=line.notes,
    )


def _reduction(subtotal: int, discount: Discount | None) -> int:
    if discount is None:
        return 0
    if discount.percent is not None:
        return Money(subtotal).share(discount.percent).amount
    return min(discount.amount or 0, subtotal)


def _shares(reduction: int, line_totals: Sequence[int]) -> tuple[int, ...]:
    if reduction == 0:
        return (0,) * len(line_totals)
    return tuple(part.amount for part in Money(reduction).allocate(line_totals))


def _delivery_fee(restaurant: Restaurant, subtotal: int) -> int:
    is_free = restaurant.free_delivery_from is not None and subtotal >= restaurant.free_delivery_from
    return 0 if is_free else restaurant.delivery_fee
