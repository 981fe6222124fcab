"""The rows of an order, as lines for COPY."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from flow.business.orders.attribution import CHANNEL_TOUCHES
from flow.business.orders.types import Status
from flow.business.payments.service import provider_of
from flow.demo.simulation.chance import Ids
from flow.demo.simulation.copytext import NULL, cell, moment, moment_or_null
from flow.demo.simulation.orders import Order
from flow.demo.simulation.people import Guest, Touch
from flow.demo.simulation.profiles import Restaurant
from flow.kit.money import Money

__all__ = ["OrderLines", "OrderScribe"]

_DAY = 86_400_000
_STEPS_KEPT = 14 * _DAY
_NO_ADDRESS = f"{NULL}\t{NULL}\t{NULL}"
_NOBODY = f"{NULL}\t{NULL}\t{NULL}\t{NULL}\t{_NO_ADDRESS}"


@dataclass(slots=True)
class OrderLines:
    """Lines for COPY, by table, in an order that foreign keys allow."""

    customers: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    order_items: list[str] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    order_status_changes: list[str] = field(default_factory=list)
    channel_attribution: list[str] = field(default_factory=list)
    loyalty_transactions: list[str] = field(default_factory=list)


class OrderScribe:
    """Writes orders down; take the `lines` when there are enough."""

    def __init__(self, restaurant: Restaurant, restaurant_id: str, random: Random, *, now: int) -> None:
        self._place = restaurant
        self._restaurant = restaurant_id
        self._ids = Ids(random)
        self._now = now
        self._known: set[str] = set()
        self.last_number = 0
        self.lines = OrderLines()

    def take(self) -> OrderLines:
        """The lines so far; writing goes on with empty ones."""
        taken, self.lines = self.lines, OrderLines()
        return taken

    def write(self, order: Order) -> None:
        """One order with all that belongs to it."""
        self.last_number += 1
        if order.guest is not None and order.guest.id not in self._known:
            self._known.add(order.guest.id)
            self._customer(order.guest)
        self._order(order)
        self._items(order)
        self._payment(order)
        self._attribution(order)
        self._points(order)
        if order.at > self._now - _STEPS_KEPT:
            self._steps(order)

    def _customer(self, guest: Guest) -> None:
        first = moment(guest.first_order)
        self.lines.customers.append(
            f"{self._restaurant}\t{guest.id}\t{guest.name}\t{guest.phone}\t{cell(guest.email)}\t{first}\t{first}\t"
            f"{first}\t{first}\n"
        )

    def _order(self, order: Order) -> None:
        place, total = self._place, order.total
        # VAT contained in the total, half an øre rounded up, in whole numbers.
        rate, base = place.vat_rate_percent, 100 + place.vat_rate_percent
        tax = (2 * total * rate + base) // (2 * base)
        last = order.refunded_at or order.steps[-1][1]
        self.lines.orders.append(
            f"{self._restaurant}\t{order.id}\t{self.last_number}\t{order.status}\t{order.channel}\t"
            f"{order.fulfillment}\t{order.payment}\t{place.currency}\t{order.basket.subtotal}\t{order.discount}\t"
            f"{cell(order.code)}\t{order.delivery_fee}\t{tax}\t{total}\t{order.refunded}\t{order.basket.count}\t"
            f"{_contact(order)}\t{cell(order.visitor)}\t{cell(order.session_id)}\t"
            f"{'wolt' if order.channel == 'wolt' else 'flow'}\t{cell(order.cancel_reason)}\t{moment(order.at)}\t"
            f"{moment(order.at)}\t{moment_or_null(order.reached('confirmed'))}\t"
            f"{moment_or_null(order.reached('completed'))}\t{moment_or_null(order.reached('cancelled'))}\t"
            f"{moment_or_null(order.refunded_at)}\t{moment(last)}\n"
        )

    def _items(self, order: Order) -> None:
        lines, at = order.basket.lines, moment(order.at)
        totals = [sold.unit_price * quantity for sold, quantity in lines]
        shares = [part.amount for part in Money(order.discount).allocate(totals)] if order.discount else None
        for place, (sold, quantity) in enumerate(lines):
            share = shares[place] if shares else 0
            reason = (order.code or "loyalty points") if share else NULL
            self.lines.order_items.append(
                f"{self._restaurant}\t{self._ids.new(order.at)}\t{order.id}\t{sold.product_id}\t{sold.name}\t{sold.sku}\t"
                f"{sold.category}\t{sold.unit_price}\t{quantity}\t{totals[place]}\t{share}\t{reason}\t{sold.options}\t{at}\n"
            )

    def _payment(self, order: Order) -> None:
        provider = provider_of(order.payment, is_simulated=True, is_counter=order.channel in ("pos", "phone"))
        is_due = provider == "cash" or (provider == "invoice" and order.at > self._now - 14 * _DAY)
        paid = order.reached("completed") if is_due else order.at
        cancelled = order.reached("cancelled")
        status = _payment_status(order, paid, cancelled)
        at = moment(order.at)
        self.lines.payments.append(
            f"{self._restaurant}\t{self._ids.new(order.at)}\t{order.id}\t{order.total}\t{self._place.currency}\t{status}\t"
            f"{provider}\t{order.refunded}\t{at}\t{moment_or_null(None if cancelled else paid)}\t"
            f"{moment_or_null(cancelled)}\t{at}\t{at}\n"
        )

    def _steps(self, order: Order) -> None:
        before: Status | None = None
        for status, at in order.steps:
            self.lines.order_status_changes.append(
                f"{self._restaurant}\t{order.id}\t{moment(at)}\t{self._ids.new(at)}\t{cell(before)}\t{status}\t"
                f"{cell(order.cancel_reason if status == 'cancelled' else None)}\n"
            )
            before = status

    def _attribution(self, order: Order) -> None:
        at = moment(order.at)
        if order.touches:
            first, last, count = order.touches[0], order.touches[-1], len(order.touches)
            days = (order.at - first.at) // _DAY
            self.lines.channel_attribution.append(
                f"{self._restaurant}\t{order.id}\t{_touch(first)}\t{_touch(last)}\t{_path(order.touches)}\t{count}\t"
                f"{days}\t{count}\t{at}\n"
            )
        elif order.is_online or order.channel in CHANNEL_TOUCHES:
            channel, source = CHANNEL_TOUCHES.get(order.channel, ("direct", None))
            touch = f"{channel}\t{cell(source)}\t{NULL}\t{NULL}"
            self.lines.channel_attribution.append(
                f"{self._restaurant}\t{order.id}\t{touch}\t{touch}\t[]\t0\t{NULL}\t{NULL}\t{at}\n"
            )

    def _points(self, order: Order) -> None:
        if order.guest is None:
            return
        completed = order.reached("completed") or order.at
        booked = (("redeemed", -order.redeemed_points, order.at), ("earned", order.earned_points, completed))
        for kind, points, at in booked:
            if points:
                self.lines.loyalty_transactions.append(
                    f"{self._restaurant}\t{self._ids.new(at)}\t{order.guest.id}\t{order.id}\t{kind}\t{points}\t"
                    f"{moment(at)}\n"
                )


def _contact(order: Order) -> str:
    """customer_id, customer_name, customer_phone, customer_email, and the three of the delivery address."""
    guest = order.guest
    if guest is None:
        return _NOBODY
    who = f"{guest.id}\t{guest.name}\t{guest.phone}\t{cell(guest.email)}"
    return f"{who}\t{guest.address}" if order.fulfillment == "delivery" else f"{who}\t{_NO_ADDRESS}"


def _payment_status(order: Order, paid: int | None, cancelled: int | None) -> str:
    if cancelled is not None:
        return "failed"
    if order.refunded and order.refunded == order.total:
        return "refunded"
    return "completed" if paid is not None else "pending"


def _touch(touch: Touch) -> str:
    return f"{touch.channel}\t{cell(touch.source)}\t{cell(touch.campaign)}\t{moment(touch.at)}"


def _path(touches: list[Touch]) -> str:
    return json.dumps(
        [{"channel": touch.channel, "source": touch.source, "timestamp": _iso(touch.at)} for touch in touches]
    )


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()
