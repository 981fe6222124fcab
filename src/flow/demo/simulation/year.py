"""A restaurant's year, some days at a time, as text for COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from flow.demo.simulation.calendar import Day, busyness
from flow.demo.simulation.chance import Ids
from flow.demo.simulation.copytext import moment
from flow.demo.simulation.kept import Kept, KeptDay
from flow.demo.simulation.menu import Menu
from flow.demo.simulation.order_rows import OrderScribe
from flow.demo.simulation.orders import DayOrders
from flow.demo.simulation.people import Guests
from flow.demo.simulation.profiles import Profile
from flow.demo.simulation.recording import Recorder
from flow.demo.simulation.refused import dropped_lines, rejected_lines
from flow.demo.simulation.store import Tables
from flow.demo.simulation.visits import DayVisits
from flow.kit.days import BusinessCalendar

__all__ = ["DETAIL_DAYS", "RestaurantYear", "Stretch", "Summary", "stretches"]

DETAIL_DAYS = 90
"""Days whose every event is made; of those before, visits and daily figures are, as after retention."""

_STRETCH_LINES = 20_000
_YEAR = timedelta(days=365)
_PRICES_ROSE_AFTER = timedelta(days=150)
_REGULARS_DAYS = 6

_Lines = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What only the end of a year can tell: the last order's number, visits, and figures of days without events."""

    last_order_number: int
    visits: int
    kept: Mapping[date, KeptDay]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days of one of several years, which is counted from 0; the last of a year has its summary."""

    year: int
    tables: Tables
    summary: Summary | None = None


def stretches(years: Iterable[RestaurantYear]) -> Iterator[Stretch]:
    """Everything of all restaurants, one after another."""
    for number, year in enumerate(years):
        for lines in year.stretches():
            yield Stretch(number, _joined(lines))
        yield Stretch(number, _joined(year.closing()), year.summary())


class RestaurantYear:
    """Everything of one restaurant; the same profile, moment and size make the same year."""

    def __init__(self, profile: Profile, *, now: datetime, size: float) -> None:
        random = Random(f"flow {profile.restaurant.slug}")  # noqa: S311 (chance, not secrets)
        self.profile = profile
        self.calendar = BusinessCalendar(profile.restaurant.time_zone)
        self.last_day = self.calendar.business_day(now)
        self.first_day = self.last_day - _YEAR
        self._first_detailed_day = self.last_day - timedelta(days=DETAIL_DAYS - 1)
        self._now, self._size, self._random = _milliseconds(now), size, random
        opened = self._begin_of(self.first_day)
        self.opened = self.calendar.start(self.first_day)
        self.prices_rose = self.calendar.start(self.first_day + _PRICES_ROSE_AFTER)
        self.id = Ids(random).new(opened)
        self.menu = Menu(profile, Ids(random), opened=opened, prices_rose=_milliseconds(self.prices_rose))
        self._guests = Guests(
            profile.restaurant.country_code, profile.orders.districts, random, consent=profile.visits.consent
        )
        self._guests.settle(round(profile.demand.orders_per_day * size * _REGULARS_DAYS), opened)
        self._orders = DayOrders(profile, self.menu, self._guests, random, now=self._now)
        self._visits = DayVisits(profile, self.menu, self._guests, random)
        self._recorder = Recorder(profile, self.id, random, now=self._now)
        self._scribe = OrderScribe(profile.restaurant, self.id, random, now=self._now)
        self._kept = Kept(random)
        self._visits_so_far = 0

    def stretches(self) -> Iterator[_Lines]:
        """The year's rows, some days at a time."""
        for day in busyness(self.profile, self.first_day, self.last_day, self._random, size=self._size):
            self._live(day)
            if self._recorder.count >= _STRETCH_LINES:
                yield self._taken()
        yield self._taken()

    def _live(self, day: Day) -> None:
        begins = self._begin_of(day.date)
        orders = list(self._orders.make(day.expected_orders, begins))
        for visit in self._visits.make(day.date, begins, day.expected_orders, orders):
            if visit.at > self._now:
                continue
            self._visits_so_far += 1
            if day.date >= self._first_detailed_day:
                self._recorder.record(visit)
            else:
                self._recorder.record_session(visit)
                self._kept.add(day.date, visit)
        for order in orders:
            self._scribe.write(order)

    def _taken(self) -> _Lines:
        orders, visits = self._scribe.take(), self._recorder.take()
        return {name: getattr(rows, name) for rows in (orders, visits) for name in rows.__slots__}

    def closing(self) -> _Lines:
        """The rows that only the end of the year can tell."""
        return {
            "loyalty_points": [*self._points()],
            "rejected_events": [*rejected_lines(self.profile, self.id, self._random, now=self._now)],
            "dropped_events": [*dropped_lines(self.id, self._random, now=self._now, size=self._size)],
        }

    def summary(self) -> Summary:
        """What the year came to."""
        return Summary(self._scribe.last_number, self._visits_so_far, self._kept.days)

    def _points(self) -> Iterator[str]:
        for guest in self._guests.members():
            assert guest.member_since is not None
            yield (
                f"{self.id}\t{guest.id}\t{guest.points}\t{guest.lifetime_points}\t{moment(guest.member_since)}\t"
                f"{moment(guest.last_order)}\n"
            )

    def _begin_of(self, day: date) -> int:
        return _milliseconds(self.calendar.start(day))


def _joined(lines: _Lines) -> Tables:
    return {table: "".join(of_table).encode() for table, of_table in lines.items()}


def _milliseconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)
