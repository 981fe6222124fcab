"""When a delivery is tried again, and when it is given up."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Final

from flow.delivery.webhooks.types import Answer, Claimed, Outcome

__all__ = ["DELAYS", "GIVES_UP_AFTER", "MAX_RETRY_AFTER", "outcome_of"]

_MINUTE, _HOUR = 60.0, 3600.0
DELAYS: Final = (
    5.0,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Seconds between one attempt and the next: ten attempts over 75 hours and 35 minutes, the first at once."""
GIVES_UP_AFTER: Final = timedelta(seconds=sum(DELAYS))
MAX_RETRY_AFTER: Final = 24 * _HOUR
_JITTER: Final = 0.1


def outcome_of(claimed: Claimed, answer: Answer, *, chance: random.Random) -> Outcome:
    """What becomes of a delivery after this attempt. Waits grow by up to a tenth, so that not all come back at once."""
    if answer.is_success:
        return Outcome(claimed=claimed, answer=answer, status="delivered", next_attempt_at=answer.at)
    if claimed.attempts >= len(DELAYS):
        return Outcome(claimed=claimed, answer=answer, status="failed", next_attempt_at=answer.at)
    wait = DELAYS[claimed.attempts] * (1 + _JITTER * chance.random())
    wait = max(wait, min(answer.retry_after, MAX_RETRY_AFTER))
    return Outcome(
        claimed=claimed, answer=answer, status="pending", next_attempt_at=answer.at + timedelta(seconds=wait)
    )
