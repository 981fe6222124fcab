"""Setting endpoints up, and telling them again. Whoever does it holds integrations.write; the audit log knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from flow.access import audit
from flow.access.audit import Actor
from flow.business.outbox.catalogue import EVENT_TYPES
from flow.database.transaction import Caller, Transaction
from flow.delivery.webhooks import store
from flow.delivery.webhooks.errors import KeyUsedOtherwise, NoEventTypes, TooManyEndpoints
from flow.delivery.webhooks.keyring import Keyring, fresh_keys, open_ring, seal_ring
from flow.delivery.webhooks.types import Endpoint, EndpointStatus, PayloadForm
from flow.errors import InvalidInput, NotAllowed, NotFound
from flow.kit.ids import new_id
from flow.web.outbound import check_url, is_name_known
from flow.web.services import Services

__all__ = ["MOST_ENDPOINTS", "OVERLAP_HOURS", "EndpointWish", "MadeEndpoint", "change", "create", "rotate", "switch"]

MOST_ENDPOINTS: Final = 20
WRITE: Final = "integrations.write"
OVERLAP_HOURS: Final = (0, 24, 168)
"""For how long an old secret may sign along with the new one."""
_MAX_DESCRIPTION: Final = 200
_SWITCHED: Final = {"active": "switched on", "paused": "switched off", "removed": "removed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointWish:
    """How people want an endpoint to be."""

    url: str
    description: str
    event_types: Sequence[str]
    payload: PayloadForm


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEndpoint:
    """An endpoint just set up. Its secret is shown this once; `is_name_known`: its name leads somewhere already."""

    id: UUID
    secret: str | None
    is_name_known: bool


async def create(
    services: Services,
    caller: Caller,
    restaurant: UUID,
    wish: EndpointWish,
    *,
    key: str | None = None,
    actor: Actor = "user",
) -> MadeEndpoint:
    """A new endpoint.

    With a `key` that has set it up already: that endpoint, without its secret; KeyUsedOtherwise for another wish.

    NotAllowed without integrations.write; ForbiddenAddress for an address that is not on the public internet, or a name
    that leads to one.
    """
    require_write(caller, restaurant)
    wish = _checked(services, wish)
    is_known = await is_name_known(wish.url, also=services.settings.webhook_network_list)
    endpoint_id, keys, now = new_id(), fresh_keys(), services.clock.now()
    async with services.database.as_service() as service:
        await store.lock_endpoints(service, restaurant)
        if key and (made := await store.endpoint_made_with(service, restaurant, key)):
            return MadeEndpoint(id=_made_before(made, wish), secret=None, is_name_known=is_known)
        if await store.count_endpoints(service, restaurant) >= MOST_ENDPOINTS:
            raise TooManyEndpoints
        await store.add_endpoint(
            service,
            restaurant,
            endpoint_id,
            url=wish.url,
            description=wish.description,
            event_types=wish.event_types,
            payload=wish.payload,
            secrets_sealed=seal_ring(services.secrets, endpoint_id, Keyring((keys,))),
            public_key=keys.public,
            by=caller.user_id if actor == "user" else None,
            at=now,
            key=key,
        )
        words = "A webhook endpoint was set up."
        await _note(services, service, caller, restaurant, endpoint_id, "created", words, actor)
    return MadeEndpoint(id=endpoint_id, secret=keys.secret, is_name_known=is_known)


def _made_before(made: Endpoint, wish: EndpointWish) -> UUID:
    same = (made.url, made.description, made.event_types, made.payload)
    if made.status == "removed" or same != (wish.url, wish.description, list(wish.event_types), wish.payload):
        raise KeyUsedOtherwise
    return made.id


async def change(
    services: Services,
    caller: Caller,
    restaurant: UUID,
    endpoint_id: UUID,
    wish: EndpointWish,
    *,
    actor: Actor = "user",
) -> bool:
    """Another address, or other wishes; what is on its way already goes to the new address. Errors as of `create`.

    Whether the address's name leads anywhere yet.
    """
    require_write(caller, restaurant)
    wish = _checked(services, wish)
    is_known = await is_name_known(wish.url, also=services.settings.webhook_network_list)
    async with services.database.as_service() as service:
        changed = await store.change_endpoint(
            service,
            restaurant,
            endpoint_id,
            url=wish.url,
            description=wish.description,
            event_types=wish.event_types,
            payload=wish.payload,
            at=services.clock.now(),
        )
        if not changed:
            raise NotFound
        words = "A webhook endpoint was changed."
        await _note(services, service, caller, restaurant, endpoint_id, "changed", words, actor)
    return is_known


async def switch(
    services: Services,
    caller: Caller,
    restaurant: UUID,
    endpoint_id: UUID,
    status: Literal["active", "paused", "removed"],
    *,
    actor: Actor = "user",
) -> None:
    """On, off, or removed. Switched on, it gets what has waited; what happened while it was off is for a replay."""
    require_write(caller, restaurant)
    async with services.database.as_service() as service:
        await _switch(service, restaurant, endpoint_id, status, services)
        words = f"A webhook endpoint was {_SWITCHED[status]}."
        await _note(services, service, caller, restaurant, endpoint_id, status, words, actor)


async def rotate(
    services: Services,
    caller: Caller,
    restaurant: UUID,
    endpoint_id: UUID,
    *,
    overlap_hours: int,
    actor: Actor = "user",
) -> str:
    """A new secret, shown this once; the old one signs along for `overlap_hours`, so that no message goes astray."""
    require_write(caller, restaurant)
    if overlap_hours not in OVERLAP_HOURS:
        raise InvalidInput("The old secret holds for 0, 24 or 168 hours.")
    now = services.clock.now()
    async with services.database.as_service() as service:
        sealed = await store.lock_secrets(service, restaurant, endpoint_id)
        if sealed is None:
            raise NotFound
        ring = open_ring(services.secrets, endpoint_id, sealed)
        ring = ring.rotated(now=now, overlap=timedelta(hours=overlap_hours))
        await store.change_secrets(
            service,
            restaurant,
            endpoint_id,
            sealed=seal_ring(services.secrets, endpoint_id, ring),
            public_key=ring.pairs[0].public,
            at=now,
        )
        words = "A webhook endpoint got a new secret."
        await _note(services, service, caller, restaurant, endpoint_id, "rotated", words, actor)
    return ring.pairs[0].secret


def require_write(caller: Caller, restaurant: UUID) -> None:
    """NotAllowed for who does not hold integrations.write there."""
    if restaurant not in caller.restaurants_with(WRITE):
        raise NotAllowed


async def _switch(
    service: Transaction, restaurant: UUID, endpoint_id: UUID, status: EndpointStatus, services: Services
) -> None:
    if not await store.switch_endpoint(service, restaurant, endpoint_id, status, at=services.clock.now()):
        raise NotFound
    await store.wake_sender(service)


def _checked(services: Services, wish: EndpointWish) -> EndpointWish:
    url = check_url(wish.url.strip(), also=services.settings.webhook_network_list)
    types = [name for name in EVENT_TYPES if name in set(wish.event_types) and name != "webhook.test"]
    if not types:
        raise NoEventTypes
    description = " ".join(wish.description.split())
    if len(description) > _MAX_DESCRIPTION or wish.payload not in ("full", "thin"):
        raise InvalidInput(f"A description has at most {_MAX_DESCRIPTION} characters.")
    return EndpointWish(url=url, description=description, event_types=types, payload=wish.payload)


async def _note(
    services: Services,
    service: Transaction,
    caller: Caller,
    restaurant: UUID,
    endpoint_id: UUID,
    action: str,
    description: str,
    actor: Actor,
) -> None:
    await audit.note(
        service,
        f"webhook_endpoint_{action}",
        description,
        at=services.clock.now(),
        by=caller.user_id,
        actor=actor,
        restaurant=restaurant,
        facts={"endpoint": str(endpoint_id)},
    )
