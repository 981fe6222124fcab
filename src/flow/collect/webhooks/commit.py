"""Group commit of the inbox: what waits is stored together, in one transaction.

Under low load each delivery is its own transaction; the more arrive while a group is stored, the larger the next one,
and the fewer commits per delivery.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psycopg

from flow.collect.events.pace import Pace
from flow.collect.webhooks.rows import InboxRow
from flow.collect.webhooks.writing import InboxWriter
from flow.errors import FlowError, Unavailable

__all__ = ["InboxCommit"]

_FULL_GROUP: Final = 1000  # rows
_CAPACITY: Final = 20_000  # rows that may wait
_WRITERS: Final = 2
_log = logging.getLogger("flow.collect.webhooks")


@dataclass(slots=True)
class _Waiting:
    rows: Sequence[InboxRow]
    done: asyncio.Future[None]


class InboxCommit:
    """The queue in front of the writers; what does not fit is refused at once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: deque[_Waiting] = deque()
        self._pace = Pace(_FULL_GROUP)
        self._is_closing = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to write. The database may still be away."""
        self._tasks = [asyncio.create_task(self._work(), name="webhook inbox") for _ in range(_WRITERS)]

    async def stop(self) -> None:
        """Takes nothing new, stores what waits, and ends."""
        self._is_closing = True
        self._pace.end()
        await asyncio.gather(*self._tasks)

    async def submit(self, rows: Sequence[InboxRow]) -> None:
        """Returns once the rows are committed, or were there already.

        Raises Unavailable when they were not stored, or when that cannot be told: the provider sends them again.
        """
        if self._is_closing or self._pace.waiting + len(rows) > _CAPACITY:
            raise Unavailable
        waiting = _Waiting(rows, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._pace.add(len(rows))
        await waiting.done

    async def _work(self) -> None:
        """One writer: stores group after group, and connects again when the connection is lost."""
        writer: InboxWriter | None = None
        while await self._pace.is_work_waiting():
            group = self._take()
            try:
                with self._pace.storing():
                    if writer is None or not writer.is_open:
                        writer = await self._anew(writer)
                    await self._store(writer, group)
            except Exception as error:
                _log_failure(error)
                _settle(group, Unavailable())
        if writer is not None:
            await writer.close()

    async def _anew(self, broken: InboxWriter | None) -> InboxWriter:
        if broken is not None:
            await broken.close()
        return await InboxWriter.open(self._url)

    async def _store(self, writer: InboxWriter, group: list[_Waiting]) -> None:
        try:
            await writer.insert([row for waiting in group for row in waiting.rows])
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            await _store_singly(writer, group, error)
        else:
            _settle(group, None)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        rows = 0
        while self._queue and rows < _FULL_GROUP:
            group.append(self._queue.popleft())
            rows += len(group[-1].rows)
        self._pace.take(rows)
        return group


async def _store_singly(writer: InboxWriter, group: list[_Waiting], error: Exception) -> None:
    """One delivery that the table does not take must not refuse the others that came at the same time."""
    if len(group) == 1:
        _log_failure(error)
        _settle(group, Unavailable())
        return
    for waiting in group:
        failure: FlowError | None = None
        try:
            await writer.insert(waiting.rows)
        except psycopg.Error as alone:
            _log_failure(alone)
            failure = Unavailable()
        _settle([waiting], failure)


def _settle(group: Sequence[_Waiting], failure: FlowError | None) -> None:
    for waiting in group:
        with suppress(asyncio.InvalidStateError):  # whoever waited has hung up
            if failure is None:
                waiting.done.set_result(None)
            else:
                waiting.done.set_exception(failure)


def _log_failure(error: Exception) -> None:
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    _log.error("deliveries were not stored: %s %s", type(error).__name__, state)
