"""Business days: they tile time, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.days import BusinessCalendar, Period

COPENHAGEN = BusinessCalendar("Europe/Copenhagen")
# Lord Howe moves its clocks by half an hour, Havana at midnight; Apia once left out a whole day.
ZONES = [
    "Europe/Copenhagen",
    "Europe/Stockholm",
    "UTC",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Havana",
    "Pacific/Apia",
]
CALENDARS = st.builds(BusinessCalendar, st.sampled_from(ZONES), st.integers(0, 23))
DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
INSTANTS = st.datetimes(datetime(1995, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(CALENDARS, INSTANTS)
def test_every_instant_falls_within_the_bounds_of_its_business_day(calendar, at):
    start, end = calendar.bounds(calendar.business_day(at))
    assert start <= at < end


@given(CALENDARS, DAYS)
def test_days_tile_time_without_gap_or_overlap(calendar, first):
    bounds = [calendar.bounds(first + timedelta(days=number)) for number in range(400)]
    assert all(end == start for (_, end), (start, _) in pairwise(bounds))
    assert all(start <= end for start, end in bounds)


@given(CALENDARS, DAYS)
def test_the_first_and_the_last_instant_of_a_day_belong_to_it(calendar, day):
    start, end = calendar.bounds(day)
    if start < end:  # Apia has no 30 December 2011
        assert day == calendar.business_day(start)
        assert day == calendar.business_day(end - timedelta(microseconds=1))


@given(CALENDARS, INSTANTS, st.sampled_from(ZONES))
def test_the_business_day_does_not_depend_on_how_the_instant_is_written(calendar, at, zone):
    assert calendar.business_day(at) == calendar.business_day(at.astimezone(ZoneInfo(zone)))


def test_in_every_zone_a_day_begins_with_a_quarter_of_an_hour():
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(0, 730, 5)]
    calendars = [BusinessCalendar(zone, 2) for zone in available_timezones()]
    assert {0} == {calendar.start(day).timestamp() % 900 for calendar in calendars for day in days}


@pytest.mark.parametrize(
    ("local", "day"),
    [
        (datetime(2026, 11, 22, 1, 30), date(2026, 11, 21)),  # noqa: DTZ001
        (datetime(2026, 11, 22, 3, 59, 59), date(2026, 11, 21)),  # noqa: DTZ001
        (datetime(2026, 11, 22, 4, 0), date(2026, 11, 22)),  # noqa: DTZ001
    ],
)
def test_a_late_guest_belongs_to_the_evening_before(local, day):
    assert day == COPENHAGEN.business_day(local.replace(tzinfo=ZoneInfo("Europe/Copenhagen")))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 11, 21), 24)]
)
def test_a_day_has_23_or_25_hours_when_the_clocks_change(day, hours):
    start, end = COPENHAGEN.bounds(day)
    assert timedelta(hours=hours) == end - start
    assert (start.tzinfo, end.tzinfo) == (UTC, UTC)


def test_a_day_begins_at_the_cut_off_hour_of_its_own_zone():
    assert datetime(2026, 11, 21, 3, tzinfo=UTC) == COPENHAGEN.start(date(2026, 11, 21))
    assert datetime(2026, 7, 1, 2, tzinfo=UTC) == COPENHAGEN.start(date(2026, 7, 1))
    assert datetime(2026, 7, 1, tzinfo=UTC) == BusinessCalendar("UTC", 0).start(date(2026, 7, 1))


def test_the_span_of_a_period_runs_from_its_first_start_to_its_last_end():
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert (COPENHAGEN.start(period.first), COPENHAGEN.bounds(period.last)[1]) == COPENHAGEN.span(period)


def test_days_come_with_their_bounds():
    first, last = date(2026, 3, 28), date(2026, 3, 29)
    expected = [(first, *COPENHAGEN.bounds(first)), (last, *COPENHAGEN.bounds(last))]
    assert expected == list(COPENHAGEN.days(first, last))


@pytest.mark.parametrize("zone", ["", "Europe/Kopenhagen", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b"])
def test_an_unknown_zone_is_a_value_error(zone):
    with pytest.raises(ValueError, match="unknown time zone"):
        BusinessCalendar(zone)


@pytest.mark.parametrize("hour", [-1, 24])
def test_a_cut_off_hour_outside_the_day_is_a_value_error(hour):
    with pytest.raises(ValueError, match="cut-off"):
        BusinessCalendar("UTC", hour)


def test_a_naive_time_has_no_business_day():
    with pytest.raises(ValueError, match="aware"):
        COPENHAGEN.business_day(datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_hour_before_the_cut_off_lies_on_the_next_calendar_day() -> None:
    calendar = BusinessCalendar("Europe/Copenhagen", 4)

    assert (
        datetime(2026, 1, 2, 0, 0, tzinfo=UTC),
        datetime(2026, 1, 2, 1, 0, tzinfo=UTC),
    ) == calendar.hour(date(2026, 1, 1), 1)


def test_the_hours_of_a_day_tile_it_when_the_clock_is_set_back() -> None:
    calendar = BusinessCalendar("Europe/Copenhagen", 4)
    day = date(2026, 10, 24)
    hours = [calendar.hour(day, hour % 24) for hour in range(4, 28)]

    assert calendar.bounds(day) == (hours[0][0], hours[-1][1])
    assert all(before[1] == after[0] for before, after in pairwise(hours))
