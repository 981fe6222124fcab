"""What Vipps MobilePay writes, as far as FLOW reads it. Fields that are not named here are passed over."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

import msgspec

from flow.collect.webhooks.errors import Unreadable

__all__ = ["Amount", "Notice", "Payment", "dedupe_key", "read"]

_SEPARATOR: Final = "\x1f"


class Amount(msgspec.Struct, frozen=True):
    """Øre; `currency` is in upper case."""

    currency: str
    value: int


class Notice(msgspec.Struct, frozen=True, rename="camel"):
    """The body of a delivery. `amount` is presumably that of the operation, not of the whole payment."""

    msn: str
    reference: str
    name: str
    amount: Amount
    timestamp: str
    psp_reference: str | None = None
    idempotency_key: str | None = None
    success: bool = True

    @property
    def at(self) -> datetime:
        """Unreadable when it is no time."""
        try:
            told = datetime.fromisoformat(self.timestamp)
        except ValueError:
            raise Unreadable("The delivery's time cannot be read.") from None
        return told if told.tzinfo else told.replace(tzinfo=UTC)


class Aggregate(msgspec.Struct, frozen=True, rename="camel"):
    """The totals of a payment so far."""

    authorized_amount: Amount
    captured_amount: Amount
    refunded_amount: Amount
    cancelled_amount: Amount


class Payment(msgspec.Struct, frozen=True, rename="camel"):
    """A payment as it is now. There is no captured or refunded state: the totals tell."""

    reference: str
    state: str
    amount: Amount
    aggregate: Aggregate
    psp_reference: str | None = None


def read(body: bytes) -> Notice:
    """The body of a delivery; Unreadable when it is something else."""
    try:
        return msgspec.json.decode(body, type=Notice)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Unreadable("The delivery cannot be read.") from error


def dedupe_key(notice: Notice) -> str:
    """64 hex digits that are the same for each try of a delivery, which has no id of its own."""
    parts = (
        notice.msn,
        notice.reference,
        notice.psp_reference,
        notice.name,
        notice.timestamp,
        notice.idempotency_key,
    )
    return hashlib.sha256(_SEPARATOR.join(part or "" for part in parts).encode()).hexdigest()
