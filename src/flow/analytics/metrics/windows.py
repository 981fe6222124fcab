"""Which days, and which part of the last one, a question and its comparison cover in each restaurant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flow.analytics.facts.types import Restaurant
from flow.analytics.metrics.types import ComparisonName
from flow.kit.period import Period

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Business days of one restaurant, both included; the last one only up to `until`, where that is set."""

    restaurant: Restaurant
    first: date
    last: date
    until: datetime | None = None

    def days(self) -> Iterator[date]:
        return iter(Period(self.first, self.last))


@dataclass(frozen=True, slots=True)
class Window:
    """What is counted together: the period as it is called, and what of it lies in the past in each restaurant."""

    period: Period
    stretches: tuple[Stretch, ...]
    is_running: bool = False
    """Some restaurant's present moment lies within the period."""


def asked(period: Period, restaurants: Sequence[Restaurant], now: datetime) -> Window:
    """The period itself. Days to come are left out: what has not happened yet is not zero."""
    todays = {restaurant.id: restaurant.calendar.business_day(now) for restaurant in restaurants}
    stretches = (
        Stretch(restaurant, period.first, min(period.last, todays[restaurant.id]))
        for restaurant in restaurants
        if period.first <= todays[restaurant.id]
    )
    return Window(period, tuple(stretches), is_running=any(today in period for today in todays.values()))


def compared(period: Period, name: ComparisonName) -> Period:
    """The period to compare with."""
    match name:
        case "previous_period":
            return period.previous()
        case "same_weekday_last_week":
            return period.same_weekday_last_week()
        case "same_weekday_last_year":
            return period.same_weekday_last_year()


def so_far(window: Window, other: Period, now: datetime) -> Window:
    """The part of `other` that ends where the running `window` has come to: the same day at the same time of day."""
    shift = other.first - window.period.first
    return Window(other, tuple(_cut(stretch, shift, now) for stretch in window.stretches))


def same_time(restaurant: Restaurant, now: datetime, shift: timedelta) -> datetime:
    """The moment of the shifted business day at which the clock on the wall shows what it shows `now`."""
    calendar = restaurant.calendar
    starts_at, ends_at = calendar.bounds(calendar.business_day(now) + shift)
    local = now.astimezone(calendar.zone)
    there = datetime.combine(local.date() + shift, local.time(), calendar.zone).replace(fold=local.fold)
    return min(max(there.astimezone(UTC), starts_at), ends_at)


def _cut(stretch: Stretch, shift: timedelta, now: datetime) -> Stretch:
    restaurant = stretch.restaurant
    is_running = stretch.last == restaurant.calendar.business_day(now)
    until = same_time(restaurant, now, shift) if is_running else None
    return Stretch(restaurant, stretch.first + shift, stretch.last + shift, until)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days that make one row of a breakdown by time."""

    key: str
    first: date
    last: date


def bucket_key(breakdown: str, day: date) -> str:
    """The key of the row that a day belongs to: 2026-11-21, 2026-W47 or 2026-11."""
    match breakdown:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{day:%Y-%m}"
        case _:
            return ""


def buckets(breakdown: str, period: Period) -> list[Bucket]:
    """The rows of a breakdown by time, oldest first; weeks and months are cut where the period begins and ends."""
    found: list[Bucket] = []
    for day in period:
        key = bucket_key(breakdown, day)
        if found and found[-1].key == key:
            found[-1] = Bucket(key, found[-1].first, day)
        else:
            found.append(Bucket(key, day, day))
    return found
