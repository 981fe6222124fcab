"""Wakes waiting pages when something happened in one of their restaurants.

One connection per process listens on channel `flow_live`; whoever changes an order notifies within the transaction, so
the news comes after the commit. Where listening is not possible (behind a transaction-mode pooler) pages wake by time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHANNEL = "flow_live"
_RECONNECT_SECONDS = 1.0
_log = logging.getLogger("flow.realtime")


class Subscription:
    """One page's interest in some restaurants."""

    def __init__(self, restaurants: Iterable[UUID]) -> None:
        self.restaurants = frozenset(map(str, restaurants))
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Something happened in one of the restaurants."""
        self._news.set()

    async def wait(self, *, seconds: float) -> bool:
        """True as soon as something happened, False when `seconds` have passed without."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        happened = self._news.is_set()
        self._news.clear()
        return happened


class LiveHub:
    """The process's listener and its subscribers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._subscriptions: set[Subscription] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[LiveHub]:
        """Listens until the block ends."""
        listener = asyncio.create_task(self._listen_for_ever(), name="live hub")
        try:
            yield self
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener

    @contextmanager
    def subscribe(self, restaurants: Iterable[UUID]) -> Iterator[Subscription]:
        """A subscription for the length of the block."""
        subscription = Subscription(restaurants)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                _log.warning("live hub: the connection is gone (%s); connecting again", type(error).__name__)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            await connection.execute(f"listen {CHANNEL}")
            # What happened while nobody listened is not repeated: everyone looks again once.
            self._wake(None)
            async for news in connection.notifies():
                self._wake(news.payload)

    def _wake(self, restaurant: str | None) -> None:
        for subscription in self._subscriptions:
            if restaurant is None or restaurant in subscription.restaurants:
                subscription.wake()
