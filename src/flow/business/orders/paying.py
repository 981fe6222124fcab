"""What a provider's word about a payment does: to the payment, to its order, and to whoever has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from flow.business.loyalty.store import settle_points
from flow.business.orders import store
from flow.business.orders.service import note_change
from flow.business.orders.types import Order, Status, StatusChange
from flow.business.outbox.store import record
from flow.business.payments import store as payments
from flow.business.payments.state import after
from flow.business.payments.types import OnlinePayment, Refund, RefundStatus, Told, ToldRefund
from flow.business.restaurants.store import find_restaurant
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.kit.clock import Clock
from flow.kit.ids import new_id
from flow.web.i18n import N_

__all__ = ["hear", "hear_refund", "warn_about"]

_PAID = frozenset({"completed", "partially_refunded", "refunded", "disputed"})  # a dispute is about money taken
_RANKS: tuple[RefundStatus, ...] = ("requested", "pending", "succeeded", "failed")
_BY_PROVIDER = "paid back by the provider"

_LATE = N_("Money came in for order %(number)s after its payment was over")
_CANCELLED = N_("Order %(number)s was cancelled, but is paid")
_DISPUTED = N_("The payment of order %(number)s is disputed")
_CAME_BACK = N_("A refund of order %(number)s came back")
_REFUND_IT = N_("%(amount)s was taken. Refund it, or call the guest.")
_ANSWER_IT = N_("%(amount)s. Answer at the payment provider before its deadline.")
_SEND_IT_ANEW = N_("%(amount)s did not reach the guest. Pay it back in another way.")


@dataclass(frozen=True, slots=True)
class _Case:
    """All that a word is about, held by this transaction."""

    transaction: Transaction
    clock: Clock
    restaurant: Restaurant
    order: Order


async def hear(transaction: Transaction, payment: OnlinePayment, told: Told, *, clock: Clock) -> OnlinePayment:
    """The payment as it is after `told`, in a transaction of the service; the order and its figures follow.

    A paid or reserved order that waited is confirmed. Money for what is over, a dispute and a paid order that was
    cancelled leave a message for people.
    """
    case = await _case(transaction, payment, clock)
    return await _follow(case, await payments.lock_online(transaction, payment), told)


async def hear_refund(
    transaction: Transaction, payment: OnlinePayment, told: ToldRefund, *, clock: Clock
) -> OnlinePayment:
    """The same for the word about one refund, known by the provider's number of it or by ours."""
    case = await _case(transaction, payment, clock)
    payment = await payments.lock_online(transaction, payment)
    known = await payments.find_refund(transaction, payment, refund_id=told.id, number=told.provider_refund_id)
    await _keep_refund(case, payment, known, told)
    if told.status == "failed" and (known is None or known.status != "failed"):
        await _warn(case, _CAME_BACK, _SEND_IT_ANEW, told.amount)
    return await _follow(case, payment, Told(at=clock.now()))


async def warn_about(
    transaction: Transaction, payment: OnlinePayment, title: str, body: str, *, clock: Clock, **variables: object
) -> None:
    """Leaves a critical message about the payment's order; `title` and `body` are marked for translation."""
    case = await _case(transaction, payment, clock)
    await _leave(case, title, body, variables)


async def _case(transaction: Transaction, payment: OnlinePayment, clock: Clock) -> _Case:
    restaurant = await find_restaurant(transaction, payment.restaurant_id)
    # The order first: whoever moves it locks in this order too.
    order = await store.lock_order(transaction, payment.restaurant_id, payment.order_id)
    return _Case(transaction, clock, restaurant, order)


async def _follow(case: _Case, payment: OnlinePayment, told: Told) -> OnlinePayment:
    verdict = after(payment, told, await payments.refund_sums(case.transaction, payment))
    now = verdict.payment
    if now != payment:
        await payments.keep_told(case.transaction, now, now=case.clock.now())
        await _lead_order(case, payment, now)
    if verdict.is_late_success:
        await _warn(case, _LATE, _REFUND_IT, payment.amount)
    return now


