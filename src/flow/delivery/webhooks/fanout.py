"""From the outbox to deliveries: each event for each endpoint that wants it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from flow.business.outbox import store as outbox
from flow.business.outbox.types import OutboxEvent
from flow.database.transaction import Transaction
from flow.delivery.webhooks import store
from flow.delivery.webhooks.bodies import body_of
from flow.delivery.webhooks.types import NewDelivery, Wish
from flow.kit.ids import new_id

__all__ = ["AT_ONCE", "deliveries_for", "fan_out"]

AT_ONCE: Final = 500


async def fan_out(service: Transaction, *, secret: bytes, now: datetime) -> int:
    """Puts events that nobody was told of on their way; how many events. `secret` makes the guests' pseudonyms."""
    events = await outbox.claim_events(service, most=AT_ONCE)
    if not events:
        return 0
    wishes: dict[UUID, list[Wish]] = defaultdict(list)
    for wish in await store.wishes_of(service, {event.restaurant_id for event in events}):
        wishes[wish.restaurant_id].append(wish)
    made = [each for event in events for each in deliveries_for(event, wishes[event.restaurant_id], secret=secret)]
    if made:
        await store.add_deliveries(service, made, now=now)
    await outbox.note_fanned_out(service, events, now=now)
    return len(events)


def deliveries_for(
    event: OutboxEvent, wishes: Iterable[Wish], *, secret: bytes, wanted_at: datetime | None = None
) -> Iterator[NewDelivery]:
    """A delivery for each endpoint that wants events of this type; `wanted_at` where it is asked for afterwards."""
    for wish in wishes:
        if event.event_type in wish.event_types or event.event_type == "webhook.test":
            yield NewDelivery(
                restaurant_id=event.restaurant_id,
                id=new_id(),
                endpoint_id=wish.id,
                event_id=event.id,
                event_type=event.event_type,
                object_id=event.object_id,
                sequence=event.sequence,
                body=body_of(event, wish.payload, secret=secret),
                wanted_at=wanted_at or event.occurred_at,
            )
