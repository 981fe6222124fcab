"""A payment and its refunds. Amounts are øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

PaymentMethod = Literal["cash", "card", "mobilepay", "invoice", "external"]
Provider = Literal["stripe", "mobilepay", "cash", "invoice", "external", "simulated"]
PaymentStatus = Literal[
    "pending",
    "processing",
    "authorized",
    "completed",
    "partially_refunded",
    "refunded",
    "disputed",
    "failed",
    "cancelled",
    "expired",
]
RefundStatus = Literal["requested", "pending", "succeeded", "failed"]
Dispute = Literal["open", "won", "lost"]

ONLINE: Final[frozenset[Provider]] = frozenset({"stripe", "mobilepay"})
"""Those who carry payments out by themselves, and tell FLOW how they went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A row of `payments`, as people may see it; `refunded_amount` is what was paid back of `amount`.

    `captured_amount` is what an online provider has taken, `refunding_amount` what it is asked to pay back.
    """

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
    captured_amount: int = 0
    refunded_amount: int = 0
    refunding_amount: int = 0
    refund_reason: str | None = None
    dispute: Dispute | None = None
    initiated_at: datetime
    authorized_at: datetime | None = None
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def refundable(self) -> int:
        """What was paid and not yet paid back, nor asked for."""
        if self.status not in ("completed", "partially_refunded"):
            return 0
        paid = self.captured_amount if self.provider in ONLINE else self.amount
        return max(paid - self.refunded_amount - self.refunding_amount, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlinePayment:
    """The same row as the service sees it that speaks with the provider: all that the provider ever told.

    `told_at` is the provider's time of what `status` stems from; `reported_refunded` is the most that it said was paid
    back in all. `checkout_id` and `checkout_url` are of the page on which the guest pays.
    """

    restaurant_id: UUID
    id: UUID
    order_id: UUID
    amount: int
    currency: str
    status: PaymentStatus
    provider: Provider
    provider_transaction_id: str | None = None
    card_last_four: str | None = None
    card_brand: str | None = None
    captured_amount: int = 0
    refunded_amount: int = 0
    refunding_amount: int = 0
    reported_refunded: int = 0
    dispute: Dispute | None = None
    initiated_at: datetime
    authorized_at: datetime | None = None
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    told_at: datetime | None = None
    checkout_id: str | None = None
    checkout_url: str | None = None
    next_look_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider says of a payment at `at`, by its own clock; None where it says nothing.

    `captured` and `refunded` are in all, not of one operation.
    """

    at: datetime
    status: Literal["processing", "authorized", "completed", "failed", "cancelled", "expired"] | None = None
    captured: int | None = None
    refunded: int | None = None
    dispute: Dispute | None = None
    card_brand: str | None = None
    card_last_four: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A row of `payment_refunds`: one refund, asked for in FLOW or made at the provider."""

    restaurant_id: UUID
    id: UUID
    payment_id: UUID
    order_id: UUID
    amount: int
    status: RefundStatus = "requested"
    provider_refund_id: str | None = None
    reason: str | None = None
    requested_by: UUID | None = None
    failure_code: str | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRefund:
    """What a provider says of one refund. `id` is ours, where it knows it."""

    provider_refund_id: str | None
    amount: int
    status: Literal["pending", "succeeded", "failed"]
    id: UUID | None = None
    failure_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSums:
    """The refunds of a payment by what became of them."""

    requested: int = 0
    made: int = 0
    failed: int = 0
