"""Rate limits, counted in this process's memory."""

from __future__ import annotations

import time
from math import ceil

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from flow.errors import TooManyRequests

__all__ = ["RateLimits"]


class RateLimits:
    """Counts what happens per key within a moving window; `flow.web.services` carries the process's one."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, rule: RateLimitItem, *key: str) -> None:
        """Counts one; TooManyRequests with the seconds to wait when that is more than `rule` allows."""
        if not self._limiter.hit(rule, *key):
            reset = self._limiter.get_window_stats(rule, *key).reset_time
            raise TooManyRequests(retry_after_seconds=max(1, ceil(reset - time.time())))

    def forget(self, rule: RateLimitItem, *key: str) -> None:
        """Begins the count of this key anew."""
        self._limiter.clear(rule, *key)
