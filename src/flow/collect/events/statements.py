"""The hot path's statements, read from statements.sql."""

from __future__ import annotations

from importlib import resources
from typing import Final

from flow.collect.events import rows
from flow.collect.events.connection import Connection, Statement
from flow.database.queries import parse

__all__ = ["BEGIN", "BEGIN_AND_COPY_EVENTS", "COMMIT", "COPY_EVENTS", "prepare"]

_TIMEOUT_MS: Final = 15_000
_STATEMENTS: Final = {
    query.name.encode(): query.sql
    for query in parse(resources.files(__package__).joinpath("statements.sql").read_text(encoding="utf-8"))
}
COPY_EVENTS: Final = _STATEMENTS.pop(b"copy_events")
BEGIN: Final[tuple[Statement, Statement]] = (
    (b"begin", ()),
    (b"begin_service", (rows.parameter(rows.integer(_TIMEOUT_MS)),)),
)
BEGIN_AND_COPY_EVENTS: Final = b"begin; select app.begin_service(%d); " % _TIMEOUT_MS + COPY_EVENTS
COMMIT: Final[Statement] = (b"commit", ())

# Statements are planned once, while tables may still be empty; every one of them looks rows up by a key.
_PLANNING: Final = (
    b"set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; "
    b"set enable_mergejoin = off; set jit = off"
)


async def prepare(connection: Connection) -> None:
    """Parses every statement once for the life of the connection."""
    await connection.run(_PLANNING)
    for name, sql in _STATEMENTS.items():
        await connection.prepare(name, sql)
