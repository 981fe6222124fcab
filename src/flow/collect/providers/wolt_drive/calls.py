"""Calls to Wolt Drive. A delivery bears our id, so that a repeat is known there as the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import msgspec

from flow.collect.integrations.errors import ProviderAway
from flow.collect.integrations.sentences import ANSWERED
from flow.collect.integrations.types import Answer, Call, Caller

__all__ = ["Trip", "cancel", "create"]

_DUPLICATE: Final = "DUPLICATE_ORDER"
_MAY_PASS: Final = frozenset({401, 403, 408, 425, 429})
_CODE_LENGTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What a courier is to carry where. `value` is the order's øre; the phone number has its plus."""

    venue_id: str
    delivery_id: UUID
    order_number: int
    street: str
    city: str
    postal_code: str
    language: str
    preparation_minutes: int
    name: str
    phone: str
    email: str | None
    comment: str | None
    value: int
    currency: str
    support: Mapping[str, str]


async def create(caller: Caller, trip: Trip) -> dict[str, object]:
    """Sends for a courier: a promise first, which knows the place and the price, then the delivery.

    Answers what is to be kept of it, `refused` with Wolt's code, or `is_known` for one that was sent for before.
    """
    promise = await caller(_promise(trip))
    if not promise.is_success:
        return {"refused": _code(promise)}
    made = await caller(_delivery(trip, _body(promise)))
    if made.is_success:
        return _kept(_body(made))
    code = _code(made)
    return {"is_known": True} if code == _DUPLICATE else {"refused": code}


async def cancel(caller: Caller, reference: str, reason: str) -> dict[str, object]:
    """Calls a courier off; `refused` once he is on his way."""
    answer = await caller(
        Call(
            method="PATCH",
            path=f"/order/{quote(reference, safe='')}/status/cancel",
            name="/order/{id}/status/cancel",
            json={"reason": reason},
            repeatable=True,
        )
    )
    return {} if answer.is_success else {"refused": _code(answer)}


def _promise(trip: Trip) -> Call:
    return Call(
        method="POST",
        path=f"/v1/venues/{quote(trip.venue_id, safe='')}/shipment-promises",
        name="/v1/venues/{id}/shipment-promises",
        json={
            "street": trip.street,
            "city": trip.city,
            "post_code": trip.postal_code,
            "language": trip.language,
            "min_preparation_time_minutes": trip.preparation_minutes,
            "parcels": [_parcel(trip)],
        },
        repeatable=True,
    )


def _delivery(trip: Trip, promise: Mapping[str, Any]) -> Call:
    """Not repeated by itself; a later try finds out by its reference."""
    location = (promise.get("dropoff") or {}).get("location") or {}
    contact = {"name": trip.name, "phone_number": trip.phone} | ({"email": trip.email} if trip.email else {})
    body = {
        "shipment_promise_id": promise.get("id"),
        "pickup": {"options": {"min_preparation_time_minutes": trip.preparation_minutes}},
        "dropoff": {"location": location, "options": {"is_no_contact": False}}
        | ({"comment": trip.comment} if trip.comment else {}),
        "price": promise.get("price"),
        "recipient": contact,
        "parcels": [_parcel(trip)],
        "customer_support": dict(trip.support),
        "merchant_order_reference_id": str(trip.delivery_id),
        "order_number": str(trip.order_number),
        "sms_notifications": {},
        "tips": [],
    }
    path = f"/v1/venues/{quote(trip.venue_id, safe='')}/deliveries"
    return Call(method="POST", path=path, name="/v1/venues/{id}/deliveries", json=body)


def _parcel(trip: Trip) -> dict[str, object]:
    return {
        "count": 1,
        "description": "Mad",
        "identifier": str(trip.order_number),
        "price": {"amount": trip.value, "currency": trip.currency},
        "tags": [],
    }


def _kept(made: Mapping[str, Any]) -> dict[str, object]:
    """Of an answer what FLOW keeps. The link is for `conclude` alone: it shows where a guest's food is."""
    price = made.get("price") or {}
    return {
        "status": str(made.get("status") or "INFO_RECEIVED"),
        "reference": made.get("wolt_order_reference_id"),
        "price": price.get("amount"),
        "currency": price.get("currency"),
        "pickup_at": _time((made.get("pickup") or {}).get("eta")),
        "dropoff_at": _time((made.get("dropoff") or {}).get("eta")),
        "_tracking_url": (made.get("tracking") or {}).get("url"),
    }


def _time(value: object) -> str | None:
    """A time as it may be kept; None for what is none."""
    try:
        return msgspec.convert(value, datetime).isoformat() if value else None
    except msgspec.ValidationError:
        return None


def _body(answer: Answer) -> Mapping[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


def _code(answer: Answer) -> str:
    """Wolt's error code; ProviderAway for what may pass by itself."""
    if answer.status >= 500 or answer.status in _MAY_PASS:
        raise ProviderAway(ANSWERED % {"system": "Wolt", "status": answer.status})
    return str(_body(answer).get("error_code") or f"HTTP_{answer.status}")[:_CODE_LENGTH]
