"""When a delivery is tried again: ten tries over more than 75 hours, never sooner than said, never all at once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flow.delivery.webhooks.schedule import DELAYS, GIVES_UP_AFTER, outcome_of
from flow.delivery.webhooks.types import Answer, Claimed
from flow.kit.ids import new_id

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _claimed(attempts: int) -> Claimed:
    return Claimed(
        restaurant_id=new_id(),
        id=new_id(),
        endpoint_id=new_id(),
        event_id=new_id(),
        object_id=new_id(),
        sequence=1,
        body="{}",
        attempts=attempts,
        url="https://till.example/",
        secrets_sealed=b"",
        consecutive_failures=0,
    )


def _wait(attempts: int, **answer: object) -> tuple[str, float]:
    said = Answer(at=NOW, duration_ms=1, **answer)  # type: ignore[arg-type]
    outcome = outcome_of(_claimed(attempts), said, chance=random.Random(7))
    return outcome.status, (outcome.next_attempt_at - NOW).total_seconds()


def test_the_waits_are_those_of_standard_webhooks_and_last_75_hours() -> None:
    assert (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400) == DELAYS
    assert timedelta(hours=75) < GIVES_UP_AFTER


@given(st.integers(0, len(DELAYS) - 1), st.integers(0, 2**32))
def test_a_wait_is_never_shorter_than_said_and_at_most_a_tenth_longer(attempts: int, seed: int) -> None:
    said = Answer(at=NOW, duration_ms=1, status_code=500)
    outcome = outcome_of(_claimed(attempts), said, chance=random.Random(seed))
    wait = (outcome.next_attempt_at - NOW).total_seconds()

    assert "pending" == outcome.status
    assert DELAYS[attempts] <= wait <= DELAYS[attempts] * 1.1 + 0.001


def test_the_tenth_failure_is_the_last() -> None:
    assert "pending" == _wait(8, status_code=500)[0]
    assert "failed" == _wait(9, status_code=500)[0]


def test_a_receiver_may_ask_for_more_time_but_not_for_more_than_a_day() -> None:
    assert ("pending", 3_600) == _wait(0, status_code=429, retry_after=3_600.0)
    assert ("pending", 86_400) == _wait(0, status_code=503, retry_after=1e9)


def test_only_2xx_counts() -> None:
    assert ["delivered", "delivered", "pending", "pending", "pending"] == [
        _wait(0, status_code=code)[0] for code in (200, 204, 199, 302, 400)
    ]
