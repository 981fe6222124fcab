"""The clocks: the real one and the one that tests hold in their hand."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from flow.kit.clock import Clock, FixedClock, SystemClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_system_clock_tells_utc_and_never_stands_still_for_long():
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_a_fixed_clock_moves_only_when_told():
    clock: Clock = FixedClock(NOON)
    assert NOON == clock.now() == clock.now()


def test_a_fixed_clock_advances_by_a_step_and_tells_the_new_time():
    clock = FixedClock(NOON)
    assert datetime(2026, 11, 21, 12, 0, 1, tzinfo=UTC) == clock.advance(timedelta(seconds=1))
    assert datetime(2026, 11, 21, 12, 0, 1, tzinfo=UTC) == clock.now()


def test_a_fixed_clock_turns_other_zones_into_utc():
    clock = FixedClock(datetime(2026, 11, 21, 13, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == NOON
    assert UTC is clock.now().tzinfo


def test_a_fixed_clock_refuses_a_naive_time():
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 11, 21))  # noqa: DTZ001
