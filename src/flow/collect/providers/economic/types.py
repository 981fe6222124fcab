"""Invoices of orders, as FLOW keeps them. Amounts are øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

__all__ = ["Claimed", "ClaimedCredit", "CreditStatus", "InvoiceCredit", "InvoiceDraft", "InvoiceStatus", "Open"]

InvoiceStatus = Literal["claimed", "created", "differs", "booked", "paid", "refused"]
CreditStatus = Literal["claimed", "created", "differs", "booked", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """A row of `invoice_drafts`. `gross` is what the accounting system made of the order's lines."""

    restaurant_id: UUID
    order_id: UUID
    status: InvoiceStatus
    draft_number: int | None
    booked_number: int | None
    gross: int | None
    remainder: int | None
    reason: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """An order that is to get an invoice, by this transaction's word."""

    restaurant_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCredit:
    """A row of `invoice_credits`: the credit note `number` of an order's invoice.

    `amount` is what was paid back since the one before; negative where a refund came back, which is charged anew. What
    the accounting system made of it is `gross`, which has the other sign.
    """

    restaurant_id: UUID
    order_id: UUID
    number: int
    amount: int
    status: CreditStatus
    draft_number: int | None
    booked_number: int | None
    gross: int | None
    reason: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedCredit:
    """An order whose invoice is to get another credit note, by this transaction's word."""

    restaurant_id: UUID
    order_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice, or the credit note number `credit` of it. `due` is what it has to come to, negative for a credit.

    `dated_at` decides the day that it bears.
    """

    order_id: UUID
    credit: int
    status: InvoiceStatus | CreditStatus
    draft_number: int | None
    booked_number: int | None
    gross: int | None
    due: int
    dated_at: datetime
