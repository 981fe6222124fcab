"""Making and revoking API keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flow.access import audit
from flow.access.keys import store
from flow.access.keys.errors import NoSuchScope, TooManyKeys
from flow.access.keys.scopes import permissions_of, scopes_within
from flow.access.keys.text import make_key, read_key
from flow.database.transaction import Caller
from flow.errors import InvalidInput, NotAllowed, NotFound
from flow.kit.ids import new_id
from flow.web.services import Services

LIVES_DAYS = (30, 90, 365)
"""For how many days a key may hold."""
MOST_KEYS = 50
_MAX_NAME = 80


async def create_key(
    services: Services, caller: Caller, restaurant: UUID, *, name: str, scopes: Sequence[str], days: int
) -> str:
    """A new key, which nobody can look up again. NotAllowed without keys.write; NoSuchScope for more than one holds."""
    _require_keys_write(caller, restaurant)
    name = " ".join(name.split())
    if not 1 <= len(name) <= _MAX_NAME or days not in LIVES_DAYS:
        raise InvalidInput(f"A key has a name of 1 to {_MAX_NAME} characters, and holds for 30, 90 or 365 days.")
    if not scopes or set(scopes) - {scope.name for scope in scopes_within(caller, restaurant)}:
        raise NoSuchScope
    key_id, now = new_id(), services.clock.now()
    text = make_key(restaurant, key_id)
    key = read_key(text)
    assert key is not None
    expires_at = now + timedelta(days=days)
    async with services.database.as_service() as transaction:
        if await store.count_keys(transaction, restaurant, now=now) >= MOST_KEYS:
            raise TooManyKeys
        await store.add_key(
            transaction,
            key,
            name=name,
            ending=text[-4:],
            permissions=permissions_of(scopes),
            by=caller.user_id,
            at=now,
            expires_at=expires_at,
        )
        await audit.note(
            transaction,
            "api_key_created",
            "An API key was made.",
            at=now,
            by=caller.user_id,
            restaurant=restaurant,
            facts={"key": str(key_id), "scopes": sorted(scopes), "expires_at": expires_at.isoformat()},
        )
    return text


async def revoke_key(services: Services, caller: Caller, restaurant: UUID, key: UUID) -> None:
    """The key is worth nothing from the next request on; NotFound when it was revoked, or is another restaurant's."""
    _require_keys_write(caller, restaurant)
    now = services.clock.now()
    async with services.database.as_service() as transaction:
        if not await store.revoke_key(transaction, restaurant, key, by=caller.user_id, at=now):
            raise NotFound
        await audit.note(
            transaction,
            "api_key_revoked",
            "An API key was revoked.",
            at=now,
            by=caller.user_id,
            restaurant=restaurant,
            facts={"key": str(key)},
        )


def _require_keys_write(caller: Caller, restaurant: UUID) -> None:
    if restaurant not in caller.restaurants_with("keys.write"):
        raise NotAllowed
