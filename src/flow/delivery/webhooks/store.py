"""Reads and writes endpoints, deliveries and attempts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.webhooks.types import (
    Attempt,
    Claimed,
    Delivery,
    DeliveryAbout,
    DeliveryStatus,
    Disabled,
    Endpoint,
    EndpointStatus,
    NewDelivery,
    Outcome,
    PayloadForm,
    Wish,
)
from flow.kit.ids import new_id

_queries = load_queries(__package__)
Place = tuple[UUID, UUID]
"""Restaurant and endpoint."""


async def wishes_of(service: Transaction, restaurants: Iterable[UUID]) -> list[Wish]:
    """What the active endpoints of these restaurants want to be told."""
    return await service.all(_queries.wishes_of, Wish, restaurants=list(restaurants))


async def add_deliveries(service: Transaction, made: Sequence[NewDelivery], *, now: datetime) -> int:
    """Puts events on their way and wakes their endpoints; one that was delivered already stays as it is. How many."""
    added = await service.execute(
        _queries.add_deliveries,
        now=now,
        restaurants=[each.restaurant_id for each in made],
        ids=[each.id for each in made],
        endpoints=[each.endpoint_id for each in made],
        events=[each.event_id for each in made],
        types=[each.event_type for each in made],
        objects=[each.object_id for each in made],
        sequences=[each.sequence for each in made],
        bodies=[each.body for each in made],
        wanted=[each.wanted_at for each in made],
    )
    await wake_endpoints(service, {(each.restaurant_id, each.endpoint_id) for each in made}, now=now)
    return added


async def wake_endpoints(service: Transaction, places: Iterable[Place], *, now: datetime) -> None:
    """These endpoints have something to send."""
    restaurants, endpoints = _columns(places)
    await service.execute(_queries.wake_endpoints, now=now, restaurants=restaurants, endpoints=endpoints)


async def claim_deliveries(
    service: Transaction, *, now: datetime, until: datetime, busy: Iterable[UUID], share: int, most: int
) -> list[Claimed]:
    """Up to `most` deliveries, `share` for each endpoint that is not `busy`; they are this process's until `until`."""
    return await service.all(
        _queries.claim_deliveries, Claimed, now=now, until=until, busy=list(busy), share=share, most=most
    )


async def settle_due(service: Transaction, places: Iterable[Place], *, now: datetime) -> None:
    """Works out when these endpoints have next something to send; after claims and outcomes."""
    restaurants, endpoints = _columns(places)
    await service.execute(_queries.settle_due, now=now, restaurants=restaurants, endpoints=endpoints)


async def revive(service: Transaction, *, now: datetime) -> int:
    """Wakes endpoints with deliveries that a process claimed and left; how many there were."""
    return await service.execute(_queries.revive, now=now)


