"""Measures the page of integrations over a month with a million calls, read from rows and read from counted days.

`make bench-systems`. One restaurant, thirty days, twelve addresses of five systems, and a webhook for every twenty
calls. The page's data are asked for over loopback HTTP by a user bound by row level security. What counts is the
processor time of the web process and of PostgreSQL per answer: on a machine that is shared, time on the wall says
little. The last line is the figure; the exit status is 1 when the limit is missed, or when the numbers differ.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg import RawCursor

from bench.place import Place, open_place
from flow.access.service import create_user, grant_membership
from flow.analytics.health.service import count_finished_days
from flow.database.pool import Database
from flow.database.queries import parse
from flow.kit.clock import SystemClock

LIMIT_MS = 500.0
_QUERIES = {query.name: query for query in parse(Path(__file__).with_name("systems.sql").read_text(encoding="utf-8"))}
_OWNER, _PASSWORD = "owner@restaurant.example", "correct horse battery"
_WARM_UP = 3
_ABOUT_NOW = frozenset({"queue_waiting", "queue_lag", "quiet_systems"})


def main() -> None:
    """Runs the benchmark; status 1 when it fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000, help="calls in the thirty days")
    parser.add_argument("--runs", type=int, default=20, help="answers to measure")
    wish = parser.parse_args()
    with open_place() as place:
        _make(place, wish.calls)
        asyncio.run(_make_owner(place))
        with _logged_in(place) as http:
            rows_ms, from_rows = _measure(place, http, wish.runs, "from rows")
            asyncio.run(_count(place))
            page_ms, from_counts = _measure(place, http, wish.runs, "from counted days")
    is_same = from_rows == from_counts
    print(f"bench-systems: page_cpu_ms={page_ms:.0f} from_rows_cpu_ms={rows_ms:.0f} same={'yes' if is_same else 'no'}")
    sys.exit(0 if page_ms <= LIMIT_MS and is_same else 1)


def _make(place: Place, calls: int) -> None:
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        for name, count in (("make_calls", calls), ("make_arrivals", calls // 20)):
            query = _QUERIES[name]
            with RawCursor(connection) as cursor:
                cursor.execute(query.sql, query.bind({"restaurant": place.restaurant, "count": count}))
        connection.execute("vacuum analyze")


async def _make_owner(place: Place) -> None:
    now = datetime.now(UTC)
    async with _database(place) as database, database.as_service() as transaction:
        user = await create_user(transaction, _OWNER, _PASSWORD, at=now)
        await grant_membership(transaction, user, place.restaurant, role="admin", at=now)


async def _count(place: Place) -> None:
    began = time.monotonic()
    async with _database(place) as database:
        await count_finished_days(database, clock=SystemClock())
    print(f"counted the finished days in {time.monotonic() - began:.1f} s", flush=True)


def _database(place: Place) -> Database:
    return Database(api_url=place.installation.api_url, worker_url=place.installation.worker_url)


@contextmanager
def _logged_in(place: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.base_url, timeout=60, headers={"accept-language": "da"}) as http:
        answer = http.post("/auth/v1/token?grant_type=password", json={"email": _OWNER, "password": _PASSWORD})
        http.headers["authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        yield http


def _measure(place: Place, http: httpx.Client, runs: int, what: str) -> tuple[float, Any]:
    """Milliseconds of processor time per answer, and what the last one says."""
    path = f"/api/dashboards/integrations?restaurant={place.restaurant}&period=30d&compare=previous"
    for _ in range(_WARM_UP):
        http.get(path).raise_for_status()
    began, spent = time.perf_counter(), _processor_seconds(place)
    for _ in range(runs):
        answer = http.get(path).raise_for_status().json()
    took_ms = (time.perf_counter() - began) * 1000 / runs
    spent_ms = (_processor_seconds(place) - spent) * 1000 / runs
    print(f"{what}: {spent_ms:.0f} ms of processor, {took_ms:.0f} ms on the wall, mean of {runs}", flush=True)
    tiles = {key: tile["value"] for key, tile in answer["tiles"].items() if key not in _ABOUT_NOW}
    return spent_ms, (tiles, answer["tables"]["addresses"]["lines"])


def _processor_seconds(place: Place) -> float:
    times = [process.cpu_times() for process in (*place.web_processes(), *place.postgres_processes())]
    return sum(each.user + each.system for each in times)


if __name__ == "__main__":
    main()
