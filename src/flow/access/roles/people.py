"""Names for ids, where a page shows who did something to those who may know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flow.access.roles.types import Named
from flow.database.pool import Database
from flow.database.queries import load_queries

_queries = load_queries(__package__)


async def names_of(
    database: Database, *, users: Collection[UUID], restaurants: Collection[UUID]
) -> tuple[Mapping[UUID, str], Mapping[UUID, str]]:
    """The names of users, else their addresses, and those of restaurants; who is gone is left out."""
    async with database.as_service() as service:
        people = await service.all(_queries.names_of_users, Named, ids=list(users))
        places = await service.all(_queries.names_of_restaurants, Named, ids=list(restaurants))
    return {each.id: each.name for each in people}, {each.id: each.name for each in places}
