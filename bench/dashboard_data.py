"""The data that the dashboard is measured over: a year of fifty restaurants of very different size, made within SQL.

The largest has 22 % of everything. Rows of all restaurants lie mixed by time, as they would have arrived. One more
restaurant has a single month of a million events, for the roll-up. Foreign keys are not checked row by row while
loading (the rows are right by construction); every index is there from the beginning.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from itertools import accumulate
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import RawCursor

from flow.database.queries import Query, parse
from flow.kit.days import BusinessCalendar

RESTAURANTS = 50
BUSY = RESTAURANTS + 1
"""Number of the restaurant with the busy month."""
_EVENTS_PER_SESSION = 10
_CONVERTED = 0.3
_QUERIES: dict[str, Query] = {
    query.name: query for query in parse(Path(__file__).with_name("dashboard.sql").read_text(encoding="utf-8"))
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made in all, and in the busy month alone."""

    events: int
    orders: int
    busy_events: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole business days, the last one up to now, and the part of a year that they are."""

    first: date
    last: date
    starts_at: datetime
    ends_at: datetime

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def restaurant_id(number: int) -> UUID:
    """The restaurant's id, from its number (1 is the largest)."""
    return UUID(md5(f"restaurant {number}".encode(), usedforsecurity=False).hexdigest())


def stretches(today: date, now: datetime) -> list[Stretch]:
    """A year up to now as stretches of at most a month, today by itself."""
    calendar = BusinessCalendar()
    found: list[Stretch] = []
    first = today - timedelta(days=364)
    while first < today:
        last = min(first + timedelta(days=29), today - timedelta(days=1))
        found.append(Stretch(first, last, calendar.start(first), calendar.start(last + timedelta(days=1))))
        first = last + timedelta(days=1)
    return [*found, Stretch(today, today, calendar.start(today), now)]


def busy_month(today: date) -> Stretch:
    """The thirty days before the last week."""
    calendar = BusinessCalendar()
    first, last = today - timedelta(days=37), today - timedelta(days=8)
    return Stretch(first, last, calendar.start(first), calendar.start(last + timedelta(days=1)))


def load(url: str, size: Size, *, today: date, now: datetime) -> None:
    """Makes everything; `url` is a superuser's."""
    weights = [1 / rank for rank in range(1, RESTAURANTS + 1)]
    shares = [weight / sum(weights) for weight in weights]
    customers = [max(10, int(size.orders * share * 0.15)) for share in shares]
    with _connect(url) as connection:
        run(connection, "make_restaurants", first_number=1, last_number=BUSY)
        run(connection, "make_products", first_number=1, last_number=BUSY)
        for number, count in enumerate([*customers, size.busy_events // 100], start=1):
            run(connection, "make_customers", number=number, count=count)
        for parent in ("events", "page_views", "heatmap_events"):
            connection.execute(
                "select app.make_partitions(%s, %s, %s)",
                [parent, today - timedelta(days=370), today + timedelta(days=40)],
            )
    jobs = [
        _Job(url, stretch, size.events, size.orders, stretch.days / 365, list(accumulate(shares))[:-1], customers, 1)
        for stretch in stretches(today, now)
    ]
    jobs.append(
        _Job(url, busy_month(today), size.busy_events, size.busy_events // 10, 1.0, [], [size.busy_events // 100], BUSY)
    )
    with ThreadPoolExecutor(max_workers=2) as pool:
        for number, job in enumerate(pool.map(_Job.load, jobs), start=1):
            print(f"  {number}/{len(jobs)}: {job}", flush=True)


@dataclass(frozen=True, slots=True)
class _Job:
    """One stretch of one or many restaurants."""

    url: str
    stretch: Stretch
    events: int
    orders: int
    part: float
    shares: Sequence[float]
    customers: Sequence[int]
    first_number: int

    def load(self) -> str:
        """Loads the stretch; answers what it was, in words."""
        began = time.monotonic()
        sessions = int(self.events * self.part / _EVENTS_PER_SESSION)
        span = {"starts_at": self.stretch.starts_at, "ends_at": self.stretch.ends_at}
        numbers = range(self.first_number, self.first_number + len(self.customers))
        of = {**span, "restaurants": [restaurant_id(number) for number in numbers]}
        choosing = {
            **span, "shares": self.shares or [2.0], "first_number": self.first_number, "days": self.stretch.days
        }  # fmt: skip
        with _connect(self.url) as connection:
            run(connection, "make_sessions", **choosing, count=sessions)
            run(connection, "make_page_views", **of)
            run(connection, "make_events", **of)
            run(
                connection, "make_orders", **choosing, restaurants=of["restaurants"], customers=list(self.customers),
                count=max(0, int(self.orders * self.part - sessions * _CONVERTED)), first_order=self._first_order(),
            )  # fmt: skip
            run(connection, "make_order_items", **of)
            run(connection, "make_attributions", **of)
        return f"{self.stretch.first} to {self.stretch.last}, {sessions} sessions in {time.monotonic() - began:.0f} s"

    def _first_order(self) -> int:
        return (self.stretch.first - date(2000, 1, 1)).days * 1_000_000


def run(connection: psycopg.Connection, name: str, **parameters: object) -> None:
    """Runs one statement of dashboard.sql."""
    query = _QUERIES[name]
    with RawCursor(connection) as cursor:
        cursor.execute(query.sql, query.bind(parameters))


def counts(connection: psycopg.Connection) -> Iterator[tuple[str, int]]:
    """How many rows there are, and the database's bytes."""
    with RawCursor(connection) as cursor:
        row = cursor.execute(_QUERIES["count_rows"].sql).fetchone()
        assert row is not None
        names = [column.name for column in cursor.description or ()]
        yield from zip(names, row, strict=True)


def _connect(url: str) -> psycopg.Connection:
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("set session_replication_role = replica")  # no foreign key checks row by row
    connection.execute("set synchronous_commit = off")
    connection.execute("set work_mem = '256MB'")
    return connection


def this_moment() -> tuple[date, datetime]:
    """The business day, and now."""
    now = datetime.now(UTC)
    return BusinessCalendar().business_day(now), now
