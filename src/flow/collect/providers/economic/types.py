"""Invoices of orders, as FLOW keeps them. Amounts are øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

__all__ = ["Claimed", "InvoiceDraft", "InvoiceStatus", "Open"]

InvoiceStatus = Literal["claimed", "created", "differs", "booked", "paid", "refused"]


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


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice with what FLOW knows of its order: `due` is the order's total, less what was paid back."""

    order_id: UUID
    status: InvoiceStatus
    draft_number: int | None
    booked_number: int | None
    gross: int | None
    due: int
    ordered_at: datetime
