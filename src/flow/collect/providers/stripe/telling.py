"""Stripe's objects in the words of payments."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from flow.business.payments.types import Dispute, Told, ToldRefund
from flow.collect.providers.stripe import payload
from flow.collect.providers.stripe.payload import uuid_of

__all__ = ["dispute_of", "told_by_charge", "told_by_intent", "told_refund"]

_STATUSES: Final[dict[str, Literal["processing", "authorized", "completed", "cancelled"]]] = {
    "processing": "processing",
    "requires_capture": "authorized",
    "succeeded": "completed",
    "canceled": "cancelled",
}
_REFUNDS: Final[dict[str, Literal["pending", "succeeded", "failed"]]] = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
_DISPUTES: Final[dict[str, Dispute]] = {"won": "won", "warning_closed": "won", "lost": "lost"}


def told_by_intent(intent: payload.Intent, at: datetime) -> Told:
    """A PaymentIntent. A card that was refused leaves it waiting for another one: that try has failed."""
    if intent.status == "requires_payment_method" and intent.last_payment_error is not None:
        return Told(at=at, status="failed")
    status = _STATUSES.get(intent.status)
    return Told(at=at, status=status, captured=intent.amount_received if status == "completed" else None)


def told_by_charge(charge: payload.Charge, at: datetime) -> Told:
    """A charge. What went back each refund tells by itself; the charge knows only the sum of some moment."""
    card = (charge.payment_method_details or payload.MethodDetails()).card or payload.Card()
    is_captured = charge.status == "succeeded" and charge.amount_captured > 0
    return Told(
        at=at,
        status="completed" if is_captured else None,
        captured=charge.amount_captured if is_captured else None,
        card_brand=card.brand if charge.status == "succeeded" else None,
        card_last_four=card.last4 if charge.status == "succeeded" else None,
    )


def told_refund(refund: payload.Refund) -> ToldRefund:
    """A single refund; a status that is not known yet counts as underway."""
    return ToldRefund(
        provider_refund_id=refund.id,
        amount=refund.amount,
        status=_REFUNDS.get(refund.status or "", "pending"),
        id=uuid_of(refund.metadata, "refund_id"),
        failure_code=refund.failure_reason,
    )


def dispute_of(dispute: payload.Dispute) -> Dispute:
    """Won or lost when it is over, open before."""
    return _DISPUTES.get(dispute.status, "open")
