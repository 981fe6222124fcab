"""Reads restaurants and their site keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.business.restaurants.errors import RestaurantNotFound
from flow.business.restaurants.types import NewRestaurant, Restaurant, SiteKey
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


async def find_restaurant(transaction: Transaction, restaurant_id: UUID) -> Restaurant:
    """The restaurant; RestaurantNotFound for one that is not there or that the caller may not see."""
    found = await transaction.one_or_none(_queries.find_restaurant, Restaurant, restaurant_id=restaurant_id)
    if found is None:
        raise RestaurantNotFound
    return found


async def find_restaurant_by_slug(transaction: Transaction, slug: str) -> Restaurant:
    """The restaurant; RestaurantNotFound as above."""
    found = await transaction.one_or_none(_queries.find_restaurant_by_slug, Restaurant, slug=slug)
    if found is None:
        raise RestaurantNotFound
    return found


async def find_site_key(transaction: Transaction, restaurant_id: UUID, key: str) -> SiteKey | None:
    """The key, if it is the restaurant's and not revoked."""
    return await transaction.one_or_none(_queries.find_site_key, SiteKey, restaurant_id=restaurant_id, key=key)


async def newest_site_key(transaction: Transaction, restaurant_id: UUID) -> SiteKey | None:
    """The key for FLOW's own pages of the restaurant, or None when it has none."""
    return await transaction.one_or_none(_queries.newest_site_key, SiteKey, restaurant_id=restaurant_id)


async def add_restaurant(transaction: Transaction, restaurant_id: UUID, new: NewRestaurant, *, now: datetime) -> bool:
    """Adds the restaurant; False when its slug is another's."""
    made = await transaction.value(
        _queries.add_restaurant,
        id=restaurant_id,
        event_namespace=new.slug.replace("-", "_"),
        now=now,
        **asdict(new),
    )
    return made is not None


async def add_site_key(
    transaction: Transaction,
    restaurant_id: UUID,
    key: str,
    *,
    name: str,
    now: datetime,
    allowed_origins: Sequence[str] = (),
) -> None:
    """Adds a key for pages; no origins means any."""
    await transaction.execute(
        _queries.add_site_key,
        restaurant_id=restaurant_id,
        key=key,
        name=name,
        allowed_origins=list(allowed_origins),
        now=now,
    )


async def tell_people(
    transaction: Transaction,
    restaurant_id: UUID,
    *,
    kind: str,
    severity: Literal["info", "warning", "critical"],
    title: str,
    body: str = "",
    facts: Mapping[str, object] | None = None,
    link: str | None = None,
    now: datetime,
) -> None:
    """Leaves a message to all of the restaurant's people; it names no guest. The service's transaction only.

    `title` and `body` are English, marked for translation; `facts` stand for what they name (flow.delivery.notices).
    """
    await transaction.execute(
        _queries.tell_people,
        restaurant_id=restaurant_id,
        id=new_id(),
        kind=kind,
        severity=severity,
        title=title,
        body=body,
        facts=Jsonb(dict(facts or {})),
        link=link,
        now=now,
    )
