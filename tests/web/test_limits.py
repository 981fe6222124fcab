"""Rate limits."""

from __future__ import annotations

import pytest
from limits import parse

from flow.errors import TooManyRequests
from flow.web.limits import RateLimits

RULE = parse("3 per minute")


def test_what_the_rule_allows_passes_and_one_more_does_not() -> None:
    limits = RateLimits()
    for _ in range(3):
        limits.hit(RULE, "door", "anna")

    with pytest.raises(TooManyRequests) as refused:
        limits.hit(RULE, "door", "anna")
    assert 1 <= refused.value.retry_after_seconds <= 60


def test_keys_are_counted_apart() -> None:
    limits = RateLimits()
    for _ in range(3):
        limits.hit(RULE, "door", "anna")

    limits.hit(RULE, "door", "emil")
    limits.hit(RULE, "window", "anna")


def test_a_forgotten_key_begins_anew() -> None:
    limits = RateLimits()
    for _ in range(3):
        limits.hit(RULE, "door", "anna")
    limits.forget(RULE, "door", "anna")

    limits.hit(RULE, "door", "anna")