async def _lead_order(case: _Case, before: OnlinePayment, now: OnlinePayment) -> None:
    if now.status in ("authorized", *_PAID) and case.order.status == "pending":
        await _move(case, "confirmed", N_("order paid"))
    if now.status in _PAID and before.status not in _PAID and case.order.status == "cancelled":
        await _warn(case, _CANCELLED, _REFUND_IT, now.captured_amount - now.refunded_amount)
    if now.status == "disputed" and before.status != "disputed":
        await _warn(case, _DISPUTED, _ANSWER_IT, now.captured_amount)
    if change := now.refunded_amount - before.refunded_amount:
        await _count_refunded(case, now, change)
    await record(case.transaction, now.restaurant_id, now.order_id)


async def _count_refunded(case: _Case, payment: OnlinePayment, change: int) -> None:
    """What was paid back, or came back, shows on the order, in its points and in the figures of its day."""
    at = case.clock.now()
    await payments.count_refunded(case.transaction, payment, change, now=at)
    order = await store.find_order(case.transaction, payment.restaurant_id, payment.order_id)
    is_whole = order.refunded_amount == order.total
    if change < 0 and order.status == "refunded" and not is_whole:
        status = await store.reopen_refunded(case.transaction, order, now=at)
        await _step(case, order, status, N_("a refund came back"))
    elif change > 0 and is_whole and order.status in ("completed", "cancelled"):
        await _move(case, "refunded", _BY_PROVIDER, refund_amount=change)
    elif change > 0:
        await _step(case, order, order.status, _BY_PROVIDER, refund_amount=change)
    await settle_points(case.transaction, order.restaurant_id, order.id, settled_at=at)
    await note_change(case.transaction, case.restaurant, order, reason="order refunded", at=at)


async def _move(
    case: _Case, status: Literal["confirmed", "refunded"], reason: str, *, refund_amount: int | None = None
) -> None:
    at = case.clock.now()
    order = await store.move_order(
        case.transaction,
        case.order,
        status,
        reason=reason,
        moved_by=None,
        moved_at=at,
        refund_amount=refund_amount,
    )
    await note_change(case.transaction, case.restaurant, order, reason=reason, at=at)


async def _step(case: _Case, order: Order, status: Status, reason: str, *, refund_amount: int | None = None) -> None:
    """A step that the status machine does not know: money goes back whatever the order is doing."""
    step = StatusChange(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        changed_at=case.clock.now(),
        id=new_id(),
        from_status=order.status,
        to_status=status,
        reason=reason,
        refund_amount=refund_amount,
    )
    await store.add_status_change(case.transaction, step)


async def _keep_refund(case: _Case, payment: OnlinePayment, known: Refund | None, told: ToldRefund) -> None:
    at = case.clock.now()
    if known is None:
        new = Refund(
            restaurant_id=payment.restaurant_id,
            id=new_id(),
            payment_id=payment.id,
            order_id=payment.order_id,
            amount=told.amount,
            status=told.status,
            provider_refund_id=told.provider_refund_id,
            failure_code=told.failure_code,
            created_at=at,
            updated_at=at,
        )
        await payments.add_refund(case.transaction, new)
        return
    kept = replace(
        known,
        amount=told.amount,
        status=max(known.status, told.status, key=_RANKS.index),
        provider_refund_id=told.provider_refund_id or known.provider_refund_id,
        failure_code=told.failure_code or known.failure_code,
    )
    await payments.keep_refund(case.transaction, kept, now=at)


async def _warn(case: _Case, title: str, body: str, amount: int) -> None:
    await _leave(case, title, body, {"amount": {"amount": amount, "currency": case.restaurant.currency}})


async def _leave(case: _Case, title: str, body: str, facts: Mapping[str, object]) -> None:
    await payments.warn(
        case.transaction,
        case.order.restaurant_id,
        title=title,
        body=body,
        facts={"number": case.order.order_number, **facts},
        link=f"/orders/{case.order.id}?restaurant={case.order.restaurant_id}",
        now=case.clock.now(),
        is_critical=True,
    )
