"""A payment. Amounts are øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

PaymentMethod = Literal["cash", "card", "mobilepay", "invoice", "external"]
Provider = Literal["stripe", "mobilepay", "cash", "invoice", "external", "simulated"]
PaymentStatus = Literal["pending", "processing", "completed", "failed", "refunded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A row of `payments`; `refunded_amount` is what was paid back of `amount`."""

    restaurant_id: UUID
    id: UUID
    order_id: UUID
    amount: int
    currency: str = "DKK"
    status: PaymentStatus = "pending"
    provider: Provider
    provider_transaction_id: str | None = None
    card_last_four: str | None = None
    card_brand: str | None = None
    refunded_amount: int = 0
    refund_reason: str | None = None
    initiated_at: datetime
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def refundable(self) -> int:
        """What was paid and not yet paid back."""
        return self.amount - self.refunded_amount if self.status == "completed" else 0
