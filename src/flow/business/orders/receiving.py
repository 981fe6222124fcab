"""Receives orders that were priced and paid elsewhere, such as on a delivery platform: their sums hold, not our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flow.business.menu.store import products_by_sku
from flow.business.menu.types import Product
from flow.business.orders import store
from flow.business.orders.attribution import Journey, attribution_of
from flow.business.orders.pricing import contained_vat
from flow.business.orders.service import note_change
from flow.business.orders.types import Channel, Fulfillment, Order, OrderItem, Placed, PlaceOrder, StatusChange
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.kit.money import Money

__all__ = ["ReceivedLine", "ReceivedOrder", "find_received", "receive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """What was sold there; `total` is øre for all pieces, options included. `sku` is ours, where they know it."""

    name: str
    quantity: int
    total: int
    sku: str | None = None
    category: str | None = None
    options: tuple[dict[str, object], ...] = ()
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedOrder:
    """An order as another system took it. `goods` is what the guest paid there for all lines, in øre, fees apart."""

    source: str
    external_id: str
    channel: Channel
    fulfillment_type: Fulfillment
    lines: tuple[ReceivedLine, ...]
    goods: int
    delivery_fee: int = 0
    customer_name: str | None = None
    notes: str | None = None
    ordered_at: datetime


async def receive(
    transaction: Transaction, restaurant: Restaurant, received: ReceivedOrder, *, now: datetime
) -> Placed:
    """Stores the order as pending, once per source and external number; needs a service transaction.

    No payment is made for it: the money went to somebody else. Lines whose article number is on the menu sell its
    products. Where the lines do not add up to `goods`, a discount or a line of its own makes up the difference, so
    that the order's total is what the guest paid.
    """
    if earlier := await find_received(transaction, restaurant.id, received):
        return Placed(earlier, is_new=False)
    lines = _settled(received)
    [number] = await store.reserve_numbers(transaction, restaurant.id)
    order = _order(restaurant, received, lines, number, now)
    if not await store.add_order(transaction, order):
        await store.return_number(transaction, restaurant.id)
        earlier = await find_received(transaction, restaurant.id, received)
        assert earlier is not None, "another transaction stored it and has committed"
        return Placed(earlier, is_new=False)
    menu = await products_by_sku(transaction, restaurant.id, {line.sku for line in received.lines if line.sku})
    await store.add_items(transaction, [_item(order, line, menu.get(line.of.sku or "")) for line in lines])
    await store.add_status_change(transaction, _first_step(order))
    if attribution := attribution_of(order, Journey()):
        await store.add_attribution(transaction, attribution)
    await note_change(transaction, restaurant, order, reason="order received late", at=now)
    return Placed(order, is_new=True)


async def find_received(transaction: Transaction, restaurant_id: UUID, received: ReceivedOrder) -> Order | None:
    """The order that was stored for it; None while there is none."""
    wish = PlaceOrder(lines=(), source=received.source, external_id=received.external_id)
    return await store.earlier_order(transaction, restaurant_id, wish)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line whose sum divides by its pieces; the øre too many are a discount."""

    of: ReceivedLine
    unit_price: int
    discount: int = field(default=0)

    @property
    def total(self) -> int:
        return self.unit_price * self.of.quantity


def _settled(received: ReceivedOrder) -> list[_Line]:
    """Lines whose totals less their discounts add up to `received.goods`."""
    lines = list(received.lines)
    missing = received.goods - sum(line.total for line in lines)
    if missing > 0:
        lines.append(ReceivedLine(name="Not itemised", quantity=1, total=missing))
    shares = _shares(max(-missing, 0), [line.total for line in lines])
    settled = []
    for line, share in zip(lines, shares, strict=True):
        unit_price = -(-line.total // line.quantity)
        settled.append(_Line(line, unit_price, unit_price * line.quantity - line.total + share))
    return settled


def _shares(discount: int, totals: Sequence[int]) -> list[int]:
    return [part.amount for part in Money(discount).allocate(totals)] if discount else [0] * len(totals)


def _order(
    restaurant: Restaurant, received: ReceivedOrder, lines: Sequence[_Line], number: int, now: datetime
) -> Order:
    total = received.goods + received.delivery_fee
    return Order(
        restaurant_id=restaurant.id,
        id=new_id(),
        order_number=number,
        channel=received.channel,
        fulfillment_type=received.fulfillment_type,
        payment_method="external",
        currency=restaurant.currency,
        subtotal=sum(line.total for line in lines),
        discount_amount=sum(line.discount for line in lines),
        delivery_fee=received.delivery_fee,
        tax_amount=contained_vat(total, restaurant.vat_rate_percent),
        total=total,
        item_count=sum(line.of.quantity for line in lines),
        customer_name=received.customer_name,
        notes=received.notes,
        source=received.source,
        external_id=received.external_id,
        created_at=received.ordered_at,
        recorded_at=now,
        updated_at=now,
    )


def _item(order: Order, line: _Line, product: Product | None) -> OrderItem:
    return OrderItem(
        restaurant_id=order.restaurant_id,
        id=new_id(),
        order_id=order.id,
        product_id=product.id if product else None,
        product_name=line.of.name,
        product_sku=line.of.sku,
        product_category=product.category if product else line.of.category,
        unit_price=line.unit_price,
        quantity=line.of.quantity,
        line_total=line.total,
        discount_amount=line.discount,
        options=list(line.of.options),
        notes=line.of.notes,
        created_at=order.created_at,
    )


def _first_step(order: Order) -> StatusChange:
    return StatusChange(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        changed_at=order.recorded_at,
        id=new_id(),
        from_status=None,
        to_status=order.status,
    )
