"""What Wolt Drive tells of a delivery: the claims of its token, those that FLOW reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from flow.collect.providers.wolt_drive.states import LOCATION
from flow.collect.webhooks.errors import Unreadable
from flow.collect.webhooks.types import Arrival

__all__ = ["Claims", "Details", "parsed", "read"]


class Leg(msgspec.Struct, frozen=True):
    """The pickup or the drop-off: when it is expected, or was done."""

    eta: datetime | None = None
    completed_at: datetime | None = None


class Price(msgspec.Struct, frozen=True):
    """What the courier costs, in øre."""

    amount: int
    currency: str


class Details(msgspec.Struct, frozen=True):
    """Which delivery it is about. `merchant_order_reference_id` is the id that FLOW gave it."""

    wolt_order_reference_id: str | None = None
    merchant_order_reference_id: str | None = None
    venue_id: str | None = None
    price: Price | None = None
    pickup: Leg | None = None
    dropoff: Leg | None = None


class Claims(msgspec.Struct, frozen=True):
    """An event."""

    type: str
    details: Details
    dispatched_at: datetime


def parsed(payload: bytes) -> Claims:
    """An event out of its JSON; Unreadable when a claim that FLOW needs is missing."""
    try:
        return msgspec.json.decode(payload, type=Claims)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreadable from None


def read(claims: Mapping[str, Any]) -> list[Arrival]:
    """The one fact of a delivery; where the courier is right now is none."""
    payload = msgspec.json.encode(claims)
    event = parsed(payload)
    if event.type == LOCATION:
        return []
    details = event.details
    about = details.wolt_order_reference_id or details.merchant_order_reference_id or ""
    key = f"{about}:{event.type}:{claims['dispatched_at']}"
    return [Arrival(dedupe_key=key[:400], event_type=event.type[:100], payload=payload)]
