"""Orders over HTTP, for the restaurant's people: the list, one order, and moving it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from flow.business.orders import moves, store
from flow.business.orders.schemas import MoveBody, OrderDetail, OrderPage, detail, summary
from flow.business.orders.types import Channel, Order, Status, StatusChange
from flow.business.payments.store import payments_of
from flow.business.restaurants.service import restaurant_of_staff
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.web.cursor import cursor_after, read_cursor
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(prefix="/api/orders", tags=["orders"])

RestaurantId = Annotated[UUID, Query(description="The restaurant whose orders these are.")]
Day = Annotated[date | None, Query(ge=date(1990, 1, 1), le=date(2199, 12, 31))]


@router.get("")
async def list_orders(
    *,
    transaction: UserTransaction,
    restaurant_id: RestaurantId,
    status: Status | None = None,
    channel: Channel | None = None,
    customer_id: UUID | None = None,
    from_: Annotated[Day, Query(alias="from", description="First business day.")] = None,
    to: Annotated[Day, Query(description="Last business day, included.")] = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OrderPage:
    """Orders, newest first. Needs active_orders.read; without orders.read these are the orders underway."""
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "active_orders.read")
    since, until = _span(restaurant, from_, to)
    wanted = store.OrderFilter(status=status, channel=channel, customer_id=customer_id, since=since, until=until)
    found = await store.list_orders(transaction, restaurant.id, wanted, after=read_cursor(cursor), limit=limit + 1)
    page = found[:limit]
    return OrderPage(
        orders=[summary(order) for order in page],
        next=cursor_after(page[-1].created_at, page[-1].id) if len(found) > limit else None,
    )


@router.get("/{order_id}")
async def get_order(transaction: UserTransaction, order_id: UUID, restaurant_id: RestaurantId) -> OrderDetail:
    """An order with its lines and history, and its payments for those with payments.read.

    Needs active_orders.read; without orders.read only an order underway is there.
    """
    await restaurant_of_staff(transaction, restaurant_id, "active_orders.read")
    order = await store.find_order(transaction, restaurant_id, order_id)
    return await told(transaction, order, with_payments=_may(transaction, "payments.read", restaurant_id))


@router.patch("/{order_id}")
async def move_order(
    request: Request, transaction: UserTransaction, order_id: UUID, restaurant_id: RestaurantId, body: MoveBody
) -> OrderDetail:
    """Moves an order on, cancels it or pays it back. Needs orders.write; paying back needs payments.write.

    `allowed_statuses` of the order says where it may go; anything else is 409 and names them again.
    """
    needed = "payments.write" if body.status == "refunded" else "orders.write"
    restaurant = await restaurant_of_staff(transaction, restaurant_id, needed)
    if not _may(transaction, "orders.read", restaurant_id):
        return await _moved_out_of_sight(request, transaction, restaurant, order_id, body)
    order = await _moved(request, transaction, restaurant, order_id, body)
    return await told(transaction, order, with_payments=_may(transaction, "payments.read", restaurant_id))


async def told(transaction: Transaction, order: Order, *, with_payments: bool) -> OrderDetail:
    """The order with all that belongs to it."""
    return detail(
        order,
        await store.items_of(transaction, order.restaurant_id, order.id),
        await payments_of(transaction, order.restaurant_id, order.id) if with_payments else None,
        await store.steps_of(transaction, order.restaurant_id, order.id),
    )


async def _moved_out_of_sight(
    request: Request, transaction: Transaction, restaurant: Restaurant, order_id: UUID, body: MoveBody
) -> OrderDetail:
    """For those who see an order only while it is underway: what belongs to it is read before it moves."""
    before = await store.find_order(transaction, restaurant.id, order_id)
    items = await store.items_of(transaction, restaurant.id, order_id)
    steps = await store.steps_of(transaction, restaurant.id, order_id)
    order = await _moved(request, transaction, restaurant, order_id, body)
    assert transaction.caller is not None
    return detail(order, items, None, [*steps, _step(before, order, body, transaction.caller.user_id)])


def _step(before: Order, order: Order, body: MoveBody, moved_by: UUID) -> StatusChange:
    return StatusChange(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        changed_at=order.updated_at,
        id=order.id,
        from_status=before.status,
        to_status=order.status,
        changed_by=moved_by,
        reason=body.reason,
    )


async def _moved(
    request: Request, transaction: Transaction, restaurant: Restaurant, order_id: UUID, body: MoveBody
) -> Order:
    clock = services(request).clock
    moved_by = transaction.caller.user_id if transaction.caller else None
    if body.status != "refunded":
        if body.refund_amount is not None:
            raise InvalidInput("An amount is for status refunded only.", details={"at": "refund_amount"})
        return await moves.move(
            transaction, restaurant, order_id, body.status, reason=body.reason, clock=clock, moved_by=moved_by
        )
    if not body.reason:
        raise InvalidInput("Say why the order is refunded.", details={"at": "reason"})
    return await moves.refund(
        transaction, restaurant, order_id, body.refund_amount, reason=body.reason, clock=clock, moved_by=moved_by
    )


def _may(transaction: Transaction, permission: str, restaurant_id: UUID) -> bool:
    return transaction.caller is not None and restaurant_id in transaction.caller.restaurants_with(permission)


def _span(restaurant: Restaurant, first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """The business days as instants; an open end is None."""
    if first and last and last < first:
        raise InvalidInput("The last day lies before the first.", details={"at": "query.to"})
    calendar = restaurant.calendar
    return (calendar.bounds(first)[0] if first else None, calendar.bounds(last)[1] if last else None)
