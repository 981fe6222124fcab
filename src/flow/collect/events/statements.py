"""The hot path's statements, read from statements.sql."""

from __future__ import annotations

from importlib import resources
from typing import Final, NamedTuple

from flow.collect.events import rows
from flow.collect.events.connection import Connection, Statement
from flow.database.queries import parse

__all__ = ["BEGIN", "BEGIN_POOLED", "COMMIT", "COPY_EVENTS", "COPY_HEATMAP_EVENTS", "Opening", "prepare"]

_TIMEOUT_MS: Final = 15_000
_STATEMENTS: Final = {
    query.name.encode(): query.sql
    for query in parse(resources.files(__package__).joinpath("statements.sql").read_text(encoding="utf-8"))
}
COPY_EVENTS: Final = _STATEMENTS.pop(b"copy_events")
COPY_HEATMAP_EVENTS: Final = _STATEMENTS.pop(b"copy_heatmap_events")
COMMIT: Final = Statement(b"commit")

# The statements insert by key or ask in the order of one index, so that one plan is right for ever.
_SESSION: Final = (
    b"set role service_role;"
    b'set request.jwt.claims = \'{"role":"service_role"}\';'
    b"set statement_timeout = %d;"
    b"set plan_cache_mode = force_generic_plan;"
    b"set jit = off;"
    b"set enable_sort = off; set enable_seqscan = off; set enable_bitmapscan = off" % _TIMEOUT_MS
)


class Opening(NamedTuple):
    """How a transaction begins: as prepared statements, and as text in front of a COPY."""

    statements: tuple[Statement, ...]
    text: bytes


BEGIN: Final = Opening((Statement(b"begin"),), b"begin; ")
BEGIN_POOLED: Final = Opening(
    (
        *BEGIN.statements,
        Statement(b"begin_service", [rows.parameter(rows.integer(_TIMEOUT_MS))]),
        Statement(b"plan_by_order"),
    ),
    b"begin; select app.begin_service(%d); %s; " % (_TIMEOUT_MS, _STATEMENTS[b"plan_by_order"]),
)
"""What a session sets would reach the pooler's other clients, so there each transaction says it."""


async def prepare(connection: Connection) -> None:
    """Makes a session of the service, and parses and plans its statements, once for the life of the connection."""
    if not connection.is_pooled:
        await connection.run(_SESSION)
    for name, sql in _STATEMENTS.items():
        await connection.prepare(name, sql)
