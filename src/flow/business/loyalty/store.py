"""Reads and writes members' points."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.loyalty.types import LoyaltyPoints, LoyaltyTransaction
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
    """Brings the member's points in line with what he paid for this order; nothing for who is no member."""
    await transaction.value(
        _queries.settle_points,
        restaurant_id=restaurant_id,
        order_id=order_id,
        transaction_id=new_id(),
        settled_at=settled_at,
    )


async def points_of(transaction: Transaction, restaurant_id: UUID, customer_id: UUID) -> LoyaltyPoints | None:
    """The balance, or None for who is no member."""
    return await transaction.one_or_none(
        _queries.points_of, LoyaltyPoints, restaurant_id=restaurant_id, customer_id=customer_id
    )


async def transactions_of(
    transaction: Transaction, restaurant_id: UUID, customer_id: UUID, *, limit: int = 100
) -> list[LoyaltyTransaction]:
    """What changed the balance, newest first."""
    return await transaction.all(
        _queries.transactions_of,
        LoyaltyTransaction,
        restaurant_id=restaurant_id,
        customer_id=customer_id,
        row_limit=limit,
    )
