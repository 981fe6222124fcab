"""Reads what a dashboard shows beside the metrics: the choices, and what is going on this minute."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.dashboards.types import DashboardRestaurant, NewOrder, StatusCount

ACTIVE_WITHIN = timedelta(minutes=5)
_LONGEST_VISIT = timedelta(hours=12)
_queries = load_queries(__package__)


async def restaurants(transaction: Transaction, allowed: Collection[UUID]) -> list[DashboardRestaurant]:
    """The restaurants among `allowed`, by name."""
    return await transaction.all(_queries.restaurants, DashboardRestaurant, restaurants=list(allowed))


async def active_orders(transaction: Transaction, of: Collection[UUID]) -> dict[str, int]:
    """Orders in the kitchen by status."""
    counts = await transaction.all(_queries.active_by_status, StatusCount, restaurants=list(of))
    return {count.status: count.orders for count in counts}


async def visitors_now(transaction: Transaction, of: Collection[UUID], *, now: datetime) -> int:
    """Visitors with an event in the last five minutes."""
    value = await transaction.value(
        _queries.visitors_since,
        restaurants=list(of),
        started_after=now - _LONGEST_VISIT,
        active_after=now - ACTIVE_WITHIN,
    )
    return int(value or 0)


async def orders_since(transaction: Transaction, of: Collection[UUID], *, since: datetime) -> list[NewOrder]:
    """Orders stored after `since`."""
    return await transaction.all(
        _queries.orders_since,
        NewOrder,
        restaurants=list(of),
        ordered_after=since - timedelta(days=2),
        recorded_after=since,
    )
