"""Reads and writes members' points."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


async def join_program(
    transaction: Transaction, restaurant_id: UUID, customer_id: UUID, *, joined_at: datetime
) -> None:
    """Makes a guest a member, from whose next completed order on points are earned."""
    await transaction.execute(
        _queries.join_program, restaurant_id=restaurant_id, customer_id=customer_id, joined_at=joined_at
    )


async def settle_points(transaction: Transaction, restaurant_id: UUID, order_id: UUID, *, settled_at: datetime) -> None:
    """Brings the member's points in line with what was paid for this order; nothing without membership."""
    await transaction.value(
        _queries.settle_points,
        restaurant_id=restaurant_id,
        order_id=order_id,
        transaction_id=new_id(),
        settled_at=settled_at,
    )
