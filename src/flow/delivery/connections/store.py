"""Reads the rows behind the figures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.database.queries import Query, load_queries
from flow.database.transaction import Transaction
from flow.delivery.connections.types import Behind, ConnectionRow
from flow.delivery.dashboards.types import Selected
from flow.kit.period import Period

_queries = load_queries(__package__)
_OF: dict[Behind, Query] = {
    "calls": _queries.calls,
    "incoming": _queries.incoming,
    "outgoing": _queries.outgoing,
}


async def rows_behind(
    transaction: Transaction,
    behind: Behind,
    selected: Selected,
    days: Period,
    *,
    party: str | None,
    outcome: str | None,
    before: tuple[datetime, UUID] | None,
    most: int,
) -> list[ConnectionRow]:
    """The newest of these days, each restaurant's own; of one system or endpoint and one outcome where asked."""
    spans = [(each.id, *each.calendar.span(days)) for each in selected.restaurants]
    return await transaction.all(
        _OF[behind],
        ConnectionRow,
        restaurants=[restaurant for restaurant, _, _ in spans],
        starts=[starts_at for _, starts_at, _ in spans],
        ends=[ends_at for _, _, ends_at in spans],
        party=party,
        outcome=outcome,
        before=before[0] if before else None,
        before_id=before[1] if before else None,
        most=most,
    )
