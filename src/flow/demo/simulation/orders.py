"""The orders of a day: when, by which channel, by whom, what, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from flow.business.orders.status import ways_of
from flow.business.orders.types import Channel, Fulfillment, Status
from flow.business.payments.types import PaymentMethod
from flow.demo.simulation.chance import Choice, Ids, lognormal, poisson
from flow.demo.simulation.menu import Basket, Menu
from flow.demo.simulation.people import Guest, Guests, Touch
from flow.demo.simulation.profiles import Code, Profile

__all__ = ["DayOrders", "Order"]

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

# Who orders at the counter or through a delivery platform leaves no contact.
_ANONYMOUS = frozenset({"pos", "wolt"})
_ONLINE = frozenset({"web", "app"})
_BEFORE_OPENING = 0.025
_CANCELLED = 0.022
_REFUNDED = 0.007
_PARTLY_REFUNDED = 0.005
_WITH_CODE = 0.055
_JOINS = 0.35
_REDEEMED_POINTS, _REDEEMED_ORE, _REDEEMS = 200, 5_000, 0.3
_CANCEL_REASONS = {
    "da": ("Fortrudt af gæsten", "Udsolgt", "Kunne ikke leveres", "Dobbeltordre", "Ingen kontakt"),
    "sv": ("Ångrad av gästen", "Slutsåld", "Kunde inte levereras", "Dubbel order", "Ingen kontakt"),
}
# How far through its life an order is when it reaches each station.
_STATIONS: dict[Status, float] = {"confirmed": 0.04, "preparing": 0.12, "ready": 0.62, "delivering": 0.68}


@dataclass(slots=True, kw_only=True)
class Order:
    """An order as it stands now. Times are milliseconds since 1970, amounts øre; `steps` is when it reached what.

    `touches` are the visits that led to it, as far as anybody may know; session and visitor only with consent.
    """

    id: str
    at: int
    channel: Channel
    fulfillment: Fulfillment
    payment: PaymentMethod
    basket: Basket
    guest: Guest | None
    delivery_fee: int = 0
    discount: int = 0
    code: str | None = None
    redeemed_points: int = 0
    earned_points: int = 0
    refunded: int = 0
    refunded_at: int | None = None
    cancel_reason: str | None = None
    steps: list[tuple[Status, int]] = field(default_factory=list)
    session_id: str | None = None
    visitor: str | None = None
    touches: list[Touch] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.basket.subtotal - self.discount + self.delivery_fee

    @property
    def status(self) -> Status:
        return self.steps[-1][0]

    def reached(self, status: Status) -> int | None:
        """When it reached a status, if it has."""
        return next((at for step, at in self.steps if step == status), None)

    @property
    def is_online(self) -> bool:
        """Whether a visit to the restaurant's own pages led to it."""
        return self.channel in _ONLINE


