"""The pools of one process, and the two doors into the database: as a user, and as the service.

`as_user` opens a transaction in role `authenticated` with the caller's claims, bound by row level security.
`as_service` opens one in role `service_role` for what no user does: ingest, roll-ups, retention, log-in.
Both set role and claims for the transaction only, so they are right behind a transaction-mode pooler too.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, scalar_row
from psycopg.sql import SQL, Composed
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from flow.database.transaction import Caller, Transaction
from flow.errors import NotAuthenticated, Unavailable

_BEGIN_REQUEST = SQL("begin; select app.begin_request({claims}::jsonb, {timeout})")
_BEGIN_READING = SQL("begin read only; select app.begin_request({claims}::jsonb, {timeout})")
_BEGIN_SERVICE = SQL("begin; select app.begin_service({timeout})")
_MAX_WAIT_SECONDS = 5.0
_TRUSTED_SECONDS = 0.5  # shorter than any restart of PostgreSQL
SERVICE_TIMEOUT_MS = 120_000


class Database:
    """The two pools; open it once per process with `async with`."""

    def __init__(
        self,
        *,
        api_url: str,
        worker_url: str,
        api_connections: int = 8,
        worker_connections: int = 4,
        statement_timeout_ms: int = 8_000,
    ) -> None:
        self._api = _pool(api_url, "flow api", api_connections)
        self._worker = _pool(worker_url, "flow service", worker_connections)
        self._timeout_ms = statement_timeout_ms
        self.worker_url = worker_url

    async def __aenter__(self) -> Database:
        await self._api.open()
        await self._worker.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._api.close()
        await self._worker.close()

    @asynccontextmanager
    async def as_user(self, claims: Mapping[str, object], *, read_only: bool = False) -> AsyncIterator[Transaction]:
        """A transaction as the user of these verified claims; NotAuthenticated if the session has ended."""
        template = _BEGIN_READING if read_only else _BEGIN_REQUEST
        opening = template.format(claims=json.dumps(claims), timeout=self._timeout_ms)
        async with _connection(self._api) as connection, _transaction(connection, opening) as answer:
            if answer is None:
                raise NotAuthenticated
            yield Transaction(connection, _caller(claims, answer))

    @asynccontextmanager
    async def as_service(self, *, timeout_ms: int = SERVICE_TIMEOUT_MS) -> AsyncIterator[Transaction]:
        """A transaction as service_role: no row level security; every query names its restaurant."""
        opening = _BEGIN_SERVICE.format(timeout=timeout_ms)
        async with _connection(self._worker) as connection, _transaction(connection, opening):
            yield Transaction(connection)


class _Connection(AsyncConnection[TupleRow]):
    """A connection that knows when it was given back: what worked a moment ago need not be asked whether it does."""

    given_back = 0.0

    async def check(self) -> None:
        """Raises psycopg.OperationalError if it broke while it lay idle."""
        if time.monotonic() - self.given_back > _TRUSTED_SECONDS:
            await AsyncConnectionPool.check_connection(self)


def _pool(url: str, name: str, size: int) -> AsyncConnectionPool[_Connection]:
    # prepare_threshold=None: prepared statements break behind transaction-mode poolers.
    return AsyncConnectionPool(
        url,
        connection_class=_Connection,
        min_size=1,
        max_size=size,
        open=False,
        name=name,
        timeout=_MAX_WAIT_SECONDS,
        kwargs={"autocommit": True, "prepare_threshold": None},
        check=_Connection.check,
    )


@asynccontextmanager
async def _connection(pool: AsyncConnectionPool[_Connection]) -> AsyncIterator[_Connection]:
    try:
        connection = await pool.getconn()
    except PoolTimeout as error:
        raise Unavailable("The database is busy or away; try again shortly.", retry_after_seconds=2) from error
    try:
        yield connection
    finally:
        connection.given_back = time.monotonic()
        await pool.putconn(connection)


@asynccontextmanager
async def _transaction(connection: _Connection, opening: Composed) -> AsyncIterator[Any]:
    """A transaction that `opening` begins, with what its second statement answered.

    Both go in one message, hence as text: with parameters they would be two round trips. What the text says of the
    caller is JSON of ASCII characters, quoted by libpq.
    """
    try:
        async with connection.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(opening)
            cursor.nextset()
            answer = await cursor.fetchone()
        yield answer
    except BaseException:
        with suppress(psycopg.OperationalError):  # the connection is gone, and the transaction with it
            await connection.rollback()
        raise
    await connection.commit()


def _caller(claims: Mapping[str, object], answer: Mapping[str, object]) -> Caller:
    grants = answer["grants"]
    roles = answer["platform_roles"]
    if not isinstance(grants, dict) or not isinstance(roles, list):
        raise TypeError("app.begin_request answers {grants: {permission: uuid[]}, platform_roles: text[]}")
    session = claims.get("session_id")
    return Caller(
        user_id=UUID(str(claims["sub"])),
        session_id=UUID(str(session)) if session else None,
        grants={name: frozenset(map(UUID, ids.strip("{}").split(","))) for name, ids in grants.items()},
        platform_roles=frozenset(map(str, roles)),
    )
