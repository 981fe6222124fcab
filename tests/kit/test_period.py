"""Periods: their names, their spelling and what they are compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.period import PERIOD_NAMES, Period

TODAY = date(2026, 11, 21)  # a Saturday
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
PERIODS = st.builds(lambda first, length: Period(first, first + timedelta(days=length)), DAYS, st.integers(0, 800))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", date(2026, 11, 21), TODAY),
        ("yesterday", date(2026, 11, 20), date(2026, 11, 20)),
        ("last_7_days", date(2026, 11, 15), TODAY),
        ("last_30_days", date(2026, 10, 23), TODAY),
        ("this_week", date(2026, 11, 16), TODAY),
        ("this_month", date(2026, 11, 1), TODAY),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this_year", date(2026, 1, 1), TODAY),
        ("last_12_months", date(2025, 11, 22), TODAY),
    ],
)
def test_a_named_period_is_counted_back_from_today(name, first, last):
    assert Period(first, last) == Period.named(name, TODAY) == Period.parse(name, today=TODAY)


@given(DAYS, st.sampled_from(PERIOD_NAMES))
def test_every_name_works_on_every_day_and_never_reaches_into_the_future(today, name):
    assert Period.named(name, today).last <= today


@given(DAYS)
def test_this_week_begins_on_a_monday(today):
    assert Period.named("this_week", today).first.weekday() == 0


@given(DAYS)
def test_the_last_12_months_hold_each_date_once(today):
    dates = [(day.month, day.day) for day in Period.named("last_12_months", today)]
    assert len(dates) == len(set(dates)) >= 365


@given(PERIODS)
def test_a_written_period_reads_back(period):
    assert period == Period.parse(str(period))


def test_a_single_day_is_a_period_of_one_day():
    assert Period(TODAY, TODAY) == Period.parse("2026-11-21")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "today",
        "2026-01-31..2026-01-01",
        "2026-02-30",
        "2026-01-01..",
        "2026-01-01...2026-01-02",
        "20260101..20260131",
        "2026-W01-1",
        "0001-01-01",
        "9999-12-31",
        "2026-01-01; drop table orders",
    ],
)
def test_anything_else_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"day|period"):
        Period.parse(text)


@given(st.text(max_size=30))
def test_reading_any_text_gives_a_period_or_a_value_error(text):
    try:
        assert isinstance(Period.parse(text, today=TODAY), Period)
    except ValueError:
        assert text not in PERIOD_NAMES


@given(PERIODS)
def test_the_previous_period_is_as_long_and_ends_the_day_before(period):
    before = period.previous()
    assert len(period) == len(before)
    assert timedelta(days=1) == period.first - before.last


@given(PERIODS)
def test_comparisons_keep_the_weekday(period):
    for other in (period.same_weekday_last_week(), period.same_weekday_last_year()):
        assert (period.first.weekday(), len(period)) == (other.first.weekday(), len(other))


def test_comparisons_go_back_one_week_and_52_weeks():
    today = Period(TODAY, TODAY)
    assert date(2026, 11, 14) == today.same_weekday_last_week().first
    assert date(2025, 11, 22) == today.same_weekday_last_year().first


@given(PERIODS)
def test_a_period_iterates_over_the_days_it_contains(period):
    days = list(period)
    assert (period.first, period.last, len(period)) == (days[0], days[-1], len(days))
    assert all(day in period for day in days)
    assert period.first - timedelta(days=1) not in period
    assert period.last + timedelta(days=1) not in period
