"""How fast events come in: over HTTP, acknowledged after the commit, with sessions, page views and deduplication.

`make bench-ingest`. One web process, 32 connections on loopback, PostgreSQL with fsync and synchronous_commit on.
Batches of 50 are held against a binary COPY of the same rows into a same-shaped, same-indexed table by one connection;
single events, each of a visitor of its own, against an address of the same server that does nothing. A million events
in all, in rounds that measure both sides one right after the other: a shared machine's speed changes from one minute to
the next, and by more for one side than for the other. The ratios are the rounds' medians. Each part begins with nothing
left to be written or vacuumed by the one before.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import msgspec
import psutil
import psycopg

from bench import load
from bench.place import SITE_KEY, Place, open_place
from bench.visits import Delivery, Shop, Visit
from bench.web import EMPTY

CONNECTIONS = 32
BATCH = 50
WARM_UP = 100
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

    seconds: float = 0.0
    web_seconds: float = 0.0
    postgres_seconds: float = 0.0
    rss_mib: float = 0.0


class Guests:
    """Visitors who are all different and come one after another over the last two hours, as they would arrive."""

    def __init__(self, place: Place, *, count: int) -> None:
        self._shop = Shop(place.restaurant, SITE_KEY)
        self._chance = random.Random(1)
        self._now = datetime.now(UTC) - timedelta(hours=2)
        self._step = timedelta(minutes=110) / count

    def send(self, requests: int, *, events: int) -> Iterator[Delivery]:
        """A request with so many events from each of the next visitors."""
        for _ in range(requests):
            yield Visit(self._shop, self._now, self._chance).batch(events)
            self._now += self._step


@dataclass(frozen=True)
class Round:
    """What was done per second, what it is held against, and what the former cost."""

    per_second: float
    reference: float
    used: Load

    @property
    def ratio(self) -> float:
        return self.per_second / self.reference


def main() -> None:
    """Measures; status 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=20_000, help="batches of 50 events")
    parser.add_argument("--singles", type=int, default=100_000, help="requests with one event")
    parser.add_argument("--rounds", type=int, default=10)
    wanted = parser.parse_args()
    with open_place("bench.web") as place:
        _check_durable(place)
        guests = Guests(place, count=wanted.batches + wanted.singles + WARM_UP)
        load.run(place.port, [_request(each) for each in guests.send(WARM_UP, events=10)], connections=CONNECTIONS)
        _make_copy_table(place)
        batches = [_batches(place, guests, wanted.batches // wanted.rounds) for _ in range(wanted.rounds)]
        _print_rounds(batches, each="event", of="events/s", against="rows/s of a COPY")
        megabytes = _print_disk(place)
        _clean_up(place)
        singles = [_singles(place, guests, wanted.singles // wanted.rounds) for _ in range(wanted.rounds)]
        _print_rounds(singles, each="request", of="requests/s", against="of the empty address")
    batch_ratio, single_ratio = (median(each.ratio for each in rounds) for rounds in (batches, singles))
    rss = max(each.used.rss_mib for each in (*batches, *singles))
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


def _batches(place: Place, guests: Guests, count: int) -> Round:
    began, before = datetime.now(UTC), _events(place)
    requests = [_request(delivery) for delivery in guests.send(count, events=BATCH)]
    _write_out(place)
    result, used = _measured(place, lambda: load.run(place.port, requests, connections=CONNECTIONS))
    stored = _events(place) - before
    _check(result, stored, count * BATCH)
    return Round(stored / result.seconds, stored / _copy_seconds(place, since=began, count=stored), used)


def _singles(place: Place, guests: Guests, count: int) -> Round:
    before = _events(place)
    deliveries = list(guests.send(count, events=1))
    nothings = [_request(delivery, path=EMPTY) for delivery in deliveries]
    requests = [_request(delivery) for delivery in deliveries]
    empty = load.run(place.port, nothings, connections=CONNECTIONS)
    _write_out(place)
    result, used = _measured(place, lambda: load.run(place.port, requests, connections=CONNECTIONS))
    _check(result, _events(place) - before, count)
    return Round(result.per_second, empty.per_second, used)


def _request(delivery: Delivery, *, path: str = _PATH) -> bytes:
    headers = [("User-Agent", delivery.agent), ("Accept-Language", "da-DK"), ("X-Forwarded-For", delivery.address)]
    return load.request(path, delivery.body, headers=headers)


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


def _clean_up(place: Place) -> None:
    """Does what the batches left to autovacuum, which would take a processor while single events are measured."""
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        connection.execute("drop table public.copied")
        connection.execute("vacuum analyze")


def _write_out(place: Place) -> None:
    """Has PostgreSQL and the system write to disk what they hold in memory."""
    with psycopg.connect(place.installation.admin_url, autocommit=True) as connection:
        connection.execute("checkpoint")
    os.sync()


def _make_copy_table(place: Place) -> None:
    with psycopg.connect(place.installation.admin_url) as connection:
        connection.execute(_SAME_SHAPE)


def _copy_seconds(place: Place, *, since: datetime, count: int) -> float:
    """The time of a plain binary COPY of the `count` events that came in since then, commit included.

    The table grows from round to round, as that of the events does.
    """
    with psycopg.connect(place.installation.admin_url) as connection:
        wanted = "copy (select * from public.events where created_at >= %s) to stdout (format binary)"
        with connection.cursor().copy(wanted, [since]) as copy:
            rows = [bytes(part) for part in copy]
        connection.commit()
        _write_out(place)
        cursor = connection.cursor()
        began = time.perf_counter()
        with cursor.copy("copy public.copied from stdin (format binary)") as copy:
            for part in rows:
                copy.write(part)
        connection.commit()
        seconds = time.perf_counter() - began
    if cursor.rowcount != count:
        raise SystemExit(f"bench-ingest: stored {count} events, copied {cursor.rowcount}")
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
    web_before, postgres_before = _seconds(web), _seconds(postgres)
    watcher.start()
    try:
        result = run()
    finally:
        done.set()
        watcher.join()
    used.seconds = result.seconds
    used.web_seconds = _seconds_since(web_before, _seconds(web))
    used.postgres_seconds = _seconds_since(postgres_before, _seconds(postgres))
    return result, used


def _seconds(processes: Iterable[psutil.Process]) -> dict[int, float]:
    """Processor seconds by process."""
    seconds: dict[int, float] = {}
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds[process.pid] = times.user + times.system
    return seconds


def _seconds_since(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before[pid] for pid, seconds in after.items())


def _print_rounds(rounds: Sequence[Round], *, each: str, of: str, against: str) -> None:
    """The rounds, how busy both sides were, and what one event or request took of each."""
    for number, measured in enumerate(rounds, 1):
        print(
            f"round {number}: {measured.per_second:,.0f} {of}; {measured.reference:,.0f} {against}; "
            f"ratio {measured.ratio:.2f}"
        )
    seconds = sum(measured.used.seconds for measured in rounds)
    done = sum(measured.per_second * measured.used.seconds for measured in rounds)
    web = sum(measured.used.web_seconds for measured in rounds)
    postgres = sum(measured.used.postgres_seconds for measured in rounds)
    bound = "the web process" if web > postgres else "PostgreSQL"
    print(
        f"  processors used: web {web / seconds:.2f}, PostgreSQL {postgres / seconds:.2f} of {psutil.cpu_count()}; "
        f"bounded by {bound}"
    )
    print(f"  processor time per {each}: web {web / done * 1e6:.1f} µs, PostgreSQL {postgres / done * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