class DayOrders:
    """Makes a day's orders; `now` is when the simulation ends."""

    def __init__(self, profile: Profile, menu: Menu, guests: Guests, random: Random, *, now: int) -> None:
        self._profile = profile
        self._menu = menu
        self._guests = guests
        self._random = random
        self._ids = Ids(random)
        self._now = now
        hours = {int(hour): weight for hour, weight in profile.demand.hours.items()}
        self._hours = Choice.of(hours)
        self._closed = [hour for hour in range(24) if hour not in hours]
        self._opens = min(hours, key=_from_cutoff)
        self._channels: Choice[Channel] = Choice.of(profile.orders.channels)  # type: ignore[arg-type]
        self._payments: Choice[PaymentMethod] = Choice.of(profile.orders.payments)  # type: ignore[arg-type]

    def make(self, expected: float, begins: int) -> Iterator[Order]:
        """The orders of the business day that begins at `begins` and have been placed by now, the first one first."""
        times = sorted(self._time(begins) for _ in range(poisson(self._random, expected)))
        return (self._order(at, early) for at, early in times if at <= self._now)

    def _time(self, begins: int) -> tuple[int, int]:
        """When it is ordered, and how long before the kitchen opens."""
        random = self._random.random
        is_early = random() < _BEFORE_OPENING
        hour = self._random.choice(self._closed) if is_early else self._hours.draw(self._random)
        after = _from_cutoff(hour) * _HOUR + int(random() * _HOUR)
        opening = _from_cutoff(self._opens) * _HOUR
        return begins + after, (opening - after) % _DAY if is_early else 0

    def _order(self, at: int, early: int) -> Order:
        random = self._random
        channel: Channel = "web" if early else self._channels.draw(random)
        fulfillment = self._fulfillment(channel)
        order = Order(
            id=self._ids.new(at),
            at=at,
            channel=channel,
            fulfillment=fulfillment,
            payment="external" if channel == "wolt" else self._payments.draw(random),
            basket=self._menu.basket(random, at),
            guest=None if channel in _ANONYMOUS else self._guests.next(at),
        )
        self._price(order)
        self._live(order, early)
        self._reward(order)
        return order

    def _fulfillment(self, channel: Channel) -> Fulfillment:
        mix, draw = self._profile.orders, self._random.random()
        if channel == "pos":
            return "dine_in" if draw < mix.dine_in else "pickup"
        return "delivery" if channel == "wolt" or draw < mix.delivery else "pickup"

    def _price(self, order: Order) -> None:
        place, subtotal = self._profile.restaurant, order.basket.subtotal
        if order.channel != "wolt" and subtotal < place.minimum_order:
            order.fulfillment = "pickup" if order.fulfillment == "delivery" else order.fulfillment
        if order.fulfillment == "delivery" and subtotal < place.free_delivery_from:
            order.delivery_fee = place.delivery_fee
        if not order.is_online or order.guest is None:
            return
        if order.guest.points >= _REDEEMED_POINTS and self._random.random() < _REDEEMS:
            order.redeemed_points, order.discount = _REDEEMED_POINTS, min(_REDEEMED_ORE, subtotal)
            order.guest.points -= _REDEEMED_POINTS
        elif self._random.random() < _WITH_CODE:
            code, terms = self._random.choice(list(self._profile.orders.codes.items()))
            order.discount = _reduction(terms, subtotal)
            order.code = code if order.discount else None

    def _live(self, order: Order, early: int) -> None:
        """What happens to the order, as far as it has happened by now."""
        random, lasts = self._random, self._lasts(order)
        begins = order.at + early  # ordered in the night, cooked when the kitchen opens
        order.steps = [("pending", order.at)]
        if random.random() < _CANCELLED:
            reason = random.choice(_CANCEL_REASONS[self._profile.restaurant.language])
            self._reach(order, "cancelled", order.at + int(lasts * 0.15))
            order.cancel_reason = reason if order.status == "cancelled" else None
            return
        for status in ways_of(order.fulfillment)[1:]:
            share = _STATIONS.get(status, 1.0)
            # What comes in before opening is accepted at once and waits.
            since = order.at if status == "confirmed" else begins
            self._reach(order, status, since + int(lasts * share))
        self._refund(order)

    def _lasts(self, order: Order) -> int:
        quick = {"delivery": 1.0, "pickup": 0.7, "dine_in": 0.9}[order.fulfillment]
        return int(lognormal(self._random, self._profile.orders.minutes * quick, 0.28) * _MINUTE)

    def _reach(self, order: Order, status: Status, at: int) -> None:
        if at <= self._now:
            order.steps.append((status, at))

    def _refund(self, order: Order) -> None:
        draw = self._random.random()
        completed = order.reached("completed")
        if completed is None or draw >= _REFUNDED + _PARTLY_REFUNDED:
            return
        at = completed + int(lognormal(self._random, 150, 1.0) * _MINUTE)
        if at > self._now:
            return
        order.refunded_at = at
        if draw < _REFUNDED:
            order.refunded = order.total
            order.steps.append(("refunded", at))
        else:
            order.refunded = max(order.total // 4 // 100 * 100, 0)

    def _reward(self, order: Order) -> None:
        """A point per whole 10 kr. that a member paid; a guest who comes back may become a member."""
        guest, completed = order.guest, order.reached("completed")
        if guest is None or completed is None:
            return
        if guest.member_since is None and guest.orders > 1 and self._random.random() < _JOINS:
            guest.member_since = order.at
        if guest.member_since is not None:
            order.earned_points = (order.total - order.refunded) // 1_000
            guest.points += order.earned_points
            guest.lifetime_points += order.earned_points


def _from_cutoff(hour: int, cutoff: int = 4) -> int:
    return (hour - cutoff) % 24


def _reduction(terms: Code, subtotal: int) -> int:
    if subtotal < terms.minimum_subtotal:
        return 0
    return (subtotal * terms.percent + 50) // 100 if terms.percent else min(terms.amount or 0, subtotal)
