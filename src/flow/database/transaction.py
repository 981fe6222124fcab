"""One transaction, as the modules see it: typed reads and writes by named queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.rows import class_row, scalar_row, tuple_row

from flow.database.queries import Query
from flow.errors import NotFound

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the verified user and what the memberships allow (permission → restaurants)."""

    user_id: UUID
    session_id: UUID | None
    grants: dict[str, frozenset[UUID]]
    platform_roles: frozenset[str] = frozenset()

    def restaurants_with(self, permission: str) -> frozenset[UUID]:
        """The restaurants in which the caller holds `permission`, e.g. `orders.read`."""
        return self.grants.get(permission, frozenset())


class Transaction:
    """An open transaction. It is begun and ended by `Database`; nothing in a module commits."""

    def __init__(self, connection: AsyncConnection[Any], caller: Caller | None = None) -> None:
        self.connection = connection
        self.caller = caller

    async def all(self, query: Query, row: type[Row], **parameters: object) -> list[Row]:
        """Every row as a `row` dataclass, its fields named as the columns."""
        async with AsyncRawCursor(self.connection, row_factory=class_row(row)) as cursor:
            await cursor.execute(query.sql, query.bind(parameters))
            return await cursor.fetchall()

    async def one_or_none(self, query: Query, row: type[Row], **parameters: object) -> Row | None:
        """The first row, or None."""
        async with AsyncRawCursor(self.connection, row_factory=class_row(row)) as cursor:
            await cursor.execute(query.sql, query.bind(parameters))
            return await cursor.fetchone()

    async def one(self, query: Query, row: type[Row], **parameters: object) -> Row:
        """The first row; NotFound when there is none."""
        found = await self.one_or_none(query, row, **parameters)
        if found is None:
            raise NotFound
        return found

    async def value(self, query: Query, **parameters: object) -> Any:
        """The first column of the first row, or None."""
        async with AsyncRawCursor(self.connection, row_factory=scalar_row) as cursor:
            await cursor.execute(query.sql, query.bind(parameters))
            return await cursor.fetchone()

    async def values(self, query: Query, **parameters: object) -> list[Any]:
        """The first column of every row."""
        async with AsyncRawCursor(self.connection, row_factory=scalar_row) as cursor:
            await cursor.execute(query.sql, query.bind(parameters))
            return await cursor.fetchall()

    async def tuples(self, query: Query, **parameters: object) -> list[tuple[Any, ...]]:
        """Every row as a plain tuple, for results whose columns are chosen at run time."""
        async with AsyncRawCursor(self.connection, row_factory=tuple_row) as cursor:
            await cursor.execute(query.sql, query.bind(parameters))
            return await cursor.fetchall()

    async def execute(self, query: Query, **parameters: object) -> int:
        """Runs a statement; the number of rows it touched."""
        async with AsyncRawCursor(self.connection) as cursor:
            await cursor.execute(query.sql, query.bind(parameters))
            return cursor.rowcount

    async def execute_many(self, query: Query, rows: Sequence[dict[str, object]]) -> None:
        """Runs a statement once per row, sent as one pipeline."""
        async with AsyncRawCursor(self.connection) as cursor:
            await cursor.executemany(query.sql, [query.bind(row) for row in rows])
