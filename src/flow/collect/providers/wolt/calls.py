"""Calls to Wolt's order API. Each is keyed by the order, so a repeat after a lost answer is told apart by looking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

import msgspec

from flow.collect.integrations.errors import CallRefused, NotYet, ProviderAway
from flow.collect.integrations.sentences import ANSWERED, UNREADABLE_ORDER
from flow.collect.integrations.types import Answer, Call, Caller
from flow.collect.providers.wolt.payload import WoltOrder
from flow.collect.providers.wolt.states import REJECTED, Step, rank
from flow.web.i18n import N_

__all__ = ["fetch", "parsed", "pickup_time", "tell", "venue"]

_AGAIN_SECONDS: Final = 1.0
_MAY_PASS: Final = frozenset({401, 403, 408, 425, 429})
_REACHES: Final[dict[Step, str]] = {
    "accept": "production",
    "ready": "ready",
    "delivered": "delivered",
    "reject": REJECTED,
}
_DEFAULT_REASON: Final = "The restaurant cannot make this order."


async def fetch(caller: Caller, wolt_id: str) -> WoltOrder:
    """The order as it is now. CallRefused for one that Wolt does not know, or that cannot be read."""
    answer = await caller(Call(method="GET", path=f"/v2/orders/{quote(wolt_id, safe='')}", name="/v2/orders/{id}"))
    if not answer.is_success:
        raise _failure(answer, N_("Wolt does not know this order."))
    return parsed(answer.body)


def parsed(body: object) -> WoltOrder:
    """An order out of JSON; CallRefused where a field that FLOW needs is missing."""
    try:
        return msgspec.convert(body, WoltOrder)
    except msgspec.ValidationError as error:
        # The library names the field and the type that it expected, never a value.
        raise CallRefused(UNREADABLE_ORDER % {"why": error}) from None


async def tell(caller: Caller, step: Step, facts: Mapping[str, object]) -> dict[str, object]:
    """Tells Wolt a step of an order; answers `order_status`, and `refused` where Wolt did not take it.

    When Wolt refuses, the order is read again: a step that was taken before, by us or on Wolt's own tablet, is done.
    """
    wolt_id, known = str(facts["wolt_id"]), str(facts["wolt_status"])
    if step in ("ready", "delivered") and rank(known) < 1:
        raise NotYet(after_seconds=_AGAIN_SECONDS)  # it has not been accepted yet
    answer = await caller(_call(step, wolt_id, facts))
    if answer.is_success:
        return {"order_status": _reached(step, facts)}
    if answer.status >= 500 or answer.status in _MAY_PASS:
        raise _failure(answer, "")
    there = await fetch(caller, wolt_id)
    refused = None if _is_done(step, there.order_status, facts) else answer.status
    return {"order_status": there.order_status, "refused": refused}


async def venue(caller: Caller, venue_id: str) -> Answer:
    """The state of the venue: a harmless call."""
    return await caller(
        Call(method="GET", path=f"/venues/{quote(venue_id, safe='')}/status", name="/venues/{id}/status")
    )


def _call(step: Step, wolt_id: str, facts: Mapping[str, object]) -> Call:
    action, json = _action(step, facts)
    return Call(
        method="PUT",
        path=f"/orders/{quote(wolt_id, safe='')}/{action}",
        name=f"/orders/{{id}}/{action}",
        json=json,
        repeatable=True,
    )


def _action(step: Step, facts: Mapping[str, object]) -> tuple[str, dict[str, object] | None]:
    if step == "reject":
        return "reject", {"reason": str(facts.get("reason") or _DEFAULT_REASON)}
    if step != "accept":
        return step, None
    if facts["kind"] == "preorder":
        return "confirm-preorder", None
    pickup = facts.get("pickup_at")
    body: dict[str, object] = {"adjusted_pickup_time": pickup} if pickup else {}
    return ("self-delivery/accept" if facts["way"] == "self_delivery" else "accept"), body


def _is_done(step: Step, wolt_status: str, facts: Mapping[str, object]) -> bool:
    if step == "reject":
        return wolt_status == REJECTED
    reached = rank(_reached(step, facts))
    return reached <= rank(wolt_status) < rank(REJECTED)


def _reached(step: Step, facts: Mapping[str, object]) -> str:
    """A pre-order that is confirmed is not begun: Wolt tells when it is."""
    return "acknowledged" if step == "accept" and facts["kind"] == "preorder" else _REACHES[step]


def pickup_time(decided_at: datetime, minutes: int) -> str:
    """When the food is ready, as Wolt writes times."""
    return (decided_at + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _failure(answer: Answer, message: str) -> CallRefused | ProviderAway:
    if answer.status >= 500 or answer.status in _MAY_PASS:
        return ProviderAway(ANSWERED % {"system": "Wolt", "status": answer.status})
    return CallRefused(message or ANSWERED % {"system": "Wolt", "status": answer.status})
