"""Token buckets: a minute's worth at once, an even rate over time."""

from __future__ import annotations

import pytest

from flow.collect.events.errors import RateLimited
from flow.collect.events.limits import TokenBuckets


class _Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def buckets(clock: _Clock) -> TokenBuckets:
    return TokenBuckets(clock)


def test_a_minutes_worth_passes_at_once_and_then_nothing(buckets: TokenBuckets) -> None:
    for _ in range(60):
        buckets.take("a", 1, per_minute=60)

    with pytest.raises(RateLimited) as refused:
        buckets.take("a", 1, per_minute=60)
    assert 1 == refused.value.retry_after_seconds


def test_over_time_the_rate_holds(buckets: TokenBuckets, clock: _Clock) -> None:
    passed = 0
    for _ in range(6000):  # ten minutes, ten times a second
        clock.seconds += 0.1
        try:
            buckets.take("a", 7, per_minute=60)
            passed += 7
        except RateLimited:
            pass

    assert 60 * 11 - 7 <= passed <= 60 * 11 + 7


def test_a_batch_larger_than_what_is_left_passes_once_and_is_paid_back(buckets: TokenBuckets, clock: _Clock) -> None:
    buckets.take("a", 500, per_minute=60)
    with pytest.raises(RateLimited) as refused:
        buckets.take("a", 1, per_minute=60)
    assert 441 == refused.value.retry_after_seconds

    clock.seconds += 441
    buckets.take("a", 1, per_minute=60)


def test_keys_do_not_share_a_bucket(buckets: TokenBuckets) -> None:
    buckets.take("a", 60, per_minute=60)
    buckets.take("b", 60, per_minute=60)
    with pytest.raises(RateLimited):
        buckets.take("a", 1, per_minute=60)


def test_memory_is_bounded(buckets: TokenBuckets, clock: _Clock) -> None:
    for number in range(50_000):
        buckets.take(number, 1, per_minute=60)
        clock.seconds += 0.01

    assert len(buckets._buckets) <= 20_000
