"""How busy a day is: weekday, month, holidays, payday, weather and growth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from flow.demo.simulation.profiles import Demand, Profile

__all__ = ["Day", "busyness", "holidays"]

_DAY = timedelta(days=1)
_SUNDAY = 6
# Whole days after Easter Sunday on which both countries are off work.
_AROUND_EASTER = (-2, 0, 1, 39, 50)
_FIXED = {
    "DK": ("01-01", "06-05", "12-24", "12-25", "12-26"),
    "SE": ("01-01", "01-06", "05-01", "06-06", "12-24", "12-25", "12-26"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A business day and how many orders it is good for."""

    date: date
    expected_orders: float


def busyness(profile: Profile, first: date, last: date, random: Random, *, size: float = 1.0) -> Iterator[Day]:
    """Every day from `first` to `last`, both included; `size` multiplies the orders."""
    demand, country = profile.demand, profile.restaurant.country_code
    days_off = {off for year in range(first.year, last.year + 1) for off in holidays(year, country)}
    weather, day = 0.0, first
    while day <= last:
        # Rain stays: today's weather is mostly yesterday's.
        weather = 0.62 * weather + random.gauss(0.0, 0.62)
        expected = _expected(demand, day, weather, is_off=day in days_off, years=(day - last).days / 365.25)
        yield Day(day, expected * size * math.exp(random.gauss(0.0, 0.07)))
        day += _DAY


def holidays(year: int, country: str) -> set[date]:
    """Public holidays, on which a weekday is like a Sunday."""
    easter = _easter(year)
    moving = {easter + timedelta(days=offset) for offset in _AROUND_EASTER}
    fixed = {date.fromisoformat(f"{year}-{day}") for day in _FIXED[country]}
    return moving | fixed


def _expected(demand: Demand, day: date, weather: float, *, is_off: bool, years: float) -> float:
    key = f"{day:%m-%d}"
    if key in demand.closed:
        return 0.0
    weekday = demand.weekdays[_SUNDAY if is_off else day.weekday()]
    grown: float = demand.orders_per_day * (1 + demand.growth_per_year) ** years
    return (
        grown
        * weekday
        * demand.months[day.month - 1]
        * demand.special.get(key, 1.0)
        * (1 + demand.bad_weather * max(-1.5, min(1.5, weather)))
        * (1 + demand.payday * _payday(day))
    )


def _payday(day: date) -> float:
    """1 on the days after wages are paid at the end of the month, and below 0 on those before."""
    if day.day >= 29 or day.day <= 3:
        return 1.0
    return -0.6 if 22 <= day.day <= 27 else 0.0


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (Butcher's method)."""
    century, rest = divmod(year, 100)
    leap, after = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - correction + 15) % 30
    week = (32 + 2 * after + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)
