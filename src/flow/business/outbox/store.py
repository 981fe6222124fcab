"""Writes and reads the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.business.outbox.types import OutboxEvent
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)
CHANNEL: Final = "flow_outbox"
"""Where readers of the outbox listen."""
_MOST_AT_ONCE = 8


async def record(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> None:
    """Writes what just happened to the order and its payments; call it at the end of whatever changed them.

    It looks at the rows themselves, so it may be called too often and by anybody who may move the order. Several steps
    of one order in one transaction need a call each.
    """
    await transaction.execute(
        _queries.record_events,
        restaurant_id=restaurant_id,
        order_id=order_id,
        ids=[new_id() for _ in range(_MOST_AT_ONCE)],
    )


async def claim_events(service: Transaction, *, most: int) -> list[OutboxEvent]:
    """Events nobody was told of yet, oldest first; none while another process has them in hand."""
    return await service.all(_queries.claim_events, OutboxEvent, most=most)


async def note_fanned_out(service: Transaction, events: Sequence[OutboxEvent], *, now: datetime) -> None:
    """These events are on their way to whoever wants them."""
    await service.execute(
        _queries.note_fanned_out,
        restaurants=[event.restaurant_id for event in events],
        ids=[event.id for event in events],
        now=now,
    )


async def events_since(
    service: Transaction, restaurant_id: UUID, since: datetime, *, event_types: Sequence[str], after: int, most: int
) -> list[OutboxEvent]:
    """A page of the restaurant's events of these types; `after` is the sequence of the last one of the page before."""
    return await service.all(
        _queries.events_since,
        OutboxEvent,
        restaurant_id=restaurant_id,
        since=since,
        event_types=list(event_types),
        after=after,
        most=most,
    )


async def add_test(service: Transaction, restaurant_id: UUID, endpoint_id: UUID, *, at: datetime) -> OutboxEvent:
    """A test event, told to one endpoint alone."""
    event_id = new_id()
    data: dict[str, object] = {"endpoint_id": str(endpoint_id)}
    version = int(at.timestamp() * 1_000_000)
    sequence = await service.value(
        _queries.add_event,
        restaurant_id=restaurant_id,
        id=event_id,
        event_type="webhook.test",
        object_id=endpoint_id,
        version=version,
        data=Jsonb(data),
        at=at,
    )
    return OutboxEvent(
        restaurant_id=restaurant_id,
        id=event_id,
        sequence=sequence,
        event_type="webhook.test",
        object_type="endpoint",
        object_id=endpoint_id,
        version=version,
        customer_id=None,
        data=data,
        occurred_at=at,
    )
