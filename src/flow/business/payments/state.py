"""How a payment's state follows from what its provider told, however often, late and out of order.

What is told only adds up: the most that was ever captured, the most that was ever paid back, each refund under its
number. The status is what follows from all of it, so any order of the same deliveries ends in the same state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flow.business.payments.types import Dispute, OnlinePayment, PaymentStatus, RefundSums, Told

__all__ = ["ALLOWED", "Verdict", "after"]

ALLOWED: Final[dict[PaymentStatus, frozenset[PaymentStatus]]] = {
    "pending": frozenset({"processing", "authorized", "completed", "failed", "cancelled", "expired"}),
    "processing": frozenset({"authorized", "completed", "failed", "cancelled", "expired"}),
    # A guest whose card was refused may try another one; a payment that failed can still be called off.
    "failed": frozenset({"processing", "authorized", "completed", "cancelled", "expired"}),
    "authorized": frozenset({"completed", "cancelled", "expired"}),
    "completed": frozenset({"partially_refunded", "refunded", "disputed"}),
    "partially_refunded": frozenset({"completed", "refunded", "disputed"}),  # completed: a refund came back
    "refunded": frozenset({"completed", "partially_refunded", "disputed"}),
    "disputed": frozenset({"completed", "partially_refunded", "refunded"}),
    "cancelled": frozenset({"expired"}),  # a page that ran out is also called off: it is one ending, told twice
    "expired": frozenset(),
}
"""Where a payment may go from where it is. Everything else that is told changes nothing."""

_TRIES: Final[dict[PaymentStatus, int]] = {"pending": 0, "processing": 1, "failed": 2}
"""While the guest tries, the newest word holds; of the same second, the later stage."""
_PAID: Final = frozenset({"completed", "partially_refunded", "refunded", "disputed"})
_OVER: Final = frozenset({"cancelled", "expired"})
_DISPUTES: Final[tuple[Dispute | None, ...]] = (None, "open", "won", "lost")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The payment as it is then. `is_late_success`: money came in for a payment that was over; a person must look."""

    payment: OnlinePayment
    is_late_success: bool = False


def after(payment: OnlinePayment, told: Told, refunds: RefundSums) -> Verdict:
    """The payment after `told`, with all its refunds as they are known by now."""
    base, told_at = _base_after(payment, told)
    captured = payment.captured_amount
    if base == "completed":
        captured = max(captured, payment.amount if told.captured is None else min(told.captured, payment.amount))
    reported = max(payment.reported_refunded, told.refunded or 0)
    refunded = min(captured, max(refunds.made, reported - refunds.failed))
    dispute = max(payment.dispute, told.dispute, key=_DISPUTES.index)
    changed = replace(
        payment,
        status=_paid_status(captured, refunded, dispute) if base == "completed" else base,
        captured_amount=captured,
        refunded_amount=refunded,
        refunding_amount=refunds.requested,
        reported_refunded=reported,
        dispute=dispute,
        card_brand=told.card_brand or payment.card_brand,
        card_last_four=told.card_last_four or payment.card_last_four,
        told_at=told_at,
    )
    return Verdict(_dated(payment, changed, told), _is_late_success(payment, told))


def _base_after(payment: OnlinePayment, told: Told) -> tuple[PaymentStatus, datetime | None]:
    """The status without what was paid back, and the provider's time of it."""
    base: PaymentStatus = "completed" if payment.status in _PAID else payment.status
    new = told.status
    if new is None:
        return base, payment.told_at
    if base in _TRIES and new in _TRIES:
        since = payment.told_at
        is_newer = since is None or (told.at, _TRIES[new]) > (since, _TRIES[base])
        return (new, told.at) if is_newer else (base, since)
    return (new, told.at) if new in ALLOWED[base] else (base, payment.told_at)


def _paid_status(captured: int, refunded: int, dispute: Dispute | None) -> PaymentStatus:
    if dispute in ("open", "lost"):
        return "disputed"
    if refunded == 0:
        return "completed"
    return "refunded" if refunded == captured else "partially_refunded"


def _is_late_success(payment: OnlinePayment, told: Told) -> bool:
    """A reservation that is told of after its end has ended since; money that was taken has not."""
    if payment.status not in _OVER:
        return False
    is_newer = payment.told_at is not None and told.at > payment.told_at
    return told.status == "completed" or (told.status == "authorized" and is_newer)


def _dated(before: OnlinePayment, now: OnlinePayment, told: Told) -> OnlinePayment:
    """When it was reserved, paid, or ended without money. While the guest tries, FLOW looks by itself now and then."""
    is_lost = now.status in ("failed", *_OVER)
    return replace(
        now,
        authorized_at=_earliest(before.authorized_at, told.at if told.status == "authorized" else None),
        completed_at=_earliest(before.completed_at, told.at if told.status == "completed" else None),
        failed_at=now.told_at if is_lost else None,
        next_look_at=now.next_look_at if now.status in _TRIES else None,
    )


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
