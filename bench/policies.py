"""Measures what row level security costs: the executive page's queries with it and without, in turns, in one run.

`make bench-policies`. The data are those of `make bench-dashboard`, a tenth of them unless `--scale` says more. The
same tiles are made in two transactions after each other, one as the restaurant's owner, bound by the policies, and one
as the service, which they do not bind. What counts is the time from sending a statement to having its rows; what Python
makes of them is left out, and so is beginning the transaction, for both begin one. The figure is the largest
restaurant's page over all periods; the exit status is 1 when it costs more than 1.3 times the same without policies.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import psycopg

from bench.dashboard_data import RESTAURANTS, Size, load, restaurant_id, this_moment
from bench.place import Place, open_place
from flow.access.service import create_user, grant_membership
from flow.analytics.rollups.service import recompute
from flow.database.pool import Database
from flow.database.queries import Query
from flow.database.transaction import Row, Transaction
from flow.delivery.dashboards import store
from flow.delivery.dashboards.executive import executive_tiles
from flow.delivery.dashboards.selection import read_selection
from flow.delivery.dashboards.types import Selection
from flow.kit.clock import SystemClock
from flow.web.i18n import translator_for

LIMIT = 1.3
Answer = TypeVar("Answer")
_PERIODS = (
    {"period": "today", "compare": "last_week"},
    {"period": "7d", "compare": "previous"},
    {"period": "30d", "compare": "last_year"},
    {"period": "12m", "compare": "none"},
)
_WARM_UP = 3
_WORDS, _CLOCK = translator_for("da"), SystemClock()


def main() -> None:
    """Runs the benchmark; status 1 when policies cost too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="part of the full size")
    parser.add_argument("--runs", type=int, default=30, help="pages to measure of each kind")
    wish = parser.parse_args()
    with open_place(serve=False) as place:
        _make(place, wish.scale)
        ratio, of_all = asyncio.run(_measure(place, wish.runs))
    print(f"bench-policies: ratio={ratio:.2f} ratio_owner_of_{RESTAURANTS}={of_all:.2f} limit={LIMIT}")
    sys.exit(0 if ratio <= LIMIT else 1)


def _make(place: Place, scale: float) -> None:
    began = time.monotonic()
    today, now = this_moment()
    load(place.installation.admin_url, Size(int(1e7 * scale), int(1e6 * scale), 1_000), today=today, now=now)
    asyncio.run(_roll_up(place))
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    print(f"made in {time.monotonic() - began:.0f} s", flush=True)


async def _roll_up(place: Place) -> None:
    today, _ = this_moment()
    async with _database(place) as database:
        for month in range(12):
            last = today - timedelta(days=1 + 30 * month)
            async with database.as_service() as transaction:
                await recompute(transaction, restaurant_id(1), last - timedelta(days=29), last, clock=_CLOCK)


@dataclass(frozen=True)
class _Reader:
    """Somebody who looks at the largest restaurant's page, bound by policies; and the service, which is not."""

    database: Database
    claims: dict[str, object]

    async def ratio(self, runs: int) -> float:
        """How many times the page costs with policies what it costs without, over all periods."""
        bound = free = 0.0
        for period in _PERIODS:
            selection = await self._selection(period)
            taken = [await self._both(selection) for _ in range(_WARM_UP + runs)][_WARM_UP:]
            with_policies, without = (statistics.median(times) for times in zip(*taken, strict=True))
            bound, free = bound + with_policies, free + without
            told = f"{with_policies:.1f} ms with policies, {without:.1f} ms without: {with_policies / without:.2f}"
            print(f"  {period['period']}: {told}", flush=True)
        return bound / free

    async def _selection(self, period: dict[str, str]) -> Selection:
        async with self.database.as_user(self.claims, read_only=True) as transaction:
            choices = await store.restaurants(transaction)
        wish = {"restaurant": str(restaurant_id(1)), **period}
        return read_selection(choices, wish, now=_CLOCK.now(), words=_WORDS)

    async def _both(self, selection: Selection) -> tuple[float, float]:
        with_policies = await _milliseconds(self.database.as_user(self.claims, read_only=True), selection)
        return with_policies, await _milliseconds(self.database.as_service(), selection)


async def _measure(place: Place, runs: int) -> tuple[float, float]:
    async with _database(place) as database:
        ratios = []
        for number in (1, RESTAURANTS):
            print(f"the largest restaurant's page, for an owner of {number}:", flush=True)
            reader = _Reader(database, {"sub": str(await _owner(database, number)), "role": "authenticated"})
            ratios.append(await reader.ratio(runs))
    return ratios[0], ratios[1]


class _Stopwatch(Transaction):
    """A transaction that adds up the time its reading statements take."""

    seconds = 0.0

    async def all(self, query: Query, row: type[Row], **parameters: object) -> list[Row]:
        return await self._timed(super().all(query, row, **parameters))

    async def one_or_none(self, query: Query, row: type[Row], **parameters: object) -> Row | None:
        return await self._timed(super().one_or_none(query, row, **parameters))

    async def value(self, query: Query, **parameters: object) -> Any:
        return await self._timed(super().value(query, **parameters))

    async def tuples(self, query: Query, **parameters: object) -> list[tuple[Any, ...]]:
        return await self._timed(super().tuples(query, **parameters))

    async def _timed(self, reading: Awaitable[Answer]) -> Answer:
        began = time.perf_counter()
        try:
            return await reading
        finally:
            self.seconds += time.perf_counter() - began


async def _milliseconds(begun: AbstractAsyncContextManager[Transaction], selection: Selection) -> float:
    async with begun as transaction:
        stopwatch = _Stopwatch(transaction.connection, transaction.caller)
        await executive_tiles(stopwatch, selection, clock=_CLOCK, words=_WORDS)
        return stopwatch.seconds * 1000


async def _owner(database: Database, restaurants: int) -> UUID:
    now = datetime.now(UTC)
    async with database.as_service() as transaction:
        user = await create_user(transaction, f"owner.of.{restaurants}@flow.example", "correct horse battery", at=now)
        for number in range(1, restaurants + 1):
            await grant_membership(transaction, user, restaurant_id(number), role="admin", at=now)
    return user


def _database(place: Place) -> Database:
    return Database(api_url=place.installation.api_url, worker_url=place.installation.worker_url)


if __name__ == "__main__":
    main()
