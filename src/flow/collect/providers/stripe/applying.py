"""What each of Stripe's events does, once, in any order. The payment's own row says whose it is, never the metadata."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from flow.business.orders.paying import hear, hear_refund
from flow.business.payments import store
from flow.business.payments.types import OnlinePayment, Told
from flow.collect.integrations.queue import enqueue
from flow.collect.payments.hearing import NotKnownYet, found, other_terms
from flow.collect.providers.stripe import payload
from flow.collect.providers.stripe.payload import Event, read_as, uuid_of
from flow.collect.providers.stripe.telling import dispute_of, told_by_charge, told_by_intent, told_refund
from flow.collect.webhooks.types import Applying, Item, Outcome
from flow.web.i18n import N_

__all__ = ["apply"]

_TRIES_TO_FIND: Final = 4
"""A refund names no order: what tells of its payment may come after it, within a minute or two."""

_DONE: Final = Outcome("done")
_NOT_OURS: Final = Outcome("ignored", N_("Not a payment of FLOW."))
_UNKNOWN: Final = Outcome("parked", N_("There is no such payment."))
_OTHER_RESTAURANT: Final = Outcome("parked", N_("The payment is said to be another restaurant's."))

_Handler = Callable[[Applying, Item, Event], Awaitable[Outcome]]


async def apply(applying: Applying, item: Item) -> Outcome:
    """Applies an event; one of a type that means nothing to a payment is ignored."""
    event = payload.read(item.payload)
    handle = next((handler for prefix, handler in _HANDLERS if event.type.startswith(prefix)), None)
    return (
        Outcome("ignored", N_("FLOW does not use this event."))
        if handle is None
        else await handle(applying, item, event)
    )


async def _intent(applying: Applying, _: Item, event: Event) -> Outcome:
    intent = read_as(payload.Intent, event.data.object)
    payment = await _named(applying, intent.id, intent.metadata)
    if isinstance(payment, Outcome):
        return payment
    told = told_by_intent(intent, event.at)
    amount = intent.amount if told.captured is None else told.captured
    return await _heard(applying, payment, told, amount=amount, currency=intent.currency)


async def _charge(applying: Applying, _: Item, event: Event) -> Outcome:
    charge = read_as(payload.Charge, event.data.object)
    if charge.payment_intent is None:
        return _NOT_OURS
    payment = await _named(applying, charge.payment_intent, charge.metadata)
    if isinstance(payment, Outcome):
        return payment
    told = told_by_charge(charge, event.at)
    amount = charge.amount if told.captured is None else told.captured
    outcome = await _heard(applying, payment, told, amount=amount, currency=charge.currency)
    if outcome == _DONE and told.captured:
        await _look_for_refunds(applying, payment, event, charge.amount_refunded)
    return outcome


async def _refund(applying: Applying, item: Item, event: Event) -> Outcome:
    refund = read_as(payload.Refund, event.data.object)
    payment = await _awaited(applying, item, refund.payment_intent, refund.metadata)
    if isinstance(payment, Outcome):
        return payment
    if parked := await other_terms(applying, payment, amount=None, currency=refund.currency):
        return parked
    await hear_refund(applying.transaction, payment, told_refund(refund), clock=applying.context.clock)
    return _DONE


async def _dispute(applying: Applying, item: Item, event: Event) -> Outcome:
    dispute = read_as(payload.Dispute, event.data.object)
    payment = await _awaited(applying, item, dispute.payment_intent, None)
    if isinstance(payment, Outcome):
        return payment
    told = Told(at=event.at, dispute=dispute_of(dispute))
    return await _heard(applying, payment, told, amount=None, currency=dispute.currency)


async def _session(applying: Applying, _: Item, event: Event) -> Outcome:
    """The page on which the guest pays. That it was completed says nothing that the payment itself does not."""
    session = read_as(payload.Session, event.data.object)
    payment_id = uuid_of(session.metadata, "payment_id")
    if payment_id is None:
        return _NOT_OURS
    payment = await store.find_online(applying.transaction, applying.integration.restaurant_id, payment_id)
    if payment is None or payment.provider != "stripe":
        return _UNKNOWN
    if session.payment_intent is not None:
        payment = await found(applying, "stripe", session.payment_intent, payment_id=payment_id) or payment
    if event.type != "checkout.session.expired":
        return _DONE
    told = Told(at=event.at, status="expired")
    return await _heard(applying, payment, told, amount=session.amount_total, currency=session.currency or "dkk")


_HANDLERS: Final[tuple[tuple[str, _Handler], ...]] = (
    ("payment_intent.", _intent),
    ("charge.dispute.", _dispute),
    ("charge.refund.", _refund),
    ("charge.", _charge),
    ("refund.", _refund),
    ("checkout.session.", _session),
)
"""By the beginning of the type; the first that fits."""


async def _look_for_refunds(applying: Applying, payment: OnlinePayment, event: Event, refunded: int) -> None:
    """Refunds tell of themselves, later or not at all where Stripe was not asked to: FLOW looks for those it misses."""
    known = await store.refund_sums(applying.transaction, payment)
    if refunded > known.made + known.failed:
        await enqueue(
            applying.transaction,
            payment.restaurant_id,
            "stripe",
            "look",
            f"look:{event.id}",
            {"payment_id": str(payment.id)},
            now=applying.now,
        )


async def _named(applying: Applying, number: str, metadata: dict[str, str] | None) -> OnlinePayment | Outcome:
    """The payment by Stripe's number, else by ours in the metadata; what FLOW did not make is not its business."""
    payment = await found(applying, "stripe", number, payment_id=uuid_of(metadata, "payment_id"))
    if payment is None:
        return _UNKNOWN if _of_flow(metadata) else _NOT_OURS
    told = uuid_of(metadata, "restaurant_id")
    return payment if told in (None, payment.restaurant_id) else _OTHER_RESTAURANT


async def _awaited(
    applying: Applying, item: Item, number: str | None, metadata: dict[str, str] | None
) -> OnlinePayment | Outcome:
    """The same for what may come before the first word about its payment."""
    if number is None:
        return _NOT_OURS
    payment = await _named(applying, number, metadata)
    if payment == _NOT_OURS and item.attempts < _TRIES_TO_FIND:
        raise NotKnownYet
    return payment


async def _heard(
    applying: Applying, payment: OnlinePayment, told: Told, *, amount: int | None, currency: str
) -> Outcome:
    if parked := await other_terms(applying, payment, amount=amount, currency=currency):
        return parked
    await hear(applying.transaction, payment, told, clock=applying.context.clock)
    return _DONE


def _of_flow(metadata: dict[str, str] | None) -> bool:
    ids: list[UUID | None] = [uuid_of(metadata, name) for name in ("payment_id", "order_id", "restaurant_id")]
    return any(ids)
