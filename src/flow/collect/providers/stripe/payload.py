"""What Stripe writes, as far as FLOW reads it. Fields that are not named here are passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from flow.collect.webhooks.errors import Unreadable

__all__ = ["Charge", "Dispute", "Event", "Intent", "Refund", "Session", "read", "read_as", "uuid_of"]

Part = TypeVar("Part", bound=msgspec.Struct)


class Event(msgspec.Struct, frozen=True):
    """The envelope. `created` is by Stripe's clock and no promise of order."""

    id: str
    object: str
    type: str
    created: int
    data: Data
    livemode: bool = False
    account: str | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.created, UTC)


class Data(msgspec.Struct, frozen=True):
    object: msgspec.Raw


class PaymentError(msgspec.Struct, frozen=True):
    code: str | None = None
    decline_code: str | None = None


class Intent(msgspec.Struct, frozen=True):
    """A PaymentIntent; amounts are øre, `currency` is in lower case."""

    id: str
    status: str
    amount: int
    currency: str
    amount_received: int = 0
    created: int = 0
    metadata: dict[str, str] | None = None
    last_payment_error: PaymentError | None = None


class Card(msgspec.Struct, frozen=True):
    brand: str | None = None
    last4: str | None = None


class MethodDetails(msgspec.Struct, frozen=True):
    card: Card | None = None


class Charge(msgspec.Struct, frozen=True):
    """A charge. `amount_refunded` is in all; of one that was never captured it is what was let go."""

    id: str
    amount: int
    currency: str
    status: str = ""
    amount_captured: int = 0
    amount_refunded: int = 0
    payment_intent: str | None = None
    metadata: dict[str, str] | None = None
    payment_method_details: MethodDetails | None = None


class Refund(msgspec.Struct, frozen=True):
    """A single refund: pending, requires_action, succeeded, failed or canceled."""

    id: str
    amount: int
    currency: str
    status: str | None = None
    payment_intent: str | None = None
    failure_reason: str | None = None
    metadata: dict[str, str] | None = None


class Dispute(msgspec.Struct, frozen=True):
    """A guest's bank wants the money back."""

    id: str
    status: str
    currency: str
    payment_intent: str | None = None


class Session(msgspec.Struct, frozen=True):
    """A page of Stripe's on which a guest pays."""

    id: str
    status: str | None = None
    url: str | None = None
    payment_intent: str | None = None
    amount_total: int | None = None
    currency: str | None = None
    metadata: dict[str, str] | None = None


def read(body: bytes) -> Event:
    """The event of a delivery; Unreadable for anything else, such as the thin events of other destinations."""
    event = read_as(Event, body)
    if event.object != "event":
        raise Unreadable("This is not an event of this kind of webhook.")
    return event


def read_as(kind: type[Part], body: bytes | msgspec.Raw) -> Part:
    """An object of Stripe's; Unreadable when a field that is needed is missing or of another type."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Unreadable(f"Stripe's {kind.__name__} cannot be read.") from error


def uuid_of(metadata: dict[str, str] | None, name: str) -> UUID | None:
    """An id that FLOW wrote into metadata; None where it is not there, or not FLOW's."""
    try:
        return UUID((metadata or {}).get(name, ""))
    except ValueError:
        return None
