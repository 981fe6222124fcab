"""Who takes the money of an order, and how it goes back."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flow.business.payments import store
from flow.business.payments.errors import NothingToRefund
from flow.business.payments.types import ONLINE, Payment, PaymentMethod, Provider
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_PAID_AT_ONCE = frozenset({"external", "simulated"})
_TAKEN_BY: dict[PaymentMethod, Provider] = {"card": "stripe", "mobilepay": "mobilepay"}


@dataclass(frozen=True, slots=True)
class PaidBack:
    """Øre that are paid back now, and that a provider was asked to pay back."""

    now: int
    requested: int


def provider_of(
    method: PaymentMethod, *, is_simulated: bool, is_counter: bool, connected: Set[str] = frozenset()
) -> Provider | None:
    """Who takes the money; None when nobody can.

    At the counter and on the phone the card was charged on the restaurant's own terminal. Elsewhere it is a provider
    that the restaurant has connected; a simulated restaurant without one simulates it.
    """
    if method in ("cash", "invoice", "external"):
        return method
    if is_counter:
        return "simulated" if is_simulated else "external"
    if _TAKEN_BY[method] in connected:
        return _TAKEN_BY[method]
    return "simulated" if is_simulated else None


async def add_payment(
    transaction: Transaction,
    restaurant_id: UUID,
    order_id: UUID,
    *,
    amount: int,
    currency: str,
    provider: Provider,
    at: datetime,
) -> None:
    """The payment that belongs to an order, or one more try to pay it; an order of nothing has none."""
    if amount == 0:
        return
    paid = provider in _PAID_AT_ONCE
    payment = Payment(
        restaurant_id=restaurant_id,
        id=new_id(),
        order_id=order_id,
        amount=amount,
        currency=currency,
        status="completed" if paid else "pending",
        provider=provider,
        initiated_at=at,
        completed_at=at if paid else None,
        created_at=at,
        updated_at=at,
    )
    await store.add_payment(transaction, payment)


async def refund(
    transaction: Transaction,
    restaurant_id: UUID,
    order_id: UUID,
    amount: int | None,
    *,
    reason: str,
    at: datetime,
    asked_by: UUID | None = None,
) -> PaidBack:
    """Pays back `amount` øre (None: all that is left), the oldest payment first; an online provider is asked to.

    NothingToRefund when less than that was paid.
    """
    payments = await store.payments_of(transaction, restaurant_id, order_id)
    refundable = sum(payment.refundable for payment in payments)
    wanted = refundable if amount is None else amount
    if not 0 < wanted <= refundable:
        raise NothingToRefund(
            f"{refundable} øre of this order were paid and can be refunded.", details={"refundable": refundable}
        )
    left, requested = wanted, 0
    for payment in payments:
        part = min(left, payment.refundable)
        left -= part
        if part and payment.provider in ONLINE:
            requested += part
            await store.request_refund(
                transaction, payment, part, reason=reason, requested_by=asked_by, requested_at=at
            )
        elif part:
            await store.record_refund(transaction, payment, part, reason=reason, refunded_at=at)
    return PaidBack(now=wanted - requested, requested=requested)
