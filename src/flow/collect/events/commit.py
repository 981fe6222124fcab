"""Group commit: what waits is stored together, in one transaction.

Under low load each request is its own transaction; the more arrive while a group is stored, the larger the next one,
and the fewer commits per event.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Final

import psycopg

from flow.collect.events.assumptions import Assumptions
from flow.collect.events.connection import Connection
from flow.collect.events.errors import IngestUnavailable
from flow.collect.events.pace import Pace
from flow.collect.events.sessions import Sessions
from flow.collect.events.statements import prepare
from flow.collect.events.types import Submission
from flow.collect.events.writing import Writer

__all__ = ["GroupCommit"]

_log = logging.getLogger("flow.collect.events")
_FULL_GROUP: Final = 800  # events; the rows of a larger one leave the processor's cache before they are sent
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds between attempts to connect


@dataclass(slots=True)
class _Waiting:
    """A submission and who waits for it; `weight` counts its events, `cut_off` connections that broke meanwhile."""

    submission: Submission
    done: asyncio.Future[None]
    weight: int
    cut_off: int = 0


class GroupCommit:
    """The queue in front of the writers. It holds `capacity` events; what does not fit is refused at once."""

    def __init__(self, url: str, *, writers: int, capacity: int) -> None:
        self._url = url
        self._count = writers
        self._capacity = capacity
        self._queue: deque[_Waiting] = deque()
        self._pace = Pace(_FULL_GROUP)
        self._connected = 0
        self._is_away = False
        self._is_closing = False
        self._sessions = Sessions()
        self._assumptions = Assumptions()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop = asyncio.get_running_loop()  # asking for it is a call of the system each time

    def start(self) -> None:
        """Begins to write. The database may still be away."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._count)]

    async def stop(self) -> None:
        """Takes nothing new, stores what waits, and ends."""
        self._is_closing = True
        self._pace.end()
        await asyncio.gather(*self._tasks)
        self._fail(list(self._queue))

    async def submit(self, submission: Submission) -> None:
        """Returns once the submission is committed, its items saying what became of them.

        Raises IngestUnavailable when it was not stored, or when that cannot be told: it may be sent again.
        """
        weight = len(submission.items) or 1
        if self._is_closing or self._is_away or self._pace.waiting + weight > self._capacity:
            raise IngestUnavailable
        waiting = _Waiting(submission, self._loop.create_future(), weight)
        self._queue.append(waiting)
        self._pace.add(weight)
        await waiting.done

    async def _work(self) -> None:
        """One writer: connects, stores group after group, and connects again when the connection is lost."""
        pause = _FIRST_PAUSE
        while not (self._is_closing and not self._queue):
            try:
                connection = await self._connect()
            except psycopg.Error as error:
                self._note_absence(error)
                await asyncio.sleep(pause)
                pause = min(_LONGEST_PAUSE, pause * 2)
            else:
                pause = _FIRST_PAUSE
                await self._serve(connection)

    async def _connect(self) -> Connection:
        connection = await Connection.open(self._url)
        try:
            await prepare(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _serve(self, connection: Connection) -> None:
        """Stores groups until the connection is lost or all is done."""
        self._connected += 1
        self._is_away = False
        try:
            writer = Writer(connection, self._sessions, self._assumptions)
            while await self._pace.is_work_waiting() and connection.is_open:
                with self._pace.storing():
                    await self._store(writer, self._take())
        except Exception as error:
            # Whatever it was, the connection's state is unknown: go on with a new one.
            _log.error("event writer begins anew: %s", type(error).__name__, exc_info=_if_unexpected(error))
        finally:
            self._connected -= 1
            await connection.close()

    def _take(self) -> list[_Waiting]:
        """Everything that waits, up to a full group."""
        group: list[_Waiting] = []
        events = 0
        while self._queue and events < _FULL_GROUP:
            group.append(self._queue.popleft())
            events += group[-1].weight
        self._pace.take(events)
        return group

    async def _store(self, writer: Writer, group: list[_Waiting]) -> None:
        try:
            await writer.store([waiting.submission for waiting in group])
        except psycopg.Error as error:
            if not writer.is_connected:
                self._store_again(group)
                raise
            self._fail(group)
            _log.error("a group of events was not stored: %s %s", type(error).__name__, error.sqlstate)
        except BaseException:
            self._fail(group)
            raise
        else:
            for waiting in group:
                if not waiting.done.done():
                    waiting.done.set_result(None)

    def _store_again(self, group: list[_Waiting]) -> None:
        """Puts a group whose connection broke back in front, as often as there are connections to find broken.

        Should it have been committed after all, its events turn out to be duplicates.
        """
        self._fail([waiting for waiting in group if waiting.cut_off >= self._count])
        for waiting in reversed(group):
            if not waiting.done.done():
                waiting.cut_off += 1
                self._queue.appendleft(waiting)
                self._pace.add(waiting.weight)

    def _note_absence(self, error: psycopg.Error) -> None:
        if self._connected:
            return
        if not self._is_away:
            _log.error("the database is away, events are refused: %s", type(error).__name__)
        self._is_away = True
        self._fail([self._queue.popleft() for _ in range(len(self._queue))])
        self._pace.take(self._pace.waiting)

    def _fail(self, group: list[_Waiting]) -> None:
        for waiting in group:
            if not waiting.done.done():
                waiting.done.set_exception(IngestUnavailable())


def _if_unexpected(error: Exception) -> Exception | None:
    return None if isinstance(error, psycopg.OperationalError) else error
