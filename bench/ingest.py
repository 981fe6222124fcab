"""How fast events come in: over HTTP, acknowledged after the commit, with sessions, page views and deduplication.

`make bench-ingest`. One web process, 32 connections on loopback, PostgreSQL with fsync and synchronous_commit on.
Batches of 50 are held against a binary COPY of the same rows into a same-shaped, same-indexed table by one connection;
single events, each of a visitor of its own, against an address of the same server that does nothing. A million events:
PostgreSQL copies a fifth of them within half a second, before it has to write anything out. Each of the measured parts
begins with nothing left to be written by the one before.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import psutil
import psycopg

from bench import load
from bench.place import SITE_KEY, Place, open_place
from bench.visits import Delivery, Shop, Visit
from bench.web import EMPTY

CONNECTIONS = 32
BATCH = 50
LEAST_BATCH_RATIO = 0.25
LEAST_SINGLE_RATIO = 0.2
MOST_RSS_MIB = 250
MOST_MB_PER_MILLION = 350
_PATH = "/api/events/batch"
_DERIVED = ("sessions", "page_views", "heatmap_events")
_SAME_SHAPE = """
do $$
declare
    part record;
begin
    create table public.copied (like public.events including all) partition by range (timestamp);
    for part in
        select c.relname, pg_get_expr(c.relpartbound, c.oid) as bounds
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'public.events'::regclass
    loop
        execute format('create table public.copied_%s partition of public.copied %s', part.relname, part.bounds);
    end loop;
end
$$
"""


@dataclass
class Load:
    """Processor seconds of both sides while something ran, and the web process's largest resident memory."""

    web_seconds: float = 0.0
    postgres_seconds: float = 0.0
    rss_mib: float = 0.0


