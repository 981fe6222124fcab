"""Reads what a dashboard shows beside the metrics: the choices, and what is going on this minute."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.dashboards.types import DashboardRestaurant, NewOrder, Selected, StartingPoint, StatusCount

UNDERWAY_WITHIN = timedelta(hours=24)
"""An order that nobody has touched for a day is forgotten, not in the kitchen (as the metric active_orders has it)."""
_ACTIVE_WITHIN = timedelta(minutes=5)
_LONGEST_VISIT = timedelta(hours=12)
_queries = load_queries(__package__)


async def restaurants(transaction: Transaction, permission: str = "restaurant.read") -> list[DashboardRestaurant]:
    """The restaurants in which the caller holds `permission`, by name."""
    assert transaction.caller is not None
    return await transaction.all(
        _queries.restaurants,
        DashboardRestaurant,
        restaurants=list(transaction.caller.restaurants_with(permission)),
        with_figures=list(transaction.caller.restaurants_with("analytics.read")),
    )


async def active_orders(transaction: Transaction, of: Collection[UUID], *, now: datetime) -> dict[str, int]:
    """Orders in the kitchen by status."""
    counts = await transaction.all(
        _queries.active_by_status, StatusCount, restaurants=list(of), since=now - UNDERWAY_WITHIN
    )
    return {count.status: count.orders for count in counts}


async def visitors_now(transaction: Transaction, of: Collection[UUID], *, now: datetime) -> int:
    """Visitors with an event in the last five minutes."""
    value = await transaction.value(
        _queries.visitors_since,
        restaurants=list(of),
        started_after=now - _LONGEST_VISIT,
        active_after=now - _ACTIVE_WITHIN,
    )
    return int(value or 0)


async def orders_since(transaction: Transaction, of: Collection[UUID], *, since: datetime) -> list[NewOrder]:
    """Orders stored after `since`, at most twenty."""
    return await transaction.all(
        _queries.orders_since,
        NewOrder,
        restaurants=list(of),
        ordered_after=since - timedelta(days=2),
        recorded_after=since,
    )


async def starting_point(transaction: Transaction, selected: Selected) -> StartingPoint | None:
    """How to begin, for who may change a restaurant without any orders or visits; None for others and later."""
    assert transaction.caller is not None
    if not transaction.caller.restaurants_with("restaurant.write").issuperset(selected.ids) or len(selected.ids) > 1:
        return None
    return await transaction.one_or_none(_queries.starting_point, StartingPoint, restaurant=selected.ids[0])
