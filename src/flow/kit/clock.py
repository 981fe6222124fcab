"""Where "now" comes from, so that a test can say what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "FixedClock", "SystemClock"]


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at`, forwards or backwards. A naive time raises ValueError."""
        if at.tzinfo is None:
            raise ValueError(f"a clock needs an aware time, not {at.isoformat()}")
        self._at = at.astimezone(UTC)

    def advance(self, step: timedelta) -> datetime:
        """Move by `step` and return the new time."""
        self._at += step
        return self._at
