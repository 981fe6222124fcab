"""What a guest's receipt says, in the guest's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flow.business.orders.status import ways_of
from flow.business.orders.types import Order, OrderItem, Status, StatusChange
from flow.web.i18n import N_, Translator

_LABELS: dict[Status, str] = {
    "pending": N_("Received"),
    "confirmed": N_("Confirmed"),
    "preparing": N_("In the kitchen"),
    "ready": N_("Ready"),
    "delivering": N_("On its way"),
    "completed": N_("Handed over"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A station on the way of an order; `at` is None while it lies ahead."""

    status: Status
    label: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line in words; `total` is øre."""

    quantity: int
    name: str
    options_text: str
    total: int


def steps_of(order: Order, history: Sequence[StatusChange], words: Translator) -> list[Step]:
    """The stations of this order, with the time at which it reached them."""
    reached = {change.to_status: change.changed_at for change in history if change.to_status != change.from_status}
    return [
        Step(status, words.gettext(_LABELS[status]), reached.get(status)) for status in ways_of(order.fulfillment_type)
    ]


def lines_of(items: Sequence[OrderItem]) -> list[ReceiptLine]:
    """The lines with their options as one text."""
    return [
        ReceiptLine(
            quantity=item.quantity,
            name=item.product_name,
            options_text=", ".join(str(option["value"]) for option in item.options),
            total=item.line_total,
        )
        for item in items
    ]
