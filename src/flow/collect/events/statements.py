"""The hot path's statements, read from statements.sql."""

from __future__ import annotations

from importlib import resources
from typing import Final

from flow.collect.events import rows
from flow.collect.events.connection import Connection, Statement
from flow.database.queries import parse

__all__ = ["BEGIN", "BEGIN_TEXT", "COMMIT", "COPY_EVENTS", "COPY_HEATMAP_EVENTS", "prepare"]

_TIMEOUT_MS: Final = 15_000
_STATEMENTS: Final = {
    query.name.encode(): query.sql
    for query in parse(resources.files(__package__).joinpath("statements.sql").read_text(encoding="utf-8"))
}
COPY_EVENTS: Final = _STATEMENTS.pop(b"copy_events")
COPY_HEATMAP_EVENTS: Final = _STATEMENTS.pop(b"copy_heatmap_events")
BEGIN_TEXT: Final = b"begin; select app.begin_service(%d); " % _TIMEOUT_MS
BEGIN: Final = (Statement(b"begin"), Statement(b"begin_service", [rows.parameter(rows.integer(_TIMEOUT_MS))]))
COMMIT: Final = Statement(b"commit")

# The statements insert by key or ask in the order of one index, so that one plan is right for ever.
_PLANNING: Final = b"set plan_cache_mode = force_generic_plan; set jit = off"


async def prepare(connection: Connection) -> None:
    """Parses and plans what can be, once for the life of the connection."""
    if not connection.is_pooled:  # what a session sets would reach the pooler's other clients
        await connection.run(_PLANNING)
    for name, sql in _STATEMENTS.items():
        await connection.prepare(name, sql)
