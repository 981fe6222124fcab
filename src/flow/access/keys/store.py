"""One function per statement of queries.sql."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flow.access.keys.types import ApiKey, KeyText, UsedKey
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def add_key(
    service: Transaction,
    key: KeyText,
    *,
    name: str,
    ending: str,
    permissions: Sequence[str],
    by: UUID,
    at: datetime,
    expires_at: datetime,
) -> None:
    await service.execute(
        _queries.add_key,
        restaurant_id=key.restaurant_id,
        id=key.id,
        name=name,
        key_hash=key.key_hash,
        ending=ending,
        scopes=list(permissions),
        by=by,
        at=at,
        expires_at=expires_at,
    )


async def keys_of(transaction: Transaction, restaurant: UUID) -> list[ApiKey]:
    return await transaction.all(_queries.keys_of, ApiKey, restaurant_id=restaurant)


async def count_keys(service: Transaction, restaurant: UUID, *, now: datetime) -> int:
    return int(await service.value(_queries.count_keys, restaurant_id=restaurant, now=now))


async def use_key(service: Transaction, key: KeyText, *, now: datetime) -> UsedKey | None:
    return await service.one_or_none(
        _queries.use_key, UsedKey, restaurant_id=key.restaurant_id, id=key.id, key_hash=key.key_hash, now=now
    )


async def revoke_key(service: Transaction, restaurant: UUID, key: UUID, *, by: UUID, at: datetime) -> bool:
    return bool(await service.execute(_queries.revoke_key, restaurant_id=restaurant, id=key, by=by, at=at))
