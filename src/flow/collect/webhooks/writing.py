"""Inserting a group of rows: one round trip on a connection of its own, with parameters in PostgreSQL's binary formats.

The way of event ingest (flow.collect.events.connection), for the same reason: the driver's own would take longer per
delivery than checking and sealing it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg

from flow.collect.events.connection import Connection, Statement
from flow.collect.events.rows import Oid, Row, arrays, integer, parameter, text, timestamp, uuid
from flow.collect.webhooks.rows import InboxRow
from flow.collect.webhooks.store import INSERT_ITEMS, RING_INBOX

__all__ = ["InboxWriter"]

_TIMEOUT_MS: Final = 15_000
_SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_STATEMENTS: Final = {
    b"begin": b"begin",
    b"begin_service": b"select app.begin_service($1::int)",
    b"insert_items": INSERT_ITEMS.sql,
    b"ring_inbox": RING_INBOX.sql,
    b"commit": b"commit",
}
_BEGIN: Final = (Statement(b"begin"), Statement(b"begin_service", [parameter(integer(_TIMEOUT_MS))]))
_END: Final = (Statement(b"ring_inbox"), Statement(b"commit"))
_COLUMNS: Final = (  # in the order of the statement's parameters
    *(Oid.UUID, Oid.UUID, Oid.TEXT, Oid.TEXT, Oid.TEXT),
    *(Oid.BYTEA, Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.TIMESTAMPTZ),
)


class InboxWriter:
    """A connection that inserts into the inbox. One task uses it at a time; a broken one is closed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> InboxWriter:
        """Connects as the service; psycopg.Error when the database is away."""
        connection = await Connection.open(url)
        try:
            for name, sql in _STATEMENTS.items():
                await connection.prepare(name, sql)
        except BaseException:
            await connection.close()
            raise
        return cls(connection)

    @property
    def is_open(self) -> bool:
        return self._connection.is_open

    async def close(self) -> None:
        await self._connection.close()

    async def insert(self, rows: Sequence[InboxRow]) -> None:
        """Inserts and commits what is new of `rows`; psycopg.Error when nothing of it was, or that cannot be told."""
        insert = Statement(b"insert_items", arrays(_COLUMNS, map(_fields, rows)))
        try:
            await self._connection.pipeline([*_BEGIN, insert, *_END])
        except psycopg.Error:
            if self.is_open:
                await self._connection.run(b"rollback")
            raise


def _fields(row: InboxRow) -> Row:
    return (
        uuid(row.restaurant_id.bytes),
        uuid(row.id.bytes),
        text(row.provider),
        text(row.dedupe_key),
        text(row.event_type),
        _bytea(row.payload_sealed),
        text(row.subject),
        text(row.status),
        text(row.reason),
        timestamp((row.received_at - _SINCE) // _MICROSECOND),
    )


def _bytea(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value
