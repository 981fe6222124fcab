"""Making, changing and revoking site keys. A key is public: what protects it is the list of pages that may use it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from flow.access.audit import note
from flow.business.restaurants.store import add_site_key
from flow.business.restaurants.website import store
from flow.business.restaurants.website.errors import NoSuchOrigin, TooManySiteKeys
from flow.database.transaction import Caller, Transaction
from flow.errors import NotAllowed, NotFound
from flow.web.services import Services

WRITE: Final = "restaurant.write"
MOST_KEYS: Final = 20
_MOST_ORIGINS: Final = 20
_MAX_NAME: Final = 80
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?")


async def make(services: Services, caller: Caller, restaurant: UUID, *, name: str, origins: str) -> str:
    """A new key, in force at once. NotAllowed without restaurant.write; NoSuchOrigin, TooManySiteKeys."""
    _require_write(caller, restaurant)
    allowed, key, now = read_origins(origins), f"fk_{secrets.token_urlsafe(24)}", services.clock.now()
    async with services.database.as_service() as service:
        if await store.count_site_keys(service, restaurant) >= MOST_KEYS:
            raise TooManySiteKeys
        await add_site_key(service, restaurant, key, name=_shortened(name), now=now, allowed_origins=allowed)
        await _note(services, service, caller, restaurant, "site_key_created", "A site key was made.", key)
    return key


async def change(services: Services, caller: Caller, restaurant: UUID, key: str, *, name: str, origins: str) -> None:
    """Another name and other pages for a key; the web processes know it within five seconds."""
    _require_write(caller, restaurant)
    allowed = read_origins(origins)
    async with services.database.as_service() as service:
        if not await store.allow_origins(service, restaurant, key, name=_shortened(name), allowed_origins=allowed):
            raise NotFound
        await _note(services, service, caller, restaurant, "site_key_changed", "A site key was changed.", key)


async def revoke(services: Services, caller: Caller, restaurant: UUID, key: str) -> None:
    """What pages send with it is refused within five seconds; NotFound when it was revoked already."""
    _require_write(caller, restaurant)
    async with services.database.as_service() as service:
        if not await store.revoke_site_key(service, restaurant, key, now=services.clock.now()):
            raise NotFound
        await _note(services, service, caller, restaurant, "site_key_revoked", "A site key was revoked.", key)


def read_origins(text: str) -> list[str]:
    """`https://host[:port]`, one a line, each once and in lower case; NoSuchOrigin for what a browser never sends."""
    return list(dict.fromkeys(_origins(text)))


def _origins(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_ORIGINS:
        raise NoSuchOrigin
    for line in lines:
        try:
            parts = urlsplit(line.lower())
            port = parts.port
        except ValueError:
            raise NoSuchOrigin from None
        whole = parts.scheme in ("http", "https") and parts.path in ("", "/") and not (parts.query or parts.fragment)
        if not whole or port == 0 or not _HOST.fullmatch(parts.netloc):
            raise NoSuchOrigin
        default = {"http": 80, "https": 443}[parts.scheme]  # browsers leave it out
        yield f"{parts.scheme}://{parts.hostname if port == default else parts.netloc}"


def _shortened(name: str) -> str:
    return " ".join(name.split())[:_MAX_NAME]


def _require_write(caller: Caller, restaurant: UUID) -> None:
    if restaurant not in caller.restaurants_with(WRITE):
        raise NotAllowed


async def _note(
    services: Services, service: Transaction, caller: Caller, restaurant: UUID, action: str, said: str, key: str
) -> None:
    await note(
        service,
        action,
        said,
        at=services.clock.now(),
        by=caller.user_id,
        restaurant=restaurant,
        facts={"key": key},
    )
