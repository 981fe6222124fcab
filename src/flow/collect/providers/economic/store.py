"""Reads and writes `invoice_drafts`, `invoice_credits` and `invoice_customers`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.collect.providers.economic.types import (
    Claimed,
    ClaimedCredit,
    CreditStatus,
    InvoiceCredit,
    InvoiceDraft,
    InvoiceStatus,
    Open,
)
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def claim_orders(service: Transaction, *, since: datetime, most: int, now: datetime) -> list[Claimed]:
    """Claims orders of all restaurants that were placed since then and are to get an invoice; those claimed now."""
    return await service.all(_queries.claim_orders, Claimed, since=since, most=most, now=now)


async def invoice_of(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> InvoiceDraft | None:
    """The invoice of an order that the caller may see; None where there is none."""
    return await transaction.one_or_none(
        _queries.invoice_of, InvoiceDraft, restaurant_id=restaurant_id, order_id=order_id
    )


async def note_draft(
    service: Transaction,
    restaurant_id: UUID,
    order_id: UUID,
    *,
    status: InvoiceStatus,
    draft_number: int,
    gross: int,
    reason: str | None,
    now: datetime,
) -> None:
    """Keeps the draft that was made."""
    await service.execute(
        _queries.note_draft,
        restaurant_id=restaurant_id,
        order_id=order_id,
        status=status,
        draft_number=draft_number,
        gross=gross,
        reason=reason,
        now=now,
    )


async def note_booked(
    service: Transaction,
    restaurant_id: UUID,
    order_id: UUID,
    *,
    booked_number: int,
    gross: int,
    remainder: int,
    now: datetime,
) -> None:
    """Keeps that the invoice is in the books, and what is unpaid of it."""
    await service.execute(
        _queries.note_booked,
        restaurant_id=restaurant_id,
        order_id=order_id,
        booked_number=booked_number,
        gross=gross,
        remainder=remainder,
        now=now,
    )


async def note_refused(
    service: Transaction, restaurant_id: UUID, order_id: UUID, *, reason: str, now: datetime
) -> None:
    """Keeps why there is no invoice."""
    await service.execute(_queries.note_refused, restaurant_id=restaurant_id, order_id=order_id, reason=reason, now=now)


async def claim_credits(service: Transaction, *, since: datetime, most: int, now: datetime) -> list[ClaimedCredit]:
    """Claims credit notes for what was paid back, or came back, since then; those claimed now."""
    return await service.all(_queries.claim_credits, ClaimedCredit, since=since, most=most, now=now)


async def credits_of(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> list[InvoiceCredit]:
    """The credit notes of an order that the caller may see, the oldest first."""
    return await transaction.all(_queries.credits_of, InvoiceCredit, restaurant_id=restaurant_id, order_id=order_id)


async def note_credit_draft(
    service: Transaction,
    credit: InvoiceCredit,
    *,
    status: CreditStatus,
    draft_number: int,
    gross: int,
    reason: str | None,
    now: datetime,
) -> None:
    """Keeps the draft that was made of a credit note."""
    await service.execute(
        _queries.note_credit_draft,
        restaurant_id=credit.restaurant_id,
        order_id=credit.order_id,
        number=credit.number,
        status=status,
        draft_number=draft_number,
        gross=gross,
        reason=reason,
        now=now,
    )


async def note_credit_booked(
    service: Transaction, credit: InvoiceCredit, *, booked_number: int, gross: int, now: datetime
) -> None:
    """Keeps that the credit note is in the books."""
    await service.execute(
        _queries.note_credit_booked,
        restaurant_id=credit.restaurant_id,
        order_id=credit.order_id,
        number=credit.number,
        booked_number=booked_number,
        gross=gross,
        now=now,
    )


async def note_credit_refused(service: Transaction, credit: InvoiceCredit, *, reason: str, now: datetime) -> None:
    """Keeps why there is no credit note."""
    await service.execute(
        _queries.note_credit_refused,
        restaurant_id=credit.restaurant_id,
        order_id=credit.order_id,
        number=credit.number,
        reason=reason,
        now=now,
    )


async def unpaid_invoices(service: Transaction, restaurant_id: UUID, *, most: int) -> list[int]:
    """Numbers of booked invoices that are not paid in full, the longest unseen first."""
    return await service.values(_queries.unpaid_invoices, restaurant_id=restaurant_id, most=most)


async def invoices_since(service: Transaction, restaurant_id: UUID, *, since: datetime) -> list[Open]:
    """Invoices of orders placed since then, and credit notes made since."""
    return await service.all(_queries.invoices_since, Open, restaurant_id=restaurant_id, since=since)


async def customer_number(service: Transaction, restaurant_id: UUID, customer_id: UUID) -> int | None:
    """The number of a guest in the accounting system."""
    number: int | None = await service.value(
        _queries.customer_number, restaurant_id=restaurant_id, customer_id=customer_id
    )
    return number


async def keep_customer(
    service: Transaction, restaurant_id: UUID, customer_id: UUID, number: int, *, now: datetime
) -> None:
    """Keeps the number of a guest."""
    await service.execute(
        _queries.keep_customer, restaurant_id=restaurant_id, customer_id=customer_id, number=number, now=now
    )


async def is_our_customer(service: Transaction, restaurant_id: UUID, number: int) -> bool:
    """Whether a number in the accounting system is a guest's."""
    return bool(await service.value(_queries.is_our_customer, restaurant_id=restaurant_id, number=number))


async def forget_customer(service: Transaction, restaurant_id: UUID, number: int) -> None:
    """Forgets a number that is gone from the accounting system."""
    await service.execute(_queries.forget_customer, restaurant_id=restaurant_id, number=number)
