"""Vipps MobilePay's words in the words of payments."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from flow.business.payments.types import Told
from flow.collect.providers.mobilepay.payload import Payment

__all__ = ["ENDINGS", "told_by_payment"]

_Ending = Literal["failed", "cancelled", "expired"]

ENDINGS: Final[dict[str, _Ending]] = {"ABORTED": "failed", "EXPIRED": "expired", "TERMINATED": "cancelled"}
"""The states in which nothing was ever reserved."""


def told_by_payment(payment: Payment, at: datetime) -> Told:
    """A payment as it is now, by its totals. Taken in part, it is reserved until the rest is taken or let go."""
    if payment.state in ENDINGS:
        return Told(at=at, status=ENDINGS[payment.state])
    totals = payment.aggregate
    authorized, captured = totals.authorized_amount.value, totals.captured_amount.value
    if authorized == 0:
        return Told(at=at)
    is_settled = captured + totals.cancelled_amount.value >= authorized
    if not is_settled:
        return Told(at=at, status="authorized")
    if captured == 0:
        return Told(at=at, status="cancelled")
    return Told(at=at, status="completed", captured=captured, refunded=totals.refunded_amount.value)
