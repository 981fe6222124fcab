"""Moves orders through their states, and lets payments, points and figures follow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.loyalty.store import settle_points
from flow.business.orders import store
from flow.business.orders.errors import IllegalMove
from flow.business.orders.service import note_change
from flow.business.orders.status import check_move
from flow.business.orders.types import Order, Status
from flow.business.payments import service as payments
from flow.business.payments.store import settle_payments
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.kit.clock import Clock


async def move(
    transaction: Transaction,
    restaurant: Restaurant,
    order_id: UUID,
    status: Status,
    *,
    clock: Clock,
    reason: str | None = None,
    moved_by: UUID | None = None,
) -> Order:
    """The order in its new state, in a transaction of someone with orders.write or of the service.

    Cash is paid when the order is completed, and a member's points are earned then. Cancelling needs a `reason`.
    IllegalMove names what is allowed instead; refunding has its own function.
    """
    if status == "refunded":
        raise IllegalMove("Refund the order instead: that says how much.")
    order = await store.lock_order(transaction, restaurant.id, order_id)
    check_move(order.status, status, order.fulfillment_type)
    if status == "cancelled" and not reason:
        raise InvalidInput("Say why the order is cancelled.", details={"at": "reason"})
    now = clock.now()
    order = await store.move_order(transaction, order, status, reason=reason, moved_by=moved_by, moved_at=now)
    if status in ("completed", "cancelled"):
        await settle_payments(transaction, restaurant.id, order.id, settled_at=now)
    return await _settled(transaction, restaurant, order, reason=f"order {status}", at=now)


async def refund(
    transaction: Transaction,
    restaurant: Restaurant,
    order_id: UUID,
    amount: int | None,
    *,
    clock: Clock,
    reason: str,
    moved_by: UUID | None = None,
) -> Order:
    """The order after paying back `amount` øre, None for all that was paid; needs payments.write or the service.

    It becomes refunded when everything is paid back; before that it stays where it is. What an online provider has to
    pay back counts once the provider has. IllegalMove unless it is completed or cancelled, NothingToRefund when less
    was paid.
    """
    order = await store.lock_order(transaction, restaurant.id, order_id)
    check_move(order.status, "refunded", order.fulfillment_type)
    now = clock.now()
    paid_back = await payments.refund(
        transaction, restaurant.id, order.id, amount, reason=reason, at=now, asked_by=moved_by
    )
    status = "refunded" if order.refunded_amount + paid_back.now == order.total else order.status
    order = await store.move_order(
        transaction, order, status, reason=reason, moved_by=moved_by, moved_at=now, refund_amount=paid_back.now
    )
    return await _settled(transaction, restaurant, order, reason="order refunded", at=now)


async def _settled(
    transaction: Transaction, restaurant: Restaurant, order: Order, *, reason: str, at: datetime
) -> Order:
    await settle_points(transaction, restaurant.id, order.id, settled_at=at)
    await note_change(transaction, restaurant, order, reason=reason, at=at)
    return order
