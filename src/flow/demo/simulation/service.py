"""Makes the simulated restaurants, in one transaction: they are there with all their data, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from flow.analytics.rollups.service import CHUNK_DAYS, recompute
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.demo.simulation.ahead import ahead
from flow.demo.simulation.ending import keep_figures
from flow.demo.simulation.logins import add_logins
from flow.demo.simulation.opening import open_restaurant
from flow.demo.simulation.profiles import profiles
from flow.demo.simulation.store import copy, queries
from flow.demo.simulation.year import RestaurantYear, Summary, stretches
from flow.kit.clock import Clock, SystemClock

__all__ = ["is_simulated", "simulate", "simulate_into"]

# What the roll-ups count, and what they make.
_COUNTED = ["orders", "order_items", "channel_attribution", "customers", "sessions", "events", "page_views"]
_MADE = ["daily_metrics", "daily_breakdowns", "product_analytics", "page_view_aggregates", "payments"]

Progress = Callable[[str], None]


def is_simulated(installation: Installation) -> bool:
    """Whether the simulated restaurants are there."""
    return asyncio.run(_is_simulated(installation))


def simulate(
    installation: Installation, *, size: float = 1.0, progress: Progress = lambda _: None, clock: Clock | None = None
) -> None:
    """Makes a year of four restaurants up to the present moment, with people, visits and roll-ups.

    `size` multiplies guests and visitors. Interrupted, it leaves nothing behind.
    """
    asyncio.run(simulate_into(installation, size=size, progress=progress, clock=clock or SystemClock()))


async def simulate_into(installation: Installation, *, size: float, progress: Progress, clock: Clock) -> None:
    """The same, for callers that are asynchronous themselves."""
    years = [RestaurantYear(profile, now=clock.now(), size=size) for profile in profiles()]
    async with (
        ahead(stretches, years) as made,
        _database(installation) as database,
        database.as_service(timeout_ms=0) as transaction,
    ):
        await transaction.execute(queries.wait_long)
        await transaction.execute(queries.sample_few)
        await _open(transaction, years, installation.secret, clock)
        async for stretch in made:
            await copy(transaction, stretch.tables)
            if stretch.summary is not None:
                if stretch.year == 0:  # the largest is enough for the planner to know what tables are like
                    await transaction.execute(queries.refresh_statistics, tables=_COUNTED)
                year = years[stretch.year]
                await _close(transaction, year, stretch.summary, clock)
                progress(_told(year, stretch.summary))
        await transaction.execute(queries.refresh_statistics, tables=_MADE)


async def _is_simulated(installation: Installation) -> bool:
    async with _database(installation) as database, database.as_service() as transaction:
        return bool(await transaction.value(queries.is_simulated))


def _database(installation: Installation) -> Database:
    return Database(
        api_url=installation.api_url, worker_url=installation.worker_url, api_connections=1, worker_connections=1
    )


async def _open(transaction: Transaction, years: Sequence[RestaurantYear], secret: bytes, clock: Clock) -> None:
    for year in years:
        until = year.last_day + timedelta(days=31)
        await transaction.execute(queries.make_partitions, since=year.first_day, until=until)
        await open_restaurant(transaction, year, secret)
    await add_logins(transaction, {year.profile.restaurant.slug: UUID(year.id) for year in years}, at=clock.now())


async def _close(transaction: Transaction, year: RestaurantYear, summary: Summary, clock: Clock) -> None:
    """What can only be told when all rows are there: counters, roll-ups, and figures of days without events."""
    await transaction.execute(queries.set_order_counter, restaurant_id=year.id, last_number=summary.last_order_number)
    await transaction.execute(queries.note_last_orders, restaurant_id=year.id)
    first = year.first_day
    while first <= year.last_day:
        last = min(first + timedelta(days=CHUNK_DAYS - 1), year.last_day)
        await recompute(transaction, UUID(year.id), first, last, clock=clock)
        first = last + timedelta(days=1)
    await keep_figures(transaction, year, summary.kept)


def _told(year: RestaurantYear, summary: Summary) -> str:
    return f"{year.profile.restaurant.name}: {summary.last_order_number:,} orders and {summary.visits:,} visits"