def main() -> None:
    """Measures; status 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=20_000, help="batches of 50 events")
    parser.add_argument("--singles", type=int, default=100_000, help="requests with one event")
    wanted = parser.parse_args()
    with open_place("bench.web") as place:
        _check_durable(place)
        batch_ratio, rss_batches, megabytes = _batches(place, wanted.batches)
        single_ratio, rss_singles = _singles(place, wanted.singles)
    rss = max(rss_batches, rss_singles)
    print(
        f"bench-ingest: batch_ratio={batch_ratio:.2f} single_ratio={single_ratio:.2f} "
        f"rss_mib={rss:.0f} mb_per_million={megabytes:.0f}"
    )
    held = (
        batch_ratio >= LEAST_BATCH_RATIO
        and single_ratio >= LEAST_SINGLE_RATIO
        and rss <= MOST_RSS_MIB
        and megabytes <= MOST_MB_PER_MILLION
    )
    sys.exit(0 if held else 1)


def _check_durable(place: Place) -> None:
    with psycopg.connect(place.installation.worker_url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute(f"show {setting}".encode()).fetchone()
            if row != ("on",):
                raise SystemExit(f"bench-ingest: {setting} is {row}, so the figures would flatter")


def _batches(place: Place, count: int) -> tuple[float, float, float]:
    """Ratio to COPY, resident memory in MiB, and megabytes of a million events."""
    _warm_up(place)
    before = _events(place)
    requests = [_request(delivery) for delivery in _deliveries(place, count, BATCH)]
    _write_out(place)
    result, used = _measured(place, lambda: load.run(place.port, requests, connections=CONNECTIONS))
    stored = _events(place) - before
    _check(result, stored, count * BATCH)
    ingest = stored / result.seconds
    copy = stored / _copy_seconds(place)
    print(f"batches of {BATCH}: {ingest:,.0f} events/s; COPY of the same rows: {copy:,.0f} rows/s")
    _print_load(used, result.seconds, per=stored, each="event")
    return ingest / copy, used.rss_mib, _print_disk(place)


def _singles(place: Place, count: int) -> tuple[float, float]:
    """Ratio to the empty address, and resident memory in MiB."""
    before = _events(place)
    deliveries = list(_deliveries(place, count, 1))
    empty = load.run(place.port, [_request(each, path=EMPTY) for each in deliveries], connections=CONNECTIONS)
    requests = [_request(delivery) for delivery in deliveries]
    _write_out(place)
    result, used = _measured(place, lambda: load.run(place.port, requests, connections=CONNECTIONS))
    _check(result, _events(place) - before, count)
    print(f"single events: {result.per_second:,.0f} requests/s; empty address: {empty.per_second:,.0f} requests/s")
    _print_load(used, result.seconds, per=count, each="request")
    return result.per_second / empty.per_second, used.rss_mib


def _deliveries(place: Place, count: int, size: int) -> Iterable[Delivery]:
    """Requests of visitors who are all different, one after another over the last hour, as they would arrive."""
    chance = random.Random(size)
    shop = Shop(place.restaurant, SITE_KEY)
    began = datetime.now(UTC) - timedelta(hours=1)
    for number in range(count):
        yield Visit(shop, began + timedelta(minutes=50) * number / count, chance).batch(size)


def _request(delivery: Delivery, *, path: str = _PATH) -> bytes:
    headers = [("User-Agent", delivery.agent), ("Accept-Language", "da-DK"), ("X-Forwarded-For", delivery.address)]
    return load.request(path, delivery.body, headers=headers)


def _warm_up(place: Place) -> None:
    load.run(place.port, [_request(each) for each in _deliveries(place, 100, 10)], connections=CONNECTIONS)


def _check(result: load.Result, stored: int, expected: int) -> None:
    """Every event acknowledged as accepted, and every one of them stored."""
    accepted = sum(msgspec.json.decode(answer)["accepted"] for answer in result.answers)
    if set(result.statuses) != {200} or not stored == accepted == expected:
        raise SystemExit(
            f"bench-ingest: sent {expected}, accepted {accepted}, stored {stored}; {dict(result.statuses)}"
        )


def _events(place: Place) -> int:
    with psycopg.connect(place.installation.owner_url) as connection:
        row = connection.execute("select count(*) from public.events").fetchone()
    return row[0] if row else 0


def _write_out(place: Place) -> None:
    """Has PostgreSQL and the system write to disk what they hold in memory."""
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        connection.execute("checkpoint")
    os.sync()


def _copy_seconds(place: Place) -> float:
    """The time of a plain binary COPY of all events into a table of the same shape and indexes, commit included."""
    with psycopg.connect(place.installation.admin_url) as connection:
        connection.execute(_SAME_SHAPE)
        connection.commit()
        with connection.cursor().copy("copy (select * from public.events) to stdout (format binary)") as copy:
            rows = [bytes(part) for part in copy]
        connection.commit()
        _write_out(place)
        began = time.perf_counter()
        with connection.cursor().copy("copy public.copied from stdin (format binary)") as copy:
            for part in rows:
                copy.write(part)
        connection.commit()
        seconds = time.perf_counter() - began
        copied = connection.execute("select count(*) from public.copied").fetchone()
        connection.execute("drop table public.copied")
    assert copied is not None
    return seconds


def _print_disk(place: Place) -> float:
    """Megabytes of a million events with all indexes; printed with what they cause elsewhere."""
    sizes = {}
    with psycopg.connect(place.installation.owner_url, autocommit=True) as connection:
        for table in ("events", *_DERIVED):
            row = connection.execute(
                "select pg_total_relation_size(%(table)s::regclass)"
                " + coalesce((select sum(pg_total_relation_size(inhrelid)) from pg_inherits"
                "             where inhparent = %(table)s::regclass), 0)",
                {"table": f"public.{table}"},
            ).fetchone()
            sizes[table] = int(row[0]) / 1e6 if row else 0.0
    millions = _events(place) / 1e6
    parts = ", ".join(f"{table} {size / millions:,.0f}" for table, size in sizes.items())
    print(f"disk, MB per million events with all indexes: {parts}; in all {sum(sizes.values()) / millions:,.0f}")
    return sizes["events"] / millions


def _measured(place: Place, run: Callable[[], load.Result]) -> tuple[load.Result, Load]:
    """Runs it, and says what it cost."""
    web, postgres = place.web_processes(), place.postgres_processes()
    used, done = Load(), threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            with suppress(psutil.NoSuchProcess):
                used.rss_mib = max(used.rss_mib, sum(process.memory_info().rss for process in web) / 2**20)

    watcher = threading.Thread(target=watch)
    before = _seconds(web), _seconds(postgres)
    watcher.start()
    try:
        result = run()
    finally:
        done.set()
        watcher.join()
    used.web_seconds, used.postgres_seconds = _seconds(web) - before[0], _seconds(postgres) - before[1]
    return result, used


def _seconds(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def _print_load(used: Load, seconds: float, *, per: int, each: str) -> None:
    """How busy both sides were, and what one event or request took of each: the latter hardly depends on neighbours."""
    web, postgres = used.web_seconds / seconds, used.postgres_seconds / seconds
    bound = "the web process" if web > postgres else "PostgreSQL"
    print(
        f"  processors used: web {web:.2f}, PostgreSQL {postgres:.2f} of {psutil.cpu_count()}; "
        f"bounded by {bound}; resident memory of the web process {used.rss_mib:.0f} MiB"
    )
    print(
        f"  processor time per {each}: web {used.web_seconds / per * 1e6:.1f} µs, "
        f"PostgreSQL {used.postgres_seconds / per * 1e6:.1f} µs"
    )


if __name__ == "__main__":
    main()
