"""Deliveries that were refused, by connection, hour and reason.

They are counted in memory and added to the table once a minute: whoever floods an address with what is not signed makes
one statement a minute, with as many rows as there are connections that he names.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Final
from uuid import UUID

import psycopg

from flow.collect.webhooks import store
from flow.collect.webhooks.types import Refusal, RefusalReason
from flow.database.pool import Database
from flow.kit.clock import Clock

__all__ = ["Refusals"]

_SECONDS: Final = 60
_log = logging.getLogger("flow.collect.webhooks")


class Refusals:
    """The counts of one process; `start` begins to keep them, `stop` keeps the last ones."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._counts: Counter[Refusal] = Counter()
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep_on())

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        await self.keep()

    def count(self, provider: str, reason: RefusalReason, restaurants: Iterable[UUID]) -> None:
        """Counts a delivery for each restaurant in whose name it came."""
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        self._counts.update(Refusal(restaurant, hour, provider, reason) for restaurant in set(restaurants))

    async def keep(self) -> None:
        """Adds what was counted to the table; while the database is away it stays here."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            async with self._database.as_service() as service:
                await store.add_refusals(service, counts)
        except psycopg.Error as error:
            self._counts.update(counts)
            _log.warning("refused deliveries were not kept yet: %s", type(error).__name__)

    async def _keep_on(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS)
            await self.keep()
