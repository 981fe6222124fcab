"""Circuit breakers: a system that keeps failing is left alone for a while, for one connection at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

__all__ = ["Breaker", "Breakers"]

_FAILURES: Final = 5
_FIRST_PAUSE: Final = timedelta(seconds=10)
_LONGEST_PAUSE: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Breaker:
    """Opens after five failures in a row; then lets one call through at a time, after ever longer pauses."""

    failures: int = 0
    opens_again_at: datetime | None = None
    _pause: timedelta = _FIRST_PAUSE

    def seconds_closed_to(self, now: datetime) -> float:
        """For how long no call may go out; 0 lets this one through."""
        if self.opens_again_at is None:
            return 0.0
        left = (self.opens_again_at - now).total_seconds()
        if left <= 0:
            self.opens_again_at = now + self._pause  # the next one waits for what comes of this one
        return max(0.0, left)

    def succeed(self) -> None:
        self.failures, self.opens_again_at, self._pause = 0, None, _FIRST_PAUSE

    def fail(self, now: datetime) -> None:
        self.failures += 1
        if self.failures < _FAILURES:
            return
        if self.failures > _FAILURES:
            self._pause = min(_LONGEST_PAUSE, self._pause * 2)
        self.opens_again_at = now + self._pause


@dataclass(slots=True)
class Breakers:
    """The breakers of one process, by restaurant and provider."""

    _by_connection: dict[tuple[UUID, str], Breaker] = field(default_factory=dict)

    def of(self, restaurant_id: UUID, provider: str) -> Breaker:
        return self._by_connection.setdefault((restaurant_id, provider), Breaker())
