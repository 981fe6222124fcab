"""One function per statement of queries.sql."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flow.business.restaurants.website.types import PublicKey
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def site_keys(transaction: Transaction, restaurant_id: UUID) -> list[PublicKey]:
    return await transaction.all(_queries.site_keys, PublicKey, restaurant_id=restaurant_id)


async def count_site_keys(service: Transaction, restaurant_id: UUID) -> int:
    return int(await service.value(_queries.count_site_keys, restaurant_id=restaurant_id))


async def allow_origins(
    service: Transaction, restaurant_id: UUID, key: str, *, name: str, allowed_origins: Sequence[str]
) -> bool:
    changed = await service.execute(
        _queries.allow_origins,
        restaurant_id=restaurant_id,
        key=key,
        name=name,
        allowed_origins=list(allowed_origins),
    )
    return bool(changed)


async def revoke_site_key(service: Transaction, restaurant_id: UUID, key: str, *, now: datetime) -> bool:
    return bool(await service.execute(_queries.revoke_site_key, restaurant_id=restaurant_id, key=key, now=now))


async def latest_visit(transaction: Transaction, restaurant_id: UUID) -> datetime | None:
    at: datetime | None = await transaction.value(_queries.latest_visit, restaurant_id=restaurant_id)
    return at
