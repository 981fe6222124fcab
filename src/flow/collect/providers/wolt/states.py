"""How Wolt's states and ours answer to each other. Notices come in any order, so both only ever move forwards."""

from __future__ import annotations

from typing import Final, Literal

from flow.business.orders.status import ACTIVE, ways_of
from flow.business.orders.types import Fulfillment, Status

__all__ = ["REJECTED", "Step", "furthest", "moves_to", "rank", "steps_due"]

Step = Literal["accept", "ready", "delivered", "reject"]
"""What Wolt is told of an order."""

REJECTED: Final = "rejected"
_RANKS: Final = {
    "received": 0,
    "fetched": 0,
    "acknowledged": 0,
    "production": 1,
    "ready": 2,
    "delivered": 3,
    REJECTED: 9,
}
_REACHED: Final[dict[str, Status]] = {"production": "preparing", "ready": "ready", "delivered": "completed"}
_NEEDED: Final[dict[Status, int]] = {"confirmed": 1, "preparing": 1, "ready": 2, "delivering": 2, "completed": 3}
_STEPS: Final[tuple[tuple[Step, int], ...]] = (("accept", 1), ("ready", 2), ("delivered", 3))


def rank(wolt_status: str) -> int:
    """How far an order has come at Wolt; a status that is not known yet counts as not begun."""
    return _RANKS.get(wolt_status, 0)


def furthest(one: str, other: str) -> str:
    """The later of two things that Wolt told, whichever came first."""
    return other if rank(other) > rank(one) else one


def moves_to(status: Status, wolt_status: str, fulfillment: Fulfillment) -> list[Status]:
    """The steps by which our order catches up with Wolt's: none when it is as far, or farther, or over."""
    if status not in ACTIVE:
        return []
    if wolt_status == REJECTED:
        return ["cancelled"]
    target = _REACHED.get(wolt_status)
    ways = ways_of(fulfillment)
    return list(ways[ways.index(status) + 1 : ways.index(target) + 1]) if target and status in ways else []


def steps_due(status: Status, wolt_status: str, *, is_carried_by_us: bool) -> list[Step]:
    """What Wolt is to be told, now that our order has this status. Its own couriers tell it of their deliveries."""
    if rank(wolt_status) >= rank("delivered"):
        return []
    if status == "cancelled":
        return ["reject"]
    needed = _NEEDED.get(status, 0) if is_carried_by_us else min(_NEEDED.get(status, 0), 2)
    return [step for step, reached in _STEPS if rank(wolt_status) < reached <= needed]
