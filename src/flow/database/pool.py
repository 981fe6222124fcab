"""The pools of one process, and the two doors into the database: as a user, and as the service.

`as_user` opens a transaction in role `authenticated` with the caller's claims, bound by row level security.
`as_service` opens one in role `service_role` for what no user does: ingest, roll-ups, retention, log-in.
Both set role and claims for the transaction only, so they are right behind a transaction-mode pooler too.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.rows import TupleRow, scalar_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from flow.database.transaction import Caller, Transaction
from flow.errors import NotAuthenticated, Unavailable

_BEGIN_REQUEST = b"select app.begin_request($1::jsonb, $2::int)"
_SERVICE_CLAIMS = b"select app.begin_service($1::int)"
_MAX_WAIT_SECONDS = 5.0
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
        async with _connection(self._api) as connection, connection.transaction():
            if read_only:
                await connection.execute(b"set transaction read only")
            async with AsyncRawCursor(connection, row_factory=scalar_row) as cursor:
                await cursor.execute(_BEGIN_REQUEST, [json.dumps(claims), self._timeout_ms])
                answer = await cursor.fetchone()
            if answer is None:
                raise NotAuthenticated
            yield Transaction(connection, _caller(claims, answer))

    @asynccontextmanager
    async def as_service(self, *, timeout_ms: int = SERVICE_TIMEOUT_MS) -> AsyncIterator[Transaction]:
        """A transaction as service_role: no row level security; every query names its restaurant."""
        async with _connection(self._worker) as connection, connection.transaction():
            async with AsyncRawCursor(connection) as cursor:
                await cursor.execute(_SERVICE_CLAIMS, [timeout_ms])
            yield Transaction(connection)


def _pool(url: str, name: str, size: int) -> AsyncConnectionPool[AsyncConnection[TupleRow]]:
    # prepare_threshold=None: prepared statements break behind transaction-mode poolers.
    return AsyncConnectionPool(
        url,
        min_size=1,
        max_size=size,
        open=False,
        name=name,
        timeout=_MAX_WAIT_SECONDS,
        kwargs={"autocommit": True, "prepare_threshold": None},
        check=AsyncConnectionPool.check_connection,
    )


@asynccontextmanager
async def _connection(
    pool: AsyncConnectionPool[AsyncConnection[TupleRow]],
) -> AsyncIterator[AsyncConnection[TupleRow]]:
    try:
        connection = await pool.getconn()
    except PoolTimeout as error:
        raise Unavailable("The database is busy or away; try again shortly.", retry_after_seconds=2) from error
    try:
        yield connection
    finally:
        await pool.putconn(connection)


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
