"""Lets a year of ten million events go while new ones come in: months dropped, visits deleted, orders anonymised.

`make bench-retention`. Default embedded PostgreSQL, one web process, and the night's jobs in a process of their own, as
the worker runs them. The data are those of the dashboard's benchmark, moved seven years back, so that everything has
had its time, the orders too; one guest is under a legal hold, whose month is thinned out row by row and not dropped.
Ingest runs at full load on 16 connections, before and meanwhile: there, whatever retention uses is missing elsewhere,
so the slowdown is the worst there is. The last line is the figure; the exit status is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import psycopg

from bench import load
from bench.dashboard_data import Size, counts, restaurant_id
from bench.dashboard_data import load as make_data
from bench.place import SITE_KEY, Place, open_place
from bench.visits import Delivery, Shop, Visit
from flow.database.pool import Database
from flow.kit.clock import SystemClock
from flow.kit.days import BusinessCalendar
from flow.privacy.catalogue import Category
from flow.privacy.retention.service import carry_out
from flow.privacy.subjects import pseudonym

MOST_DROP_S = 1.0
MOST_BATCH_MS = 200.0
_AGE = timedelta(days=365 * 7)
_CONNECTIONS, _BATCH, _ROUND = 16, 50, 160
_HELD = "+4520123456"


@dataclass(frozen=True, slots=True)
class Night:
    """What the jobs did: rows, months dropped, and the longest that one drop or batch held its locks, in seconds."""

    rows: int
    months: int
    longest_drop: float
    longest_batch: float
    seconds: float


def main() -> None:
    """Runs the benchmark; status 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000, help="events to make, e.g. 300000 for a quick look")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long ingest is measured by itself")
    parser.add_argument("--night", action="store_true", help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.night:
        print(json.dumps(asdict(asyncio.run(_night(**json.load(sys.stdin))))))
        return
    with open_place("bench.web") as place:
        _make(place, wish.events)
        _ingest(place, _for_seconds(wish.seconds / 4))  # warm
        alone, _ = _ingest(place, _for_seconds(wish.seconds))
        night, meanwhile, longest_round = _night_with_ingest(place)
        _check(place)
    slower = 100 * (1 - meanwhile / alone)
    print(
        f"ingest: {alone:,.0f} events/s alone, {meanwhile:,.0f} meanwhile; "
        f"longest {_ROUND} requests {longest_round:.2f} s"
    )
    print(f"retention: {night.rows:,} rows and {night.months} months in {night.seconds:.0f} s")
    print(
        f"bench-retention: drop_month_s={night.longest_drop:.3f} longest_batch_ms={night.longest_batch * 1000:.0f} "
        f"ingest_slower_percent={slower:.0f}"
    )
    held = night.longest_drop < MOST_DROP_S and night.longest_batch * 1000 < MOST_BATCH_MS and meanwhile > 0
    sys.exit(0 if held else 1)


def _make(place: Place, events: int) -> None:
    began = time.monotonic()
    now = datetime.now(UTC) - _AGE
    busy = events // 10
    size = Size(events - busy, events // 10, busy)
    make_data(place.installation.admin_url, size, today=BusinessCalendar().business_day(now), now=now)
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        _hold_one_guest(connection, place)
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
        made = ", ".join(f"{name} {number:,}" for name, number in counts(connection))
    print(f"made in {time.monotonic() - began:.0f} s: {made}", flush=True)


def _hold_one_guest(connection: psycopg.Connection, place: Place) -> None:
    """A guest with one order out of a visit: the month of that visit cannot be dropped."""
    largest = restaurant_id(1)
    connection.execute(
        "update public.orders set customer_phone = %s where (restaurant_id, id) = (select restaurant_id, id "
        "from public.orders where restaurant_id = %s and session_id is not null order by created_at offset 10 limit 1)",
        [_HELD, largest],
    )
    connection.execute(
        "insert into public.legal_holds (restaurant_id, id, subject, reason) values (%s, %s, %s, 'Case 1')",
        [largest, uuid4(), pseudonym(place.installation.secret, _HELD)],
    )


async def _night(api_url: str, worker_url: str, secret: str) -> Night:
    """The night's jobs, one after another."""
    began = time.perf_counter()
    async with Database(api_url=api_url, worker_url=worker_url) as database:
        runs = [
            await carry_out(database, category, secrets=[bytes.fromhex(secret)], clock=SystemClock())
            for category in Category
        ]
    return Night(
        rows=sum(sum(run.rows.values()) for run in runs),
        months=sum(len(run.dropped) for run in runs),
        longest_drop=max(run.longest_drop for run in runs),
        longest_batch=max(run.longest_batch for run in runs),
        seconds=time.perf_counter() - began,
    )


def _night_with_ingest(place: Place) -> tuple[Night, float, float]:
    """What the night did, events per second meanwhile, and the longest round in seconds."""
    found = place.installation
    told = {"api_url": found.api_url, "worker_url": found.worker_url, "secret": found.secret.hex()}
    command = [sys.executable, "-m", "bench.retention", "--night"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        with process.stdin as pipe:  # others on the machine could read arguments
            json.dump(told, pipe)
        meanwhile, longest = _ingest(place, lambda: process.poll() is None)
        answer = process.stdout.read()
    return Night(**json.loads(answer)), meanwhile, longest


def _ingest(place: Place, goes_on: Callable[[], bool]) -> tuple[float, float]:
    """Sends events at full load; events accepted per second, and the longest round in seconds."""
    accepted, seconds, longest = 0, 0.0, 0.0
    number = 0
    while number == 0 or goes_on():
        result = load.run(place.port, _requests(place), connections=_CONNECTIONS)
        if set(result.statuses) != {200}:
            raise SystemExit(f"bench-retention: ingest answered {dict(result.statuses)}")
        accepted += sum(msgspec.json.decode(answer)["accepted"] for answer in result.answers)
        seconds, longest, number = seconds + result.seconds, max(longest, result.seconds), number + 1
    return accepted / seconds, longest


def _requests(place: Place) -> list[bytes]:
    chance = random.Random(time.time_ns())
    shop, now = Shop(place.restaurant, SITE_KEY), datetime.now(UTC) - timedelta(minutes=10)
    visits = (Visit(shop, now, chance).batch(_BATCH) for _ in range(_ROUND))
    return [load.request("/api/events/batch", each.body, headers=_headers(each)) for each in visits]


def _headers(each: Delivery) -> list[tuple[str, str]]:
    return [("User-Agent", each.agent), ("Accept-Language", "da-DK"), ("X-Forwarded-For", each.address)]


def _for_seconds(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


def _check(place: Place) -> None:
    """Everything old is gone but the held guest's rows, and nothing new."""
    with psycopg.connect(place.installation.admin_url) as connection:
        for table, since in (("events", "timestamp"), ("sessions", "started_at"), ("page_views", "entered_at")):
            row = connection.execute(
                f"select count(*), count(distinct session_id) from public.{table} "
                f"where {since} < now() - interval '2 years'"
            ).fetchone()
            assert row is not None
            if row[1] != 1:
                raise SystemExit(f"bench-retention: {row[0]} old rows of {row[1]} visits are left in {table}")
        named = connection.execute(
            "select count(*) from public.orders where customer_id is not null or customer_phone is not null"
        ).fetchone()
        if named != (1,):
            raise SystemExit(f"bench-retention: {named} orders still name somebody")


if __name__ == "__main__":
    main()
