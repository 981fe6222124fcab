"""Reads and writes of the quality pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flow.collect.quality.types import Captured, Dropped, RejectedEvent, Replayed, ToReplay
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def dropped(
    transaction: Transaction, restaurant_id: UUID, *, since: datetime, until: datetime, limit: int
) -> list[Dropped]:
    """What was dropped in [since, until)."""
    return await transaction.all(
        _queries.dropped, Dropped, restaurant_id=restaurant_id, since=since, until=until, limit=limit
    )


async def rejected(
    transaction: Transaction,
    restaurant_id: UUID,
    *,
    reason: str | None,
    is_replayed: bool | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RejectedEvent]:
    """A page of the quarantine: what was received before `before`, newest first."""
    return await transaction.all(
        _queries.rejected,
        RejectedEvent,
        restaurant_id=restaurant_id,
        reason=reason,
        is_replayed=is_replayed,
        before_at=before[0] if before else None,
        before_id=before[1] if before else None,
        limit=limit,
    )


async def to_replay(transaction: Transaction, restaurant_id: UUID, ids: Sequence[UUID]) -> list[ToReplay]:
    """Those of the events that have not got in yet."""
    return await transaction.all(_queries.to_replay, ToReplay, restaurant_id=restaurant_id, ids=list(ids))


async def mark_replayed(
    transaction: Transaction, restaurant_id: UUID, outcomes: Sequence[Replayed], *, now: datetime
) -> None:
    """Notes what became of them."""
    await transaction.execute(
        _queries.mark_replayed,
        restaurant_id=restaurant_id,
        ids=[each.id for each in outcomes],
        outcomes=[each.outcome for each in outcomes],
        now=now,
    )


async def captured(
    transaction: Transaction, restaurant_id: UUID, spans: Sequence[tuple[datetime, datetime]]
) -> list[Captured]:
    """The counts of each span, in their order."""
    return await transaction.all(
        _queries.captured,
        Captured,
        restaurant_id=restaurant_id,
        starts=[start for start, _ in spans],
        ends=[end for _, end in spans],
    )
