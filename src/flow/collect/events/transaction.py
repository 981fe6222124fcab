"""One transaction of the hot path: BEGIN travels with its first message, COMMIT with its last.

One that is a single message needs neither: statements sent together are a transaction of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from psycopg.pq.abc import PGresult

from flow.collect.events.connection import Connection, Copy, Statement
from flow.collect.events.statements import BEGIN, BEGIN_POOLED, COMMIT, Opening

__all__ = ["Transaction"]

_BEGUN = Opening((), b"")


class Transaction:
    """What a writer tells the database about one group. One that fails is rolled back by the caller."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._opening = BEGIN_POOLED if connection.is_pooled else BEGIN

    async def run(self, statements: Iterable[Statement]) -> Mapping[bytes, PGresult]:
        """Runs statements in one round trip; their results by name, in binary."""
        return await self._connection.pipeline([*self._begin().statements, *statements])

    async def begin_copies(self, copies: Sequence[Copy]) -> None:
        """Copies rows into tables, one after another. What is made until end_copies() is made while they are stored."""
        if copies:
            await self._connection.begin_copy([copy.sql for copy in copies], before=self._begin().text)
            await self._connection.put_rows(copies[0].rows())

    async def end_copies(self, copies: Sequence[Copy]) -> None:
        """Returns when all rows are in their tables."""
        if copies:
            for copy in copies[1:]:
                await self._connection.put_rows(copy.rows())
            await self._connection.end_copy()

    async def commit(self, statements: Iterable[Statement]) -> None:
        """Runs the last statements; all is durable when this returns."""
        if self._opening is BEGIN:
            await self._connection.pipeline(list(statements))
        else:
            await self.run([*statements, COMMIT])

    def _begin(self) -> Opening:
        opening, self._opening = self._opening, _BEGUN
        return opening
