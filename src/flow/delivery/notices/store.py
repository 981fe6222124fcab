"""Reads notifications, and marks them as read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.notices.types import Notice

_queries = load_queries(__package__)


async def notices_of(transaction: Transaction, restaurant_id: UUID, *, user_id: UUID, most: int) -> list[Notice]:
    return await transaction.all(_queries.notices_of, Notice, restaurant_id=restaurant_id, user_id=user_id, most=most)


async def mark_read(
    transaction: Transaction, restaurant_id: UUID, *, user_id: UUID, notice: UUID | None, now: datetime
) -> int:
    return await transaction.execute(
        _queries.mark_read, restaurant_id=restaurant_id, user_id=user_id, id=notice, now=now
    )
