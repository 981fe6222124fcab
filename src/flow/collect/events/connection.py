"""One connection of the hot path: libpq driven by the event loop, without a cursor in between.

The driver's cursors do more per statement than a group of events needs: they look types up, keep results, take locks,
and wait with a timer. Here a round trip is one system call each way, and results stay the bytes they are.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

import psycopg
from psycopg import AsyncConnection, errors, pq
from psycopg.pq.abc import PGresult

__all__ = ["Connection", "Copy", "Statement"]

_SYNC = pq.ExecStatus.PIPELINE_SYNC
_FAILURES = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED, pq.ExecStatus.BAD_RESPONSE)
_BINARY = 1


class Statement(NamedTuple):
    """A prepared statement by its name, and its parameters in binary."""

    name: bytes
    parameters: Sequence[bytes] = ()


class Copy(NamedTuple):
    """COPY … FROM STDIN, and what makes its rows."""

    sql: bytes
    rows: Callable[[], bytes]


class Connection:
    """A connection that one task uses at a time; a failed one is closed and not used again."""

    def __init__(self, driver: AsyncConnection[Any], *, is_pooled: bool = False) -> None:
        self._driver = driver
        self._libpq = driver.pgconn
        self._libpq.nonblocking = 1
        self.is_pooled = is_pooled
        self._unprepared: dict[bytes, bytes] = {}
        self._loop = asyncio.get_running_loop()
        self._readable: asyncio.Future[None] | None = None
        # libpq closes its socket by itself when the connection breaks, and the number may be another's a moment later.
        # A duplicate is ours until we close it, so that the loop never watches the wrong one.
        self._watched = os.dup(self._libpq.socket)
        self._loop.add_reader(self._watched, self._on_readable)

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connects; OperationalError when the database is away."""
        driver = await AsyncConnection.connect(url, autocommit=True, prepare_threshold=None, connect_timeout=5)
        return cls(driver, is_pooled=await _is_pooled(driver))

    async def close(self) -> None:
        """Closes the connection, whatever its state."""
        self._loop.remove_reader(self._watched)
        os.close(self._watched)
        await self._driver.close()

    @property
    def is_open(self) -> bool:
        return self._libpq.status == pq.ConnStatus.OK

    @property
    def is_in_transaction(self) -> bool:
        return self._libpq.transaction_status != pq.TransactionStatus.IDLE

    async def prepare(self, name: bytes, sql: bytes) -> None:
        """Parses a statement once for the life of the connection; behind a pooler each time it runs."""
        if self.is_pooled:
            self._unprepared[name] = sql
            return
        self._libpq.send_prepare(name, sql)
        await self._flush()
        await self._results()

    async def run(self, sql: bytes) -> None:
        """Runs statements without parameters, in one message."""
        self._libpq.send_query(sql)
        await self._flush()
        await self._results()

    async def begin_copy(self, tables: Sequence[bytes], *, before: bytes = b"") -> None:
        """Begins to copy rows into tables, one after another, in one message that begins with the statements `before`.

        `tables` are statements of COPY … FROM STDIN; put_rows() for each of them and end_copy() are to follow.
        """
        self._libpq.send_query(before + b"; ".join(tables))
        await self._flush()

    async def put_rows(self, rows: bytes) -> None:
        """Hands over all rows of the next table; raises the error of what was before it."""
        await self._invitation()
        self._libpq.put_copy_data(rows)
        self._libpq.put_copy_end()
        await self._flush()

    async def end_copy(self) -> None:
        """Returns when all tables have their rows; raises the error of the last."""
        await self._results()

    async def pipeline(self, statements: Sequence[Statement]) -> dict[bytes, PGresult]:
        """Runs statements in one round trip; their results by name, in binary.

        Where no transaction was begun they are one of their own. Raises the error of the first that failed; those
        after it were not run.
        """
        libpq = self._libpq
        libpq.enter_pipeline_mode()
        try:
            for name, parameters in statements:
                formats = [_BINARY] * len(parameters)
                sql = self._unprepared.get(name)
                if sql is None:
                    libpq.send_query_prepared(name, parameters, formats, _BINARY)
                else:
                    libpq.send_query_params(sql, parameters, None, formats, _BINARY)
            libpq.pipeline_sync()
            await self._flush()
            return await self._pipeline_results([statement.name for statement in statements])
        finally:
            if self.is_open:
                libpq.exit_pipeline_mode()

    async def _pipeline_results(self, names: Sequence[bytes]) -> dict[bytes, PGresult]:
        """One result of each statement, up to the sync, at which a transaction that nobody began is committed."""
        libpq = self._libpq
        results: list[PGresult] = []
        failure: psycopg.Error | None = None
        while True:
            result = await self._next() if libpq.is_busy() else libpq.get_result()
            if result is None:  # the end of a statement's results
                if self.is_open:
                    continue
                # All results may be here, but not the commit.
                raise failure or psycopg.OperationalError("the connection is lost")
            status = result.status
            if status == _SYNC:
                break
            if status in _FAILURES:
                failure = failure or errors.error_from_result(result)
            else:
                results.append(result)
        if failure:
            raise failure
        return dict(zip(names, results, strict=True))

    async def _results(self) -> list[PGresult]:
        """What one statement, or the statements of one message, led to."""
        results: list[PGresult] = []
        failure: psycopg.Error | None = None
        libpq = self._libpq
        while (result := await self._next() if libpq.is_busy() else libpq.get_result()) is not None:
            if result.status in _FAILURES:
                failure = failure or errors.error_from_result(result)
            else:
                results.append(result)
        if failure:
            raise failure
        return results

    async def _invitation(self) -> None:
        """Waits until the server asks for rows; raises the error of what ran before it."""
        while (result := await self._next()) is not None:
            if result.status == pq.ExecStatus.COPY_IN:
                return
            if result.status in _FAILURES:
                await self._results()
                raise errors.error_from_result(result)

    async def _next(self) -> PGresult | None:
        """The next result, once it is here; None at the end of a statement's results."""
        libpq = self._libpq
        if libpq.is_busy():
            libpq.consume_input()  # it may have come while something else was done
        while libpq.is_busy():
            self._readable = self._loop.create_future()
            await self._readable
        return libpq.get_result()

    async def _flush(self) -> None:
        while self._libpq.flush():
            writable = self._loop.create_future()
            self._loop.add_writer(self._watched, _wake, writable)
            try:
                await writable
            finally:
                self._loop.remove_writer(self._watched)

    def _on_readable(self) -> None:
        try:
            self._libpq.consume_input()
        except psycopg.OperationalError as error:
            self._loop.remove_reader(self._watched)
            self._wake_reader(error)
        else:
            if not self._libpq.is_busy():
                self._wake_reader(None)

    def _wake_reader(self, error: Exception | None) -> None:
        waiting, self._readable = self._readable, None
        if waiting is not None and not waiting.done():
            if error:
                waiting.set_exception(error)
            else:
                waiting.set_result(None)


async def _is_pooled(driver: AsyncConnection[Any]) -> bool:
    """Whether a pooler stands in between: it makes up the process number that a connection is greeted with.

    In transaction mode the next transaction may run elsewhere, where nothing was prepared.
    """
    answer = await (await driver.execute("select pg_backend_pid()")).fetchone()
    return answer is None or answer[0] != driver.info.backend_pid


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
