"""Makes the simulated restaurants, in one transaction: they are there with all their data, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

import psycopg

from flow.analytics.rollups.service import CHUNK_DAYS, recompute
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.demo.simulation.ending import keep_figures
from flow.demo.simulation.logins import add_logins
from flow.demo.simulation.opening import open_restaurant
from flow.demo.simulation.profiles import profiles
from flow.demo.simulation.store import copy, queries
from flow.demo.simulation.year import RestaurantYear
from flow.kit.clock import Clock, SystemClock

__all__ = ["is_simulated", "simulate"]

Item = TypeVar("Item")
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
    async with _database(installation) as database, database.as_service(timeout_ms=0) as transaction:
        await transaction.execute(queries.wait_long)
        await _open(transaction, years, installation.secret, clock)
        for year in years:
            progress(f"Living a year at {year.profile.restaurant.name}")
            async for month in _one_ahead(year.months()):
                await copy(transaction, month)
            await transaction.execute(
                queries.set_order_counter, restaurant_id=year.id, last_number=year.last_order_number
            )
            await transaction.execute(queries.note_last_orders, restaurant_id=year.id)
        for year in years:
            progress(f"Counting the days of {year.profile.restaurant.name}")
            await _count(transaction, year, clock)
    progress("Getting to know the tables")
    _analyze(installation)


async def _is_simulated(installation: Installation) -> bool:
    async with _database(installation) as database, database.as_service() as transaction:
        return bool(await transaction.value(queries.is_simulated))


def _database(installation: Installation) -> Database:
    return Database(
        api_url=installation.api_url, worker_url=installation.worker_url, api_connections=1, worker_connections=1
    )


async def _open(transaction: Transaction, years: Iterable[RestaurantYear], secret: bytes, clock: Clock) -> None:
    now = clock.now()
    for year in years:
        await transaction.execute(
            queries.make_partitions, since=year.first_day, until=year.last_day + timedelta(days=31)
        )
        await open_restaurant(transaction, year, secret)
    await add_logins(transaction, {year.profile.restaurant.slug: UUID(year.id) for year in years}, at=now)


async def _count(transaction: Transaction, year: RestaurantYear, clock: Clock) -> None:
    """Rolls all days up; days whose events are not kept get the figures that were counted while they were made."""
    for first, last in _stretches(year.first_day, year.last_day):
        await recompute(transaction, UUID(year.id), first, last, clock=clock)
    await keep_figures(transaction, year)


def _stretches(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(first + timedelta(days=CHUNK_DAYS - 1), last)
        yield first, end
        first = end + timedelta(days=1)


async def _one_ahead(items: Iterator[Item]) -> AsyncIterator[Item]:
    """Makes the next item in a thread while this one is in use: one core makes rows, the other stores them."""
    coming = asyncio.create_task(asyncio.to_thread(next, items, None))
    while (item := await coming) is not None:
        coming = asyncio.create_task(asyncio.to_thread(next, items, None))
        yield item


def _analyze(installation: Installation) -> None:
    """Statistics for the planner, which would otherwise come only minutes later."""
    with psycopg.connect(installation.owner_url, autocommit=True) as connection:
        connection.execute("analyze")
