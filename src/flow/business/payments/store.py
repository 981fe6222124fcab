"""Reads and writes payments. What people's moves do to them goes through functions of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.business.payments.types import OnlinePayment, Payment, Provider, Refund, RefundSums
from flow.database.queries import Query, load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

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


async def request_refund(
    transaction: Transaction,
    payment: Payment,
    amount: int,
    *,
    reason: str,
    requested_by: UUID | None,
    requested_at: datetime,
) -> None:
    """Asks the provider to pay `amount` øre back; a job carries it out."""
    await transaction.value(
        _queries.request_refund,
        restaurant_id=payment.restaurant_id,
        payment_id=payment.id,
        refund_id=new_id(),
        amount=amount,
        reason=reason,
        requested_by=requested_by,
        requested_at=requested_at,
    )


async def connected_providers(service: Transaction, restaurant_id: UUID) -> frozenset[str]:
    """The online providers through which the restaurant's guests can pay now."""
    return frozenset(await service.values(_queries.connected_providers, restaurant_id=restaurant_id))


async def find_online(service: Transaction, restaurant_id: UUID, payment_id: UUID) -> OnlinePayment | None:
    """The payment with all that its provider told; None where there is none."""
    return await service.one_or_none(_queries.find_online, OnlinePayment, restaurant_id=restaurant_id, id=payment_id)


async def find_by_number(
    service: Transaction, restaurant_id: UUID, provider: Provider, number: str
) -> OnlinePayment | None:
    """The payment that the provider knows by this number."""
    return await service.one_or_none(
        _queries.find_by_number, OnlinePayment, restaurant_id=restaurant_id, provider=provider, number=number
    )


async def newest_online(service: Transaction, restaurant_id: UUID, order_id: UUID) -> OnlinePayment | None:
    """The last try to pay an order online; None for an order that is paid otherwise."""
    return await service.one_or_none(
        _queries.newest_online, OnlinePayment, restaurant_id=restaurant_id, order_id=order_id
    )


async def lock_online(service: Transaction, payment: OnlinePayment) -> OnlinePayment:
    """The payment as it is now, held until the transaction ends."""
    return await service.one(_queries.lock_online, OnlinePayment, restaurant_id=payment.restaurant_id, id=payment.id)


async def keep_told(service: Transaction, payment: OnlinePayment, *, now: datetime) -> None:
    """Writes what a payment is after what its provider told."""
    await service.execute(_queries.keep_told, now=now, **_part(payment, _queries.keep_told))


async def keep_checkout(
    service: Transaction,
    payment: OnlinePayment,
    *,
    checkout_id: str,
    checkout_url: str,
    number: str | None,
    next_look_at: datetime,
    now: datetime,
) -> None:
    """Remembers where the guest pays."""
    await service.execute(
        _queries.keep_checkout,
        restaurant_id=payment.restaurant_id,
        id=payment.id,
        checkout_id=checkout_id,
        checkout_url=checkout_url,
        number=number,
        next_look_at=next_look_at,
        now=now,
    )


async def keep_number(service: Transaction, payment: OnlinePayment, number: str, *, now: datetime) -> None:
    """Remembers the provider's number of a payment that had none."""
    await service.execute(
        _queries.keep_number, restaurant_id=payment.restaurant_id, id=payment.id, number=number, now=now
    )


async def count_refunded(service: Transaction, payment: OnlinePayment, change: int, *, now: datetime) -> None:
    """Adds øre to what was paid back of the payment's order; less than nothing takes them off."""
    await service.execute(
        _queries.count_refunded,
        restaurant_id=payment.restaurant_id,
        order_id=payment.order_id,
        change=change,
        now=now,
    )


async def find_refund(
    service: Transaction, payment: OnlinePayment, *, refund_id: UUID | None, number: str | None
) -> Refund | None:
    """A refund of the payment, by its id or by the provider's number of it."""
    return await service.one_or_none(
        _queries.find_refund,
        Refund,
        restaurant_id=payment.restaurant_id,
        payment_id=payment.id,
        id=refund_id,
        number=number,
    )


async def refund_by_id(service: Transaction, restaurant_id: UUID, refund_id: UUID) -> Refund | None:
    """A refund by its id."""
    return await service.one_or_none(_queries.refund_by_id, Refund, restaurant_id=restaurant_id, id=refund_id)


async def add_refund(service: Transaction, refund: Refund) -> None:
    """Keeps a refund that was made at the provider."""
    await service.execute(_queries.add_refund, now=refund.updated_at, **_part(refund, _queries.add_refund))


async def keep_refund(service: Transaction, refund: Refund, *, now: datetime) -> None:
    """Writes what became of a refund."""
    await service.execute(_queries.keep_refund, now=now, **_part(refund, _queries.keep_refund))


async def refund_sums(service: Transaction, payment: OnlinePayment) -> RefundSums:
    """The refunds of a payment, in øre, by what became of them."""
    return await service.one(
        _queries.refund_sums, RefundSums, restaurant_id=payment.restaurant_id, payment_id=payment.id
    )


async def warn(
    service: Transaction,
    restaurant_id: UUID,
    *,
    title: str,
    body: str,
    facts: Mapping[str, object],
    link: str,
    now: datetime,
    is_critical: bool = False,
) -> None:
    """Leaves a message for the restaurant's people; `facts` stand for what title and body name; no guest."""
    await service.execute(
        _queries.warn,
        restaurant_id=restaurant_id,
        id=new_id(),
        severity="critical" if is_critical else "warning",
        title=title,
        body=body,
        facts=Jsonb(dict(facts)),
        link=link,
        now=now,
    )


def _part(row: OnlinePayment | Refund, query: Query) -> dict[str, object]:
    """Those fields of a row that the statement names."""
    return {name: getattr(row, name) for name in query.parameters if name != "now"}
