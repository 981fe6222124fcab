"""Days: holidays fall where they fall, and busy days are busy."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from flow.demo.simulation.calendar import busyness, holidays
from flow.demo.simulation.profiles import Profile, profiles

FIRST, LAST = dt.date(2025, 11, 22), dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("year", "easter_monday"),
    [(2000, "04-24"), (2019, "04-22"), (2025, "04-21"), (2026, "04-06"), (2038, "04-26")],
)
def test_easter_is_found(year: int, easter_monday: str) -> None:
    assert dt.date.fromisoformat(f"{year}-{easter_monday}") in holidays(year, "DK")


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.restaurant.slug)
def test_a_year_has_about_the_orders_that_the_profile_says(profile: Profile) -> None:
    days = list(busyness(profile, FIRST, LAST, Random(1)))
    average = sum(day.expected_orders for day in days) / len(days)

    assert (LAST - FIRST).days + 1 == len(days)
    assert 0.75 < average / profile.demand.orders_per_day < 1.15


def test_a_closed_day_has_no_orders_and_size_multiplies() -> None:
    napoli, *_ = profiles()
    small, large = (list(busyness(napoli, FIRST, LAST, Random(1), size=size)) for size in (1.0, 3.0))

    assert [0.0] == [day.expected_orders for day in small if (day.date.month, day.date.day) == (12, 24)]
    assert [day.expected_orders * 3 for day in small] == pytest.approx([day.expected_orders for day in large])
