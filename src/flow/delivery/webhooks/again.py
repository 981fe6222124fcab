"""Telling an endpoint again: a test, one delivery, or everything since a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flow.business.outbox import store as outbox
from flow.business.outbox.types import OutboxEvent
from flow.database.transaction import Caller, Transaction
from flow.delivery.webhooks import store
from flow.delivery.webhooks.errors import NotActive
from flow.delivery.webhooks.fanout import deliveries_for
from flow.delivery.webhooks.service import require_write
from flow.delivery.webhooks.types import Wish
from flow.errors import InvalidInput, NotFound
from flow.web.services import Services

__all__ = ["REPLAY_HOURS", "redeliver", "replay", "send_test"]

REPLAY_HOURS: Final = (1, 24, 168, 720)
_LONGEST: Final = timedelta(hours=max(REPLAY_HOURS), minutes=1)
_PAGE: Final = 500


async def send_test(services: Services, caller: Caller, restaurant: UUID, endpoint_id: UUID) -> None:
    """Sends an event of type webhook.test, signed and delivered like every other."""
    require_write(caller, restaurant)
    now = services.clock.now()
    async with services.database.as_service() as service:
        wish = await _active(service, restaurant, endpoint_id)
        event = await outbox.add_test(service, restaurant, endpoint_id, at=now)
        await _deliver(services, service, wish, [event])
        await store.hurry(service, (restaurant, endpoint_id), [event.id], now=now)
        await store.wake_sender(service)


async def redeliver(services: Services, caller: Caller, restaurant: UUID, endpoint_id: UUID, delivery_id: UUID) -> None:
    """Makes a delivery once more, or tries one that waits now: the same bytes, freshly signed."""
    require_write(caller, restaurant)
    now = services.clock.now()
    async with services.database.as_service() as service:
        delivery = await store.find_delivery(service, restaurant, endpoint_id, delivery_id)
        if delivery is None:
            raise NotFound
        await _active(service, restaurant, endpoint_id)
        place = (restaurant, endpoint_id)
        await store.tell_again(service, place, [delivery.event_id], delivered_too=True, now=now)
        await store.hurry(service, place, [delivery.event_id], now=now)
        await store.wake_sender(service)


async def replay(
    services: Services, caller: Caller, restaurant: UUID, endpoint_id: UUID, *, since: datetime, delivered_too: bool
) -> int:
    """Tells the endpoint what happened since a time and did not arrive, with `delivered_too` also what did.

    How many events that are: those from while it was off, or before it was there, as well.
    """
    require_write(caller, restaurant)
    now, number, after = services.clock.now(), 0, 0
    if not now - _LONGEST <= since <= now:
        raise InvalidInput("A replay goes back 30 days at most, and not into the future.", details={"at": "since"})
    while True:
        async with services.database.as_service() as service:
            wish = await _active(service, restaurant, endpoint_id)
            events = await outbox.events_since(
                service,
                restaurant,
                since,
                event_types=wish.event_types,
                after=after,
                most=_PAGE,
            )
            if not events:
                return number
            number += await _deliver(services, service, wish, events)
            place, ids = (restaurant, endpoint_id), [event.id for event in events]
            number += await store.tell_again(service, place, ids, delivered_too=delivered_too, now=now)
            await store.wake_endpoints(service, [place], now=now)
            await store.wake_sender(service)
        after = events[-1].sequence


async def _deliver(services: Services, service: Transaction, wish: Wish, events: list[OutboxEvent]) -> int:
    secret, now = services.installation.secret, services.clock.now()
    made = [each for event in events for each in deliveries_for(event, [wish], secret=secret, wanted_at=now)]
    return await store.add_deliveries(service, made, now=now)


async def _active(service: Transaction, restaurant: UUID, endpoint_id: UUID) -> Wish:
    endpoint = await store.find_endpoint(service, restaurant, endpoint_id)
    if endpoint.status != "active":
        raise NotActive
    return Wish(restaurant_id=restaurant, id=endpoint_id, event_types=endpoint.event_types, payload=endpoint.payload)
