"""Who takes the money of an order, and how it goes back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.payments import store
from flow.business.payments.errors import NothingToRefund
from flow.business.payments.types import Payment, PaymentMethod, Provider
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_PAID_AT_ONCE = frozenset({"external", "simulated"})


def provider_of(method: PaymentMethod, *, is_simulated: bool, is_counter: bool) -> Provider | None:
    """Who takes the money; None when nobody can.

    No card provider is connected: a simulated restaurant simulates one, and at the counter or on the phone
    the card was charged on the restaurant's own terminal.
    """
    if method in ("cash", "invoice", "external"):
        return method
    if is_simulated:
        return "simulated"
    return "external" if is_counter else None


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
    """The payment that belongs to a new order; an order of nothing has none."""
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
    transaction: Transaction, restaurant_id: UUID, order_id: UUID, amount: int | None, *, reason: str, at: datetime
) -> int:
    """Pays back `amount` øre (None: all that is left), the oldest payment first; the amount paid back.

    NothingToRefund when less than that was paid.
    """
    payments = await store.payments_of(transaction, restaurant_id, order_id)
    refundable = sum(payment.refundable for payment in payments)
    wanted = refundable if amount is None else amount
    if not 0 < wanted <= refundable:
        raise NothingToRefund(
            f"{refundable} øre of this order were paid and can be refunded.", details={"refundable": refundable}
        )
    left = wanted
    for payment in payments:
        part = min(left, payment.refundable)
        if part:
            await store.record_refund(transaction, payment, part, reason=reason, refunded_at=at)
        left -= part
    return wanted
