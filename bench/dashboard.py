"""Measures the executive page of a large restaurant, and the roll-up of a month of a million events.

`make bench-dashboard`. 10 million events and 1 million orders over a year in 50 restaurants (`--scale` for less), the
default embedded PostgreSQL. The page is asked for over loopback HTTP, one request at a time, by a user bound by row
level security: what is measured is the whole server side, log-in check, every query, today's live tail, and the HTML.
FLOW keeps no cache of answers. The last line is the figure; the exit status is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
import psycopg

from bench.dashboard_data import BUSY, RESTAURANTS, Size, busy_month, counts, load, restaurant_id, this_moment
from bench.place import Place, open_place
from flow.access.service import create_user, grant_membership
from flow.analytics.rollups.service import recompute
from flow.database.pool import Database
from flow.kit.clock import SystemClock

PAGE_TARGET_MS = 150.0
ROLLUP_TARGET_S = 30.0
_OWNER, _OWNER_OF_ALL = "owner@restaurant.example", "owner.of.all@restaurant.example"
_PASSWORD = "correct horse battery"
_WARM_UP = 10
_CHUNK_DAYS = 31


def main() -> None:
    """Runs the benchmark; status 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the full size, e.g. 0.05 for a quick look")
    parser.add_argument("--runs", type=int, default=200, help="pages to measure")
    wish = parser.parse_args()
    size = Size(int(10_000_000 * wish.scale), int(1_000_000 * wish.scale), int(1_000_000 * wish.scale))
    with open_place(serve=False, FLOW_LOG_LEVEL="warning") as place:
        _make(place, size)
        rollup_s = asyncio.run(_roll_up(place))
        _settle(place)
        place.start_web()
        page_ms = _measure(place, wish.runs)
    print(f"bench-dashboard: page_p95_ms={page_ms:.0f} rollup_month_s={rollup_s:.1f}")
    sys.exit(0 if page_ms <= PAGE_TARGET_MS and rollup_s <= ROLLUP_TARGET_S else 1)


def _make(place: Place, size: Size) -> None:
    today, now = this_moment()
    began = time.monotonic()
    load(place.installation.admin_url, size, today=today, now=now)
    print(f"made in {time.monotonic() - began:.0f} s", flush=True)
    with psycopg.connect(place.installation.admin_url) as connection:
        print("  " + ", ".join(f"{name} {number:,}" for name, number in counts(connection)), flush=True)


async def _roll_up(place: Place) -> float:
    """Rolls everything up; answers the seconds of the busy month."""
    today, _ = this_moment()
    month = busy_month(today)
    async with _database(place) as database:
        _maintain(place, "analyze")
        busy_s = await _seconds_of(database, BUSY, month.first, month.last)
        print(f"rolled up the month of the busy restaurant in {busy_s:.1f} s", flush=True)
        began = time.monotonic()
        for number in range(1, RESTAURANTS + 1):
            await _seconds_of(database, number, today - timedelta(days=364), today - timedelta(days=1))
        print(f"rolled up the year of all others in {time.monotonic() - began:.0f} s", flush=True)
    return busy_s


async def _seconds_of(database: Database, number: int, first: date, last: date) -> float:
    began = time.monotonic()
    while first <= last:
        end = min(first + timedelta(days=_CHUNK_DAYS - 1), last)
        async with database.as_service() as transaction:
            await recompute(transaction, restaurant_id(number), first, end, clock=SystemClock())
        first = end + timedelta(days=1)
    return time.monotonic() - began


def _database(place: Place) -> Database:
    return Database(api_url=place.installation.api_url, worker_url=place.installation.worker_url)


def _settle(place: Place) -> None:
    """What autovacuum would have done over the year."""
    began = time.monotonic()
    _maintain(place, "vacuum analyze")
    _maintain(place, "checkpoint")
    print(f"vacuumed in {time.monotonic() - began:.0f} s", flush=True)


def _maintain(place: Place, statement: str) -> None:
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _measure(place: Place, runs: int) -> float:
    """p95 in ms of today's page of the largest restaurant; shows other periods and an owner of all fifty, too."""
    asyncio.run(_make_users(place))
    largest = f"/dashboard?restaurant={restaurant_id(1)}"
    with _logged_in(place, _OWNER) as http:
        page_ms = _time(http, f"{largest}&period=today&compare=last_week", runs)
        for query in ("period=7d&compare=previous", "period=30d&compare=last_year", "period=12m&compare=none"):
            _time(http, f"{largest}&{query}", max(10, runs // 10))
    with _logged_in(place, _OWNER_OF_ALL) as http:
        _time(http, f"{largest}&period=today&compare=last_week", max(10, runs // 10))
        _time(http, "/dashboard?restaurant=all&period=today&compare=last_week", max(10, runs // 10))
    return page_ms


@contextmanager
def _logged_in(place: Place, email: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.base_url, timeout=60, headers={"accept-language": "da"}) as http:
        answer = http.post("/auth/v1/token?grant_type=password", json={"email": email, "password": _PASSWORD})
        http.headers["authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        yield http


def _time(http: httpx.Client, path: str, runs: int) -> float:
    for _ in range(_WARM_UP):
        http.get(path).raise_for_status()
    taken = sorted(_milliseconds(lambda: http.get(path).raise_for_status()) for _ in range(runs))
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    shown = path.partition("?")[2].replace(str(restaurant_id(1)), "largest")
    print(f"{shown}: p50 {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms over {runs} pages", flush=True)
    return p95


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


async def _make_users(place: Place) -> None:
    now = datetime.now(UTC)
    async with _database(place) as database, database.as_service() as transaction:
        for email, restaurants in ((_OWNER, 1), (_OWNER_OF_ALL, RESTAURANTS)):
            user = await create_user(transaction, email, _PASSWORD, at=now)
            for number in range(1, restaurants + 1):
                await grant_membership(transaction, user, restaurant_id(number), role="admin", at=now)


if __name__ == "__main__":
    main()
