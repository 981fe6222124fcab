"""How guests can pay in the shop, and what their receipt says of it."""

from __future__ import annotations

from collections.abc import Sequence, Set

from flow.business.orders.types import Order
from flow.business.payments.types import ONLINE, Payment, PaymentStatus
from flow.business.restaurants.types import Restaurant
from flow.web.i18n import N_, Translator

__all__ = ["online_ways", "payment_text", "waits_for_payment"]

_CARD, _MOBILEPAY = N_("Card"), N_("MobilePay")
_WAYS = {
    "cash": N_("Cash when I get it"),
    "simulated": N_("Card – demo, nothing is charged"),
    "invoice": N_("By invoice"),
    "stripe": _CARD,
    "mobilepay": _MOBILEPAY,
}
_ELSEWHERE = N_("Paid elsewhere")
_STATES: dict[PaymentStatus, str] = {
    "pending": N_("waiting for your payment"),
    "processing": N_("waiting for your payment"),
    "authorized": N_("reserved"),
    "completed": N_("paid"),
    "partially_refunded": N_("refunded in part"),
    "refunded": N_("refunded"),
    "disputed": N_("paid"),
    "failed": N_("not paid"),
    "cancelled": N_("not paid"),
    "expired": N_("not paid"),
}
_UNPAID = frozenset({"pending", "processing", "failed", "cancelled", "expired"})


def online_ways(restaurant: Restaurant, connected: Set[str], words: Translator) -> list[tuple[str, str]]:
    """(payment_method, its name) of what the shop offers beside cash; a simulated restaurant always has a card."""
    ways = []
    if "stripe" in connected or restaurant.is_simulated:
        ways.append(("card", words.gettext(_CARD)))
    if "mobilepay" in connected:
        ways.append(("mobilepay", words.gettext(_MOBILEPAY)))
    return ways


def payment_text(payments: Sequence[Payment], words: Translator) -> str:
    """How the order is paid, and online how far that is; nothing to say of an order that costs nothing."""
    if not payments:
        return ""
    newest = payments[-1]
    way = words.gettext(_WAYS.get(newest.provider, _ELSEWHERE))
    return f"{way}, {words.gettext(_STATES[newest.status])}" if newest.provider in ONLINE else way


def waits_for_payment(order: Order, payments: Sequence[Payment]) -> bool:
    """Whether the guest has yet to pay online, and can."""
    if order.status != "pending" or not payments:
        return False
    return payments[-1].provider in ONLINE and payments[-1].status in _UNPAID
