"""Waking up when there is work: a connection that listens, and a pause that ends without it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final, LiteralString, Self

import psycopg
from psycopg import sql

__all__ = ["Bell"]

_RECONNECT_SECONDS: Final = 1.0
_log = logging.getLogger("flow.jobs")


class Bell:
    """Rung by `pg_notify(channel, …)` when the transaction that called it commits.

    What is rung while nobody waits ends the next wait at once. While the connection is away, waiting ends by time
    alone: so the pause is what work that nobody announced, or that fell due, waits for at most. One task waits for it.
    """

    def __init__(self, url: str, channel: LiteralString) -> None:
        self._url = url
        self._listen = sql.SQL("listen {}").format(sql.Identifier(channel))
        self._rung = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._listener = asyncio.create_task(self._listen_for_ever(), name="bell")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    def ring(self) -> None:
        """Rings it from within the process."""
        self._rung.set()

    async def wait(self, *, seconds: float) -> None:
        """Returns when it rings, or when `seconds` have passed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), max(0.0, seconds))
        self._rung.clear()

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen_once()
            except psycopg.Error as error:
                _log.warning("a bell has lost its connection (%s); connecting again", type(error).__name__)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        connecting = psycopg.AsyncConnection.connect(self._url, autocommit=True, prepare_threshold=None)
        async with await connecting as connection:
            await connection.execute(self._listen)
            self._rung.set()  # what happened while nobody listened is not repeated
            async for _ in connection.notifies():
                self._rung.set()
