"""How many events a key or an address may send: token buckets in this process's memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from math import ceil
from typing import Final

from flow.collect.events.errors import RateLimited

__all__ = ["TokenBuckets"]

_CAPACITY: Final = 20_000


class _Bucket:
    __slots__ = ("filled_at", "tokens")

    def __init__(self, tokens: float, filled_at: float) -> None:
        self.tokens = tokens
        self.filled_at = filled_at


class TokenBuckets:
    """One bucket per key, filled evenly, that holds a minute's events.

    A batch passes while there is anything in the bucket and may leave a debt: so a batch larger than what is left is
    not starved, and the rate holds over time.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[Hashable, _Bucket] = {}

    def take(self, key: Hashable, events: int, *, per_minute: int) -> None:
        """Takes the events out; RateLimited with the seconds to wait when the bucket is empty."""
        now = self._now()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._add(key, _Bucket(per_minute, now))
        bucket.tokens = min(per_minute, bucket.tokens + (now - bucket.filled_at) * per_minute / 60)
        bucket.filled_at = now
        if bucket.tokens <= 0:
            raise RateLimited(retry_after_seconds=ceil((1 - bucket.tokens) * 60 / per_minute))
        bucket.tokens -= events

    def _add(self, key: Hashable, bucket: _Bucket) -> _Bucket:
        if len(self._buckets) >= _CAPACITY:
            self._forget_idle(bucket.filled_at)
        self._buckets[key] = bucket
        return bucket

    def _forget_idle(self, now: float) -> None:
        """Forgets who sent nothing for a minute, whose bucket is full again; in a flood, everyone."""
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if now - bucket.filled_at < 60}
        if len(self._buckets) >= _CAPACITY:
            self._buckets.clear()
