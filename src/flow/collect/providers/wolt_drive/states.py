"""How far a courier has come. Events of one moment come in any order, so each has a rank and none leads back."""

from __future__ import annotations

from typing import Final

from flow.business.orders.status import ways_of
from flow.business.orders.types import Status
from flow.collect.providers.wolt_drive.types import CourierStatus

__all__ = ["ENDED", "FINAL", "LOCATION", "further", "moves_to", "status_of"]

LOCATION: Final = "order.location_updated"
"""Where the courier is, told all the time; nothing is kept of it."""

_RANKS: Final[dict[CourierStatus, int]] = {
    "requested": 0,
    "received": 10,
    "pickup_started": 20,
    "pickup_arrival": 30,
    "picked_up": 40,
    "dropoff_started": 50,
    "dropoff_arrival": 60,
    "handshake_delivery": 65,
    "dropoff_completed": 70,
    "delivered": 80,
}
ENDED: Final[frozenset[CourierStatus]] = frozenset({"rejected", "customer_no_show", "cancelled", "failed"})
"""No courier comes, or he came in vain."""
FINAL: Final = ENDED | {"delivered"}
_NO_MOVE: Final = frozenset({"pickup_eta_updated", "dropoff_eta_updated"})


def status_of(event_type: str) -> CourierStatus | None:
    """The status that an event brings; None for one that brings none, or that is not known yet."""
    name = event_type.removeprefix("order.")
    known: dict[str, CourierStatus] = {status: status for status in (*_RANKS, *ENDED)}
    return None if name in _NO_MOVE else known.get(name)


def further(before: CourierStatus, told: CourierStatus | None) -> CourierStatus:
    """The status after an event: the one of higher rank; what is final stays, but a delivery that was made counts."""
    if told is None or before in FINAL:
        return "delivered" if told == "delivered" and before != "cancelled" else before
    if told in ENDED:
        return told
    return told if _RANKS[told] > _RANKS[before] else before


def moves_to(status: Status, courier: CourierStatus) -> list[Status]:
    """The steps by which our order follows its courier: on its way when he has it, completed when he delivered it.

    Only from when the kitchen was done: what it has not marked as ready, it is told by people.
    """
    rank = _RANKS.get(courier, 0)
    target: Status | None = "completed" if rank >= _RANKS["delivered"] else "delivering" if rank >= 40 else None
    ways = ways_of("delivery")
    if target is None or status not in ways:
        return []
    return list(ways[ways.index(status) + 1 : ways.index(target) + 1])
