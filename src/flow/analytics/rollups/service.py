"""Makes roll-ups: of a stretch of days, and of every day that waits."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID

from flow.analytics.facts import store as facts
from flow.analytics.facts.types import GROUP_OF, Restaurant
from flow.analytics.rollups import store
from flow.analytics.rollups.days import CountedDay, count, settle_visits
from flow.analytics.rollups.types import Mark, Rollup, StoredDay
from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.errors import NotFound
from flow.kit.clock import Clock
from flow.kit.period import Period

__all__ = ["CHUNK_DAYS", "mark_finished_days", "recompute", "recompute_stale"]

CHUNK_DAYS = 31
"""Most days that one transaction of `recompute_stale` rolls up: others see progress, and a stop loses little."""

_log = logging.getLogger("flow.rollups")
_ORDER_COUNTS = ("orders", "cancelled_orders", "known_orders", "first_orders")


async def recompute(
    transaction: Transaction,
    restaurant_id: UUID,
    first_day: date,
    last_day: date,
    *,
    clock: Clock,
    reasons: Mapping[date, str] | None = None,
) -> Rollup:
    """Rolls the business days up anew from their rows; doing it twice changes nothing.

    Needs a service transaction. A figure of a day that was rolled up after its end is logged in daily_restatements when
    it changes, with the day's reason ("recomputed" by default). Days whose first orders may have moved because of
    these days' orders are marked for a roll-up of their own.
    """
    await store.lock_restaurant(transaction, restaurant_id)
    restaurant = (await facts.restaurants(transaction, [restaurant_id])).get(restaurant_id)
    if restaurant is None:
        raise NotFound(f"There is no restaurant {restaurant_id}.")
    now = clock.now()
    stored = {day.date: day for day in await store.stored_days(transaction, restaurant_id, first_day, last_day)}
    days = await count(transaction, restaurant, Period(first_day, last_day))
    await settle_visits(transaction, restaurant, days, stored=stored, now=now)
    changes = list(_restatements(restaurant, days, stored, reasons or {}))
    await _write(transaction, restaurant_id, days, changes, now=now)
    if any(_orders_moved(day, stored.get(day.date)) for day in days):
        await _mark_moved_first_orders(transaction, restaurant, days, now=now)
    return Rollup(days=len(days), restatements=len(changes))


async def recompute_stale(database: Database, *, clock: Clock) -> Rollup:
    """Rolls up every day that waits, restaurant by restaurant; several workers may do it at once.

    A restaurant whose roll-up fails keeps its marks, is logged, and does not hold up the others.
    """
    async with database.as_service() as transaction:
        waiting = await store.waiting_restaurants(transaction)
    made = Rollup(0, 0)
    for restaurant in waiting:
        try:
            made = _sum(made, await _recompute_restaurant(database, restaurant, clock))
        except Exception:
            _log.exception("rolling up restaurant %s failed; its days keep waiting", restaurant)
    return made


async def mark_finished_days(database: Database, *, clock: Clock) -> int:
    """Marks yesterday where it was last rolled up before its end, and days without any roll-up; answers how many.

    With an hourly run, each restaurant's day is made complete within the hour after its cut-off.
    """
    async with database.as_service() as transaction:
        ids = await store.open_restaurants(transaction)
        restaurants = await facts.restaurants(transaction, ids)
        now = clock.now()
        marked = 0
        for restaurant in restaurants.values():
            yesterday = restaurant.calendar.business_day(now) - timedelta(days=1)
            _, ended_at = restaurant.calendar.bounds(yesterday)
            marked += await store.mark_unfinished_days(
                transaction, restaurant.id, yesterday=yesterday, ended_at=ended_at, now=now
            )
        return marked


async def _recompute_restaurant(database: Database, restaurant: UUID, clock: Clock) -> Rollup:
    made, after = Rollup(0, 0), date.min
    while True:
        async with database.as_service() as transaction:
            marks = await store.take_marks(transaction, restaurant, after_day=after, most=CHUNK_DAYS)
            for stretch in _stretches(marks):
                reasons = {mark.date: mark.reasons for mark in stretch}
                first, last = stretch[0].date, stretch[-1].date
                made = _sum(made, await recompute(transaction, restaurant, first, last, clock=clock, reasons=reasons))
        if not marks:
            return made
        after = marks[-1].date


async def _write(
    transaction: Transaction,
    restaurant: UUID,
    days: Sequence[CountedDay],
    changes: Sequence[Mapping[str, object]],
    *,
    now: datetime,
) -> None:
    dates = [day.date for day in days]
    open_pages = [day for day in days if not day.visits_settled]
    await store.write_days(transaction, restaurant, [day.row() for day in days], now=now)
    await store.write_splits(transaction, restaurant, dates, _all(day.split_rows() for day in days))
    await store.write_products(transaction, restaurant, dates, _all(day.product_rows() for day in days))
    await store.write_pages(
        transaction, restaurant, [day.date for day in open_pages], _all(day.page_rows() for day in open_pages)
    )
    if changes:
        await store.write_restatements(transaction, restaurant, changes, now=now)


def _restatements(
    restaurant: Restaurant,
    days: Iterable[CountedDay],
    stored: Mapping[date, StoredDay],
    reasons: Mapping[date, str],
) -> Iterable[dict[str, object]]:
    """A row per figure that changed since its day was complete."""
    for day in days:
        old = stored.get(day.date)
        _, ended_at = restaurant.calendar.bounds(day.date)
        if old is None or old.updated_at < ended_at:
            continue
        for metric in GROUP_OF:
            old_value, new_value = getattr(old, metric), day.totals.get(metric, 0)
            if old_value != new_value:
                yield {
                    "date": day.date,
                    "metric": metric,
                    "old_value": old_value,
                    "new_value": new_value,
                    "reason": reasons.get(day.date, "recomputed"),
                }


def _orders_moved(day: CountedDay, old: StoredDay | None) -> bool:
    return any(day.totals.get(name, 0) != (getattr(old, name) if old else 0) for name in _ORDER_COUNTS)


async def _mark_moved_first_orders(
    transaction: Transaction, restaurant: Restaurant, days: Sequence[CountedDay], *, now: datetime
) -> None:
    """An order that came, went or was cancelled can make another day's order its customer's first, or no longer."""
    starts_at, ends_at = restaurant.calendar.span(Period(days[0].date, days[-1].date))
    last = await store.last_rolled_up_day(transaction, restaurant.id)
    if last is None or last <= days[-1].date:
        return
    later = await store.later_orders(transaction, restaurant.id, starts_at=starts_at, ends_at=ends_at)
    moved = {restaurant.calendar.business_day(at) for at in later}
    if moved:
        await store.mark_days(transaction, restaurant.id, moved, reason="first_orders_moved", now=now)


def _stretches(marks: Sequence[Mark]) -> Iterable[list[Mark]]:
    """The marks, oldest first, as runs of consecutive days."""
    stretch: list[Mark] = []
    for mark in marks:
        if stretch and mark.date - stretch[-1].date > timedelta(days=1):
            yield stretch
            stretch = []
        stretch.append(mark)
    if stretch:
        yield stretch


def _all(rows: Iterable[Iterable[Mapping[str, object]]]) -> list[Mapping[str, object]]:
    return list(chain.from_iterable(rows))


def _sum(one: Rollup, other: Rollup) -> Rollup:
    return Rollup(one.days + other.days, one.restatements + other.restatements)
