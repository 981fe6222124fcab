"""Reads and writes payments. What people's moves do to them goes through functions of the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flow.business.payments.types import Payment
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def add_payment(transaction: Transaction, payment: Payment) -> None:
    """Stores a payment; the service's transaction only."""
    await transaction.execute(_queries.add_payment, **asdict(payment))


async def payments_of(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> list[Payment]:
    """The payments of an order that the caller may see, oldest first."""
    return await transaction.all(_queries.payments_of, Payment, restaurant_id=restaurant_id, order_id=order_id)


async def settle_payments(
    transaction: Transaction, restaurant_id: UUID, order_id: UUID, *, settled_at: datetime
) -> None:
    """Lets payments follow their order: cash is paid on completion, what is unpaid on cancellation fails."""
    await transaction.value(
        _queries.settle_payments, restaurant_id=restaurant_id, order_id=order_id, settled_at=settled_at
    )


async def record_refund(
    transaction: Transaction, payment: Payment, amount: int, *, reason: str, refunded_at: datetime
) -> None:
    """Pays `amount` øre of a completed payment back, on the payment and on its order."""
    await transaction.value(
        _queries.record_refund,
        restaurant_id=payment.restaurant_id,
        payment_id=payment.id,
        amount=amount,
        reason=reason,
        refunded_at=refunded_at,
    )
