"""Site keys as this process knows them: looked up once, and again after a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg

from flow.collect.events import store
from flow.collect.events.errors import IngestUnavailable, UnknownSiteKey
from flow.collect.events.types import Site, SiteKey
from flow.database.pool import Database
from flow.errors import Unavailable
from flow.kit.days import BusinessCalendar

__all__ = ["Sites", "site_of"]

_FRESH_SECONDS: Final = 5.0
_CAPACITY: Final = 10_000


@dataclass(slots=True)
class _Entry:
    """A site, or None for a key that there is not; `expires` by the monotonic clock."""

    site: Site | None
    expires: float


class Sites:
    """The sites behind keys. A revoked key is refused, and a new one taken, within five seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[UUID, str], _Entry] = {}

    async def find(self, restaurant_id: UUID, key: str) -> Site:
        """The site; UnknownSiteKey when there is none, IngestUnavailable when nobody can tell."""
        entry = self._known.get((restaurant_id, key))
        if entry is None or entry.expires < time.monotonic():
            entry = await self._look_up(restaurant_id, key, entry)
        if entry.site is None:
            raise UnknownSiteKey
        return entry.site

    async def _look_up(self, restaurant_id: UUID, key: str, old: _Entry | None) -> _Entry:
        if old is not None:
            old.expires = time.monotonic() + _FRESH_SECONDS  # the others go on with it meanwhile
        try:
            async with self._database.as_service() as transaction:
                found = await store.find_site_key(transaction, restaurant_id, key)
        except (psycopg.OperationalError, Unavailable) as error:
            if old is None:
                raise IngestUnavailable from error
            return old
        entry = _Entry(site_of(found) if found else None, time.monotonic() + _FRESH_SECONDS)
        if len(self._known) >= _CAPACITY:
            self._known.clear()  # only a flood of made-up keys comes this far
        self._known[restaurant_id, key] = entry
        return entry


def site_of(row: SiteKey) -> Site:
    """The site that a row describes."""
    origins = frozenset(origin.rstrip("/").lower() for origin in row.allowed_origins)
    return Site(
        restaurant_id=row.restaurant_id,
        origins=origins,
        hosts=frozenset(origin.partition("://")[2].partition(":")[0] for origin in origins),
        events_per_minute=row.events_per_minute,
        namespace=row.event_namespace,
        calendar=BusinessCalendar(row.time_zone, row.business_day_cutoff_hour),
    )
