"""Counts the calls of finished business days, so that a page about a month does not read a million rows."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from flow.analytics.facts import store as facts
from flow.analytics.facts.types import Restaurant
from flow.analytics.health import store
from flow.analytics.rollups import store as rollups
from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.kit.clock import Clock

__all__ = ["count_finished_days", "count_restaurant"]

_KEPT: Final = timedelta(days=30)  # as long as api_logs: of an older day rows may be gone
_WRITTEN_WITHIN: Final = timedelta(hours=1)  # by then whatever logs a call of the day has committed, many times over

_log = logging.getLogger("flow.health")


async def count_finished_days(database: Database, *, clock: Clock) -> int:
    """Counts the calls of every business day that ended an hour ago and is not counted; answers how many did so.

    A restaurant that fails is logged, is read from its rows, and does not hold up the others.
    """
    async with database.as_service() as transaction:
        restaurants = await facts.restaurants(transaction, await rollups.open_restaurants(transaction))
    days = 0
    for restaurant in restaurants.values():
        try:
            async with database.as_service() as transaction:
                days += await count_restaurant(transaction, restaurant, now=clock.now())
        except Exception:
            _log.exception("counting the calls of restaurant %s failed; they are read from their rows", restaurant.id)
    return days


async def count_restaurant(transaction: Transaction, restaurant: Restaurant, *, now: datetime) -> int:
    """Counts the restaurant's days that wait for it; needs a service transaction.

    A day is known by its bounds: when the restaurant's days begin at another hour from now on, they are others.
    """
    await rollups.lock_restaurant(transaction, restaurant.id)
    calendar, today = restaurant.calendar, restaurant.calendar.business_day(now)
    wanted = {
        (starts_at, ends_at)
        for _, starts_at, ends_at in calendar.days(today - _KEPT, today)
        if starts_at > now - _KEPT and ends_at <= now - _WRITTEN_WITHIN
    }
    missing = sorted(wanted - await store.counted_days(transaction, restaurant.id))
    if missing:
        await store.count_days(transaction, restaurant.id, missing, now=now)
    return len(missing)
