"""What an answer stands on: the restaurants, how far back their data go, and which days are not rolled up yet.

Today is always counted from its rows, and so is any of the last `LIVE_DAYS` days that waits for its roll-up. An older
day that waits keeps its rolled-up figures, and the answer says how many do: its visits may be deleted by now, and a
year that was just imported would make every page slow for the minute that its roll-up takes. Who may not read rows
gets roll-ups alone; the worker makes today's anew all the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flow.analytics.facts import store as facts
from flow.analytics.facts.types import Restaurant
from flow.analytics.health import store as health
from flow.analytics.metrics.errors import FiguresNotAllowed, RestaurantNotFound
from flow.analytics.metrics.types import HEALTH_SOURCES, Source
from flow.analytics.rollups import store as rollups
from flow.analytics.rollups.types import Reach, WaitingDay
from flow.database.transaction import Transaction
from flow.kit.period import Period

LIVE_DAYS = 31
_ROWS = ("orders.read", "behaviour.read", "customers.read")


@dataclass(frozen=True, slots=True)
class Scope:
    """`readable`: restaurants whose rows the caller may read. `first_days`: of orders and of visits.
    `first_signs`: of calls and of webhooks in and out, where a question is about them.
    `waiting`: day → first change that is not rolled up, or None where there is no roll-up.
    """

    now: datetime
    restaurants: Mapping[UUID, Restaurant]
    todays: Mapping[UUID, date]
    readable: frozenset[UUID]
    reaches: Mapping[UUID, Reach]
    first_days: Mapping[UUID, tuple[date | None, date | None]]
    waiting: Mapping[UUID, Mapping[date, datetime | None]]
    first_signs: Mapping[UUID, Mapping[Source, date | None]]

    def live_days(self, restaurant: UUID, first: date, last: date) -> list[date]:
        """The days from `first` to `last` that are counted from rows, oldest first."""
        if restaurant not in self.readable:
            return []
        today = self.todays[restaurant]
        recent = (day for day in self.waiting.get(restaurant, {}) if today - day <= timedelta(days=LIVE_DAYS))
        return sorted(day for day in {today, *recent} if first <= day <= min(last, today))

    def first_day(self, source: Source, restaurant: UUID) -> date | None:
        """The restaurant's first business day with data of the source."""
        if source in HEALTH_SOURCES:
            return self.first_signs.get(restaurant, {}).get(source)
        of_orders, of_visits = self.first_days[restaurant]
        match source:
            case "conversations":
                return None
            case "visits":
                return of_visits
            case _:
                return of_orders

    def keeps_visits(self, restaurant: UUID, day: date) -> bool:
        """Whether the visits of a whole day are still there as rows."""
        reach = self.reaches[restaurant]
        if reach.first_visit_day is None or reach.first_visit_day > day:
            return True  # none were ever deleted
        starts_at = self.restaurants[restaurant].calendar.start(day)
        return reach.first_session_at is not None and reach.first_session_at <= starts_at + timedelta(days=1)


async def look(
    transaction: Transaction, needs: Mapping[UUID, frozenset[str]], periods: Sequence[Period], *, now: datetime
) -> Scope:
    """The scope of questions about these restaurants and periods; `needs`: restaurant → permissions it takes.

    Raises RestaurantNotFound and FiguresNotAllowed when a restaurant is not there for the caller.
    """
    found = await _restaurants(transaction, needs)
    todays = {restaurant.id: restaurant.calendar.business_day(now) for restaurant in found.values()}
    reaches = await rollups.reaches(transaction, found)
    first_days = {restaurant.id: _first_days(restaurant, reaches[restaurant.id]) for restaurant in found.values()}
    waiting = await rollups.waiting_days(
        transaction,
        {restaurant: _recent(todays[restaurant], first_days[restaurant]) for restaurant in found},
        first_day=min(period.first for period in periods),
        last_day=max(period.last for period in periods),
    )
    readable = _readable(transaction, found)
    signs = await _first_signs(transaction, found, needs)
    return Scope(now, found, todays, readable, reaches, first_days, _by_restaurant(waiting), signs)


async def _restaurants(transaction: Transaction, asked: Mapping[UUID, frozenset[str]]) -> dict[UUID, Restaurant]:
    found = await facts.restaurants(transaction, list(asked))
    for restaurant in asked:
        if restaurant not in found:
            raise RestaurantNotFound(details={"restaurant_id": str(restaurant)})
        caller = transaction.caller
        if caller is not None and any(restaurant not in caller.restaurants_with(each) for each in asked[restaurant]):
            raise FiguresNotAllowed(details={"restaurant_id": str(restaurant)})
    return {restaurant: found[restaurant] for restaurant in asked}


async def _first_signs(
    transaction: Transaction, restaurants: Mapping[UUID, Restaurant], needs: Mapping[UUID, frozenset[str]]
) -> dict[UUID, dict[Source, date | None]]:
    wanted = [restaurant for restaurant in restaurants if "integrations.read" in needs[restaurant]]
    found = await health.first_signs(transaction, wanted) if wanted else {}

    def day(restaurant: UUID, at: datetime | None) -> date | None:
        return restaurants[restaurant].calendar.business_day(at) if at else None

    return {
        restaurant: {
            "provider_calls": day(restaurant, first.first_call_at),
            "incoming_webhooks": day(restaurant, first.first_incoming_at),
            "outgoing_webhooks": day(restaurant, first.first_outgoing_at),
        }
        for restaurant, first in found.items()
    }


def _readable(transaction: Transaction, restaurants: Mapping[UUID, Restaurant]) -> frozenset[UUID]:
    caller = transaction.caller
    if caller is None:  # the service
        return frozenset(restaurants)
    return frozenset(restaurants).intersection(*(caller.restaurants_with(permission) for permission in _ROWS))


def _first_days(restaurant: Restaurant, reach: Reach) -> tuple[date | None, date | None]:
    """The first days with orders and with visits, rolled up or as rows."""
    calendar = restaurant.calendar
    of_orders = (reach.first_order_day, reach.first_order_at and calendar.business_day(reach.first_order_at))
    of_visits = (reach.first_visit_day, reach.first_session_at and calendar.business_day(reach.first_session_at))
    return _earliest(of_orders), _earliest(of_visits)


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day), default=None)


def _recent(today: date, first_days: tuple[date | None, date | None]) -> tuple[date, date]:
    """The days that should have a roll-up if the restaurant had data by then; none where it begins today."""
    since = max(_earliest(first_days) or today, today - timedelta(days=LIVE_DAYS))
    return since, today - timedelta(days=1)


def _by_restaurant(waiting: Sequence[WaitingDay]) -> dict[UUID, dict[date, datetime | None]]:
    days: dict[UUID, dict[date, datetime | None]] = {}
    for day in waiting:
        days.setdefault(day.restaurant_id, {})[day.date] = day.marked_at
    return days
