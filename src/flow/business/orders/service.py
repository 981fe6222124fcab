"""Places orders: the one way by which an order comes into being, whatever channel it comes by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from flow.business.customers.service import recognise
from flow.business.menu.store import menu_items
from flow.business.menu.types import MenuItem
from flow.business.orders import store
from flow.business.orders.attribution import Journey, attribution_of, journey_to
from flow.business.orders.checks import line_faults, normalised, payment_provider, price_faults, terms_faults
from flow.business.orders.errors import IdempotencyConflict, InvalidOrder, PriceChanged
from flow.business.orders.pricing import Price, PricedLine, price, price_lines
from flow.business.orders.types import Discount, Order, OrderItem, Placed, PlaceOrder, StatusChange
from flow.business.outbox import store as outbox
from flow.business.payments.service import add_payment
from flow.business.payments.store import connected_providers
from flow.business.payments.types import Provider
from flow.business.restaurants.errors import RestaurantClosed
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.kit.clock import Clock
from flow.kit.ids import new_id

# What may differ between two tries of one request: who asks, and when.
_NOT_HASHED = frozenset({"idempotency_key", "visitor_id", "daily_visitor_ids", "placed_by", "ordered_at"})


async def place(transaction: Transaction, restaurant: Restaurant, order: PlaceOrder, *, clock: Clock) -> Placed:
    """Prices the order, stores it with all that belongs to it, and tells live pages; needs a service transaction.

    The same idempotency key with the same wish answers the order that was made before; with another wish it is an
    IdempotencyConflict. InvalidOrder names everything that is wrong, PriceChanged says the price that would hold,
    RestaurantClosed that no orders are taken.
    """
    request_hash = _hash(order)
    if earlier := await _earlier(transaction, restaurant, order, request_hash):
        return earlier
    if restaurant.status != "active":
        raise RestaurantClosed
    now = clock.now()
    ordered_at = order.ordered_at or now
    order, menu, provider = await _checked(transaction, restaurant, order)
    basket = await _priced(transaction, restaurant, order, menu, at=ordered_at)
    customer_id = await recognise(transaction, restaurant.id, order.contact, ordered_at=ordered_at, now=now)
    journey = await journey_to(transaction, restaurant.id, order, at=ordered_at)
    [number] = await store.reserve_numbers(transaction, restaurant.id)
    row = replace(
        _row(restaurant, order, basket, ordered_at=ordered_at, recorded_at=now),
        order_number=number,
        request_hash=request_hash,
        customer_id=customer_id,
        # Without consent the order, which has a name on it, does not lead to the visit.
        session_id=journey.session_at(ordered_at) if order.visitor_id else None,
    )
    if not await store.add_order(transaction, row):
        return await _twin(transaction, restaurant, order, request_hash)
    await _record(transaction, order, row, basket, provider)
    await _attribute(transaction, row, journey)
    await note_change(transaction, restaurant, row, reason="order placed late", at=now)
    return Placed(row, is_new=True)


async def quote(transaction: Transaction, restaurant: Restaurant, order: PlaceOrder, *, clock: Clock) -> Price:
    """What the order would cost now; InvalidOrder names what is wrong with its lines or its discount code."""
    menu = await _menu_of(transaction, restaurant, order)
    if faults := list(line_faults(restaurant, order, menu)):
        raise InvalidOrder(faults)
    return (await _priced(transaction, restaurant, order, menu, at=clock.now())).cost


async def note_change(
    transaction: Transaction, restaurant: Restaurant, order: Order, *, reason: str, at: datetime
) -> None:
    """Writes it into the outbox and tells live pages; a business day that is over by `at` is to be counted anew."""
    await outbox.record(transaction, restaurant.id, order.id)
    day = restaurant.calendar.business_day(order.created_at)
    if day < restaurant.calendar.business_day(at):
        await store.mark_day_stale(transaction, restaurant.id, day, reason=reason, marked_at=at)
    await store.notify_live(transaction, restaurant.id)


@dataclass(frozen=True, slots=True)
class _Basket:
    lines: list[PricedLine]
    cost: Price
    discount: Discount | None


async def _earlier(
    transaction: Transaction, restaurant: Restaurant, order: PlaceOrder, request_hash: bytes
) -> Placed | None:
    if order.idempotency_key is None and order.external_id is None:
        return None
    earlier = await store.earlier_order(transaction, restaurant.id, order)
    if earlier is None:
        return None
    if earlier.request_hash != request_hash:
        raise IdempotencyConflict
    return Placed(earlier, is_new=False)


async def _twin(transaction: Transaction, restaurant: Restaurant, order: PlaceOrder, request_hash: bytes) -> Placed:
    """The same request came twice at once: the other one committed while this one waited for its number."""
    await store.return_number(transaction, restaurant.id)
    earlier = await _earlier(transaction, restaurant, order, request_hash)
    if earlier is None:
        raise IdempotencyConflict
    return earlier


def _hash(order: PlaceOrder) -> bytes:
    """A fingerprint of the wish. What is empty is left out, so that a field to come does not change old ones."""
    wish = {name: value for name, value in asdict(order).items() if name not in _NOT_HASHED and value}
    return hashlib.sha256(json.dumps(wish, default=str, sort_keys=True).encode()).digest()


async def _checked(
    transaction: Transaction, restaurant: Restaurant, order: PlaceOrder
) -> tuple[PlaceOrder, dict[UUID, MenuItem], Provider]:
    """The order with a contact that the database knows, the part of the menu that it names, and who takes its money."""
    menu = await _menu_of(transaction, restaurant, order)
    connected = await connected_providers(transaction, restaurant.id)
    order, faults = normalised(order, restaurant)
    faults += [*line_faults(restaurant, order, menu), *terms_faults(restaurant, order, connected)]
    provider = payment_provider(restaurant, order, connected)
    if faults or provider is None:
        raise InvalidOrder(faults)
    return order, menu, provider


async def _menu_of(transaction: Transaction, restaurant: Restaurant, order: PlaceOrder) -> dict[UUID, MenuItem]:
    return await menu_items(transaction, restaurant.id, {line.product_id for line in order.lines})


async def _priced(
    transaction: Transaction, restaurant: Restaurant, order: PlaceOrder, menu: dict[UUID, MenuItem], *, at: datetime
) -> _Basket:
    lines = price_lines(order.lines, menu)
    discount = await store.find_discount(transaction, restaurant.id, order.discount_code)
    if faults := list(price_faults(restaurant, order, sum(line.total for line in lines), discount, at)):
        raise InvalidOrder(faults)
    cost = price(restaurant, lines, discount, order.fulfillment_type)
    if order.expected_total is not None and order.expected_total != cost.total:
        raise PriceChanged(details={"expected_total": order.expected_total, "total": cost.total})
    return _Basket(lines, cost, discount)


def _row(
    restaurant: Restaurant, order: PlaceOrder, basket: _Basket, *, ordered_at: datetime, recorded_at: datetime
) -> Order:
    cost = basket.cost
    address = order.address if order.fulfillment_type == "delivery" else None
    return Order(
        restaurant_id=restaurant.id,
        id=new_id(),
        order_number=0,
        channel=order.channel,
        fulfillment_type=order.fulfillment_type,
        payment_method=order.payment_method,
        currency=restaurant.currency,
        subtotal=cost.subtotal,
        discount_amount=cost.discount_amount,
        discount_code=basket.discount.code if basket.discount else None,
        delivery_fee=cost.delivery_fee,
        tax_amount=cost.tax_amount,
        total=cost.total,
        item_count=sum(line.quantity for line in basket.lines),
        user_id=order.user_id,
        customer_name=order.contact.name,
        customer_phone=order.contact.phone,
        customer_email=order.contact.email,
        delivery_address=address.street if address else None,
        delivery_postal_code=address.postal_code if address else None,
        delivery_city=address.city if address else None,
        notes=order.notes,
        visitor_id=order.visitor_id,
        idempotency_key=order.idempotency_key,
        source=order.source,
        external_id=order.external_id,
        created_at=ordered_at,
        recorded_at=recorded_at,
        updated_at=recorded_at,
    )


async def _record(transaction: Transaction, order: PlaceOrder, row: Order, basket: _Basket, provider: Provider) -> None:
    """The lines, the payment and the first step of a new order."""
    await store.add_items(transaction, _items(row, basket))
    await add_payment(
        transaction,
        row.restaurant_id,
        row.id,
        amount=row.total,
        currency=row.currency,
        provider=provider,
        at=row.recorded_at,
    )
    first_step = StatusChange(
        restaurant_id=row.restaurant_id,
        order_id=row.id,
        changed_at=row.recorded_at,
        id=new_id(),
        from_status=None,
        to_status=row.status,
        changed_by=order.placed_by,
    )
    await store.add_status_change(transaction, first_step)


def _items(order: Order, basket: _Basket) -> list[OrderItem]:
    code = basket.discount.code if basket.discount else None
    return [
        OrderItem(
            restaurant_id=order.restaurant_id,
            id=new_id(),
            order_id=order.id,
            product_id=line.product.id,
            product_name=line.product.name,
            product_sku=line.product.sku,
            product_category=line.product.category,
            unit_price=line.unit_price,
            quantity=line.quantity,
            line_total=line.total,
            discount_amount=share,
            discount_reason=code if share else None,
            options=list(line.options),
            notes=line.notes,
            created_at=order.created_at,
        )
        for line, share in zip(basket.lines, basket.cost.line_discounts, strict=True)
    ]


async def _attribute(transaction: Transaction, order: Order, journey: Journey) -> None:
    if attribution := attribution_of(order, journey):
        await store.add_attribution(transaction, attribution)
    if session_id := journey.session_at(order.created_at):
        await store.count_session_order(transaction, order.restaurant_id, session_id)