async def note_outcomes(service: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Keeps tries and what becomes of their deliveries."""
    claims = [outcome.claimed for outcome in outcomes]
    restaurants = [claimed.restaurant_id for claimed in claims]
    await service.execute(
        _queries.add_attempts,
        restaurants=restaurants,
        ids=[new_id() for _ in outcomes],
        deliveries=[claimed.id for claimed in claims],
        endpoints=[claimed.endpoint_id for claimed in claims],
        times=[outcome.answer.at for outcome in outcomes],
        durations=[outcome.answer.duration_ms for outcome in outcomes],
        codes=[outcome.answer.status_code for outcome in outcomes],
        errors=[outcome.answer.error for outcome in outcomes],
        answers=[None if outcome.answer.is_success else outcome.answer.text for outcome in outcomes],
    )
    await service.execute(
        _queries.conclude_deliveries,
        now=now,
        restaurants=restaurants,
        ids=[claimed.id for claimed in claims],
        statuses=[outcome.status for outcome in outcomes],
        times=[outcome.next_attempt_at for outcome in outcomes],
    )
    if waiting := [outcome for outcome in outcomes if outcome.status == "pending"]:
        await _hold_followers(service, waiting)


async def _hold_followers(service: Transaction, waiting: Sequence[Outcome]) -> None:
    await service.execute(
        _queries.hold_followers,
        restaurants=[outcome.claimed.restaurant_id for outcome in waiting],
        endpoints=[outcome.claimed.endpoint_id for outcome in waiting],
        objects=[outcome.claimed.object_id for outcome in waiting],
        sequences=[outcome.claimed.sequence for outcome in waiting],
        times=[outcome.next_attempt_at for outcome in waiting],
    )


async def note_health(
    service: Transaction, places: Sequence[Place], now: datetime, *, columns: dict[str, list[object]]
) -> list[Disabled]:
    """Notes how endpoints did; those that were disabled by it. `columns`: flow.delivery.webhooks.health."""
    restaurants, endpoints = _columns(places)
    return await service.all(
        _queries.note_health, Disabled, now=now, restaurants=restaurants, endpoints=endpoints, **columns
    )


async def notify_disabled(
    service: Transaction,
    restaurant_id: UUID,
    *,
    title: str,
    body: str,
    facts: Mapping[str, object],
    link: str,
    now: datetime,
) -> None:
    """Tells the restaurant's people."""
    await service.execute(
        _queries.notify_disabled,
        restaurant_id=restaurant_id,
        id=new_id(),
        title=title,
        body=body,
        facts=Jsonb(dict(facts)),
        link=link,
        now=now,
    )


async def endpoints_of(transaction: Transaction, restaurant_id: UUID) -> list[Endpoint]:
    """A restaurant's endpoints, the oldest first."""
    return await transaction.all(_queries.endpoints_of, Endpoint, restaurant_id=restaurant_id)


async def find_endpoint(transaction: Transaction, restaurant_id: UUID, endpoint_id: UUID) -> Endpoint:
    """The endpoint; NotFound for one that was removed, or that the caller may not see."""
    return await transaction.one(_queries.find_endpoint, Endpoint, restaurant_id=restaurant_id, endpoint_id=endpoint_id)


async def count_endpoints(service: Transaction, restaurant_id: UUID) -> int:
    return int(await service.value(_queries.count_endpoints, restaurant_id=restaurant_id))


async def lock_endpoints(service: Transaction, restaurant_id: UUID) -> None:
    """Until the transaction ends, nobody else sets endpoints of the restaurant up."""
    await service.execute(_queries.lock_endpoints, restaurant_id=restaurant_id)


async def endpoint_made_with(service: Transaction, restaurant_id: UUID, key: str) -> Endpoint | None:
    return await service.one_or_none(_queries.endpoint_made_with, Endpoint, restaurant_id=restaurant_id, key=key)


async def add_endpoint(
    service: Transaction,
    restaurant_id: UUID,
    endpoint_id: UUID,
    *,
    url: str,
    description: str,
    event_types: Sequence[str],
    payload: PayloadForm,
    secrets_sealed: bytes,
    public_key: str,
    by: UUID | None,
    at: datetime,
    key: str | None = None,
) -> None:
    await service.execute(
        _queries.add_endpoint,
        restaurant_id=restaurant_id,
        id=endpoint_id,
        url=url,
        description=description,
        event_types=list(event_types),
        payload=payload,
        secrets_sealed=secrets_sealed,
        public_key=public_key,
        by=by,
        at=at,
        key=key,
    )


async def change_endpoint(
    service: Transaction,
    restaurant_id: UUID,
    endpoint_id: UUID,
    *,
    url: str,
    description: str,
    event_types: Sequence[str],
    payload: PayloadForm,
    at: datetime,
) -> bool:
    return bool(
        await service.execute(
            _queries.change_endpoint,
            restaurant_id=restaurant_id,
            endpoint_id=endpoint_id,
            url=url,
            description=description,
            event_types=list(event_types),
            payload=payload,
            at=at,
        )
    )


async def switch_endpoint(
    service: Transaction, restaurant_id: UUID, endpoint_id: UUID, status: EndpointStatus, *, at: datetime
) -> bool:
    """On, off or gone; False when there is no such endpoint."""
    return bool(
        await service.execute(
            _queries.switch_endpoint, restaurant_id=restaurant_id, endpoint_id=endpoint_id, status=status, at=at
        )
    )


async def lock_secrets(service: Transaction, restaurant_id: UUID, endpoint_id: UUID) -> bytes | None:
    """The sealed keys, held until the transaction ends."""
    found: bytes | None = await service.value(
        _queries.lock_secrets, restaurant_id=restaurant_id, endpoint_id=endpoint_id
    )
    return found


async def change_secrets(
    service: Transaction, restaurant_id: UUID, endpoint_id: UUID, *, sealed: bytes, public_key: str, at: datetime
) -> None:
    await service.execute(
        _queries.change_secrets,
        restaurant_id=restaurant_id,
        endpoint_id=endpoint_id,
        secrets_sealed=sealed,
        public_key=public_key,
        at=at,
    )


async def tell_again(
    service: Transaction, place: Place, events: Sequence[UUID], *, delivered_too: bool, now: datetime
) -> int:
    """Begins deliveries anew that had failed, or had arrived as well; how many."""
    return await service.execute(
        _queries.tell_again,
        restaurant_id=place[0],
        endpoint_id=place[1],
        events=list(events),
        delivered_too=delivered_too,
        now=now,
    )


async def hurry(service: Transaction, place: Place, events: Sequence[UUID], *, now: datetime) -> None:
    """Has waiting deliveries tried now."""
    await service.execute(_queries.hurry, restaurant_id=place[0], endpoint_id=place[1], events=list(events), now=now)


async def wake_sender(service: Transaction) -> None:
    """The sender looks once this transaction has committed."""
    await service.value(_queries.wake_sender)


async def deliveries_of(
    transaction: Transaction,
    restaurant_id: UUID,
    endpoint_id: UUID,
    *,
    status: DeliveryStatus | None = None,
    before: tuple[datetime, UUID] | None = None,
    most: int = 50,
) -> list[Delivery]:
    """Deliveries, newest first; `before` is (created_at, id) of the last one of the page before."""
    return await _deliveries(transaction, restaurant_id, endpoint_id, status=status, before=before, most=most)


async def find_delivery(
    transaction: Transaction, restaurant_id: UUID, endpoint_id: UUID, delivery_id: UUID
) -> Delivery | None:
    found = await _deliveries(transaction, restaurant_id, endpoint_id, delivery_id=delivery_id)
    return found[0] if found else None


async def deliveries_about(service: Transaction, restaurant_id: UUID, things: Sequence[UUID]) -> list[DeliveryAbout]:
    """What other systems were told of these orders and payments, newest first; the caller holds integrations.read."""
    return await service.all(_queries.deliveries_about, DeliveryAbout, restaurant_id=restaurant_id, things=list(things))


async def attempts_of(transaction: Transaction, restaurant_id: UUID, delivery_id: UUID) -> list[Attempt]:
    """The tries of a delivery, newest first."""
    return await transaction.all(_queries.attempts_of, Attempt, restaurant_id=restaurant_id, delivery_id=delivery_id)


async def _deliveries(
    transaction: Transaction,
    restaurant_id: UUID,
    endpoint_id: UUID,
    *,
    status: DeliveryStatus | None = None,
    delivery_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    most: int = 1,
) -> list[Delivery]:
    before_time, before_id = before or (None, None)
    return await transaction.all(
        _queries.deliveries_of,
        Delivery,
        restaurant_id=restaurant_id,
        endpoint_id=endpoint_id,
        status=status,
        delivery_id=delivery_id,
        before=before_time,
        before_id=before_id,
        most=most,
    )


def _columns(places: Iterable[Place]) -> tuple[list[UUID], list[UUID]]:
    """In one order for everybody, so that two processes never wait for each other in a ring."""
    ordered = sorted(places)
    return [place[0] for place in ordered], [place[1] for place in ordered]
