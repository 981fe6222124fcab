"""The visits of a day: those that led to its orders, and those of onlookers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from random import Random

from flow.demo.simulation.chance import Choice, Ids, poisson
from flow.demo.simulation.journeys import Journey, Journeys
from flow.demo.simulation.menu import Menu
from flow.demo.simulation.orders import Order
from flow.demo.simulation.origins import Device, Origin, countries, devices, origins
from flow.demo.simulation.people import Guest, Guests, Touch
from flow.demo.simulation.profiles import Profile

__all__ = ["DayVisits", "Visit"]

_HOUR = 3_600_000
_LOOKBACK = 90 * 24 * _HOUR
_THURSDAY = 3
_TRACKED = 0.96  # the others have a blocker that stops even a cookieless tracker
_OWN_DEVICE = 0.5  # of visitors who agreed: known by an order of theirs
_COMES_BACK = 0.4
_SECOND_VISIT = 0.09
_ANONYMOUS_KEPT = 400
_KINDS_OF_ONLOOKERS = 1_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A session before it is recorded; `at` in ms."""

    id: str
    visitor: str
    is_consented: bool
    at: int
    origin: Origin
    device: Device
    country: str
    journey: Journey
    order: Order | None = None


class DayVisits:
    """Makes a day's visits."""

    def __init__(self, profile: Profile, menu: Menu, guests: Guests, random: Random) -> None:
        self._profile = profile
        self._guests = guests
        self._random = random
        self._ids = Ids(random)
        self._journeys = Journeys(random)
        # Onlookers are much alike; what they click on and when differs anyway.
        wish = partial(menu.basket, random, menu.prices_rose)
        self._onlooker_journeys = [self._journeys.onlooker(wish) for _ in range(_KINDS_OF_ONLOOKERS)]
        self._devices = devices()
        self._countries = countries(profile.restaurant.country_code)
        self._origins = {sending: origins(profile.visits, on_sending_day=sending) for sending in (False, True)}
        self._hours = _browsing_hours(profile)
        self._anonymous: list[str] = []

    def make(self, day: date, begins: int, expected_orders: float, orders: Sequence[Order]) -> list[Visit]:
        """Onlookers first, for what they look at may lead to an order of theirs later in the day."""
        origins_today = self._origins[_is_sending_day(day)]
        onlookers = list(self._onlookers(begins, expected_orders, origins_today))
        buyers = list(self._buyers(orders, origins_today))
        return onlookers + buyers

    def _buyers(self, orders: Iterable[Order], origins_today: Choice[Origin]) -> Iterator[Visit]:
        for order in orders:
            if order.is_online and order.guest and self._random.random() < _TRACKED:
                yield self._buyer(order, order.guest, origins_today.draw(self._random))

    def _buyer(self, order: Order, guest: Guest, origin: Origin) -> Visit:
        journey = self._journeys.buyer(order)
        # The order is placed just before the last page, the confirmation.
        at = order.at - journey.milliseconds + journey.stays[-1].milliseconds
        visitor = guest.visitor or self._ids.new(at)
        visit = self._visit(at, visitor, guest.visitor is not None, origin, journey, order)
        order.touches = [_touch(origin, at)]
        if guest.visitor is not None:
            order.session_id, order.visitor = visit.id, guest.visitor
            guest.touches.extend(order.touches)
            order.touches = [touch for touch in guest.touches if at - _LOOKBACK <= touch.at <= at]
        return visit

    def _onlookers(self, begins: int, expected_orders: float, origins_today: Choice[Origin]) -> Iterator[Visit]:
        mix, site = self._profile.orders.channels, self._profile.visits
        online = expected_orders * (mix.get("web", 0) + mix.get("app", 0)) / sum(mix.values())
        today: list[str] = []
        for _ in range(poisson(self._random, online * (1 / site.conversion - 1))):
            at = begins + self._hours.draw(self._random) * _HOUR + int(self._random.random() * _HOUR)
            visitor, is_consented, guest = self._visitor(at, today)
            origin = origins_today.draw(self._random)
            journey = self._random.choice(self._onlooker_journeys)
            if guest is not None:
                guest.touches.append(_touch(origin, at))
            yield self._visit(at, visitor, is_consented, origin, journey)

    def _visitor(self, at: int, today: list[str]) -> tuple[str, bool, Guest | None]:
        """An id, whether it is that of somebody who agreed, and who that is, if he has ever ordered.

        Ids without consent last for the day; they are collected in `today`.
        """
        random = self._random
        if random.random() < self._profile.visits.consent:
            guest = self._guests.onlooker() if random.random() < _OWN_DEVICE else None
            if guest is not None and guest.visitor is not None:
                return guest.visitor, True, guest
            return self._stranger(at), True, None
        if not today or random.random() >= _SECOND_VISIT:
            today.append(self._ids.new(at))
            return today[-1], False, None
        return random.choice(today), False, None

    def _stranger(self, at: int) -> str:
        """The lasting id of somebody who agreed and has never ordered."""
        if self._anonymous and self._random.random() < _COMES_BACK:
            return self._random.choice(self._anonymous)
        visitor = self._ids.new(at)
        if len(self._anonymous) < _ANONYMOUS_KEPT:
            self._anonymous.append(visitor)
        else:
            self._anonymous[int(self._random.random() * _ANONYMOUS_KEPT)] = visitor
        return visitor

    def _visit(
        self,
        at: int,
        visitor: str,
        is_consented: bool,
        origin: Origin,
        journey: Journey,
        order: Order | None = None,
    ) -> Visit:
        random = self._random
        device, country = self._devices.draw(random), self._countries.draw(random)
        return Visit(self._ids.new(at), visitor, is_consented, at, origin, device, country, journey, order)


def _touch(origin: Origin, at: int) -> Touch:
    """The visit as attribution remembers it."""
    return Touch(origin.source.channel, origin.source.source, origin.source.campaign, at)


def _is_sending_day(day: date) -> bool:
    """Newsletter and SMS go out on every second Thursday."""
    return day.weekday() == _THURSDAY and day.isocalendar().week % 2 == 0


def _browsing_hours(profile: Profile) -> Choice[int]:
    """Hours after the cut-off. People look an hour before they order, and a little all day long."""
    weights = dict.fromkeys(range(4, 20), max(profile.demand.hours.values()) * 0.12)
    for hour, weight in profile.demand.hours.items():
        before = (int(hour) - 5) % 24
        weights[before] = weights.get(before, 0.0) + weight
    return Choice.of(weights)
