"""The status machine: where an order may go from where it is."""

from __future__ import annotations

from flow.business.orders.errors import IllegalMove
from flow.business.orders.types import Fulfillment, Status

# Refunding is not a step of its own: paying everything back makes an order refunded.
_STEPS: dict[Status, tuple[Status, ...]] = {
    "pending": ("confirmed", "cancelled"),
    "confirmed": ("preparing", "cancelled"),
    "preparing": ("ready", "cancelled"),
    "ready": ("delivering", "completed", "cancelled"),
    "delivering": ("completed", "cancelled"),
    "completed": ("refunded",),
    "cancelled": ("refunded",),
    "refunded": (),
}

ACTIVE: tuple[Status, ...] = ("pending", "confirmed", "preparing", "ready", "delivering")


def allowed_from(status: Status, fulfillment: Fulfillment) -> tuple[Status, ...]:
    """The statuses that may come next; only a delivery is ever delivering."""
    return tuple(step for step in _STEPS[status] if step != "delivering" or fulfillment == "delivery")


def ways_of(fulfillment: Fulfillment) -> tuple[Status, ...]:
    """The stations of an order to which nothing bad happens, in their order."""
    return tuple(status for status in (*ACTIVE, "completed") if status != "delivering" or fulfillment == "delivery")


def check_move(before: Status, after: Status, fulfillment: Fulfillment) -> None:
    """IllegalMove, naming what is allowed, unless `after` may follow `before`."""
    allowed = allowed_from(before, fulfillment)
    if after not in allowed:
        ways = ", ".join(allowed) or "nothing"
        raise IllegalMove(
            f"An order that is {before} cannot become {after}; allowed: {ways}.",
            details={"status": before, "wanted": after, "allowed": list(allowed)},
        )
