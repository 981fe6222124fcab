"""Reads what is the caller's own; row level security shows nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.own.types import OrderKey, OwnProfile, PlaceName
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def own_orders(
    transaction: Transaction,
    *,
    order_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[OrderKey]:
    """Where the caller's orders are, newest first; `after` is (created_at, id) of the last order of the page before."""
    after_time, after_id = after or (None, None)
    return await transaction.all(
        _queries.own_orders,
        OrderKey,
        order_id=order_id,
        after_time=after_time,
        after_id=after_id,
        row_limit=limit,
    )


async def place_names(transaction: Transaction) -> dict[UUID, str]:
    """The names of the restaurants where the caller is a guest."""
    return {place.id: place.name for place in await transaction.all(_queries.places, PlaceName)}


async def profiles(transaction: Transaction) -> list[OwnProfile]:
    """What each restaurant knows of the caller."""
    return await transaction.all(_queries.profiles, OwnProfile)
