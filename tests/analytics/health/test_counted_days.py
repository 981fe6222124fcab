"""Days whose calls are counted say what a plain count of their rows says. It is Friday 19 June 2026, 18:30."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from math import ceil
from random import Random
from uuid import uuid4

import pytest

from flow.analytics.facts import store as facts
from flow.analytics.health.service import count_finished_days, count_restaurant
from flow.analytics.metrics.types import Breakdown
from flow.collect.integrations.store import log_call
from flow.collect.integrations.types import Call, Integration
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.days import BusinessCalendar
from tests.analytics.conftest import NOW, Ask
from tests.analytics.health.signs import Signs
from tests.connections import kept_connection

METRICS = ("provider_calls", "provider_call_success_rate", "provider_call_p50", "provider_call_p95")
BREAKDOWNS: tuple[Breakdown, ...] = ("day", "week", "provider", "provider_endpoint")
FIRST, LAST = date(2026, 6, 5), date(2026, 6, 19)
PERIOD = f"{FIRST}..{LAST}"
Row = tuple[datetime, str, str, bool, int | None]
Said = dict[str, tuple[object, ...]]


@pytest.mark.parametrize("seed", range(4))
async def test_counted_days_say_what_a_plain_count_of_the_rows_says(
    asking: Ask, signs: Signs, installation: Installation, database: Database, seed: int
) -> None:
    random = Random(seed)
    for _ in range(400):
        _random_call(signs, random)
    assert _counted(_rows(installation)) == await _said(asking)  # all of it from rows

    assert 29 == await count_finished_days(database, clock=FixedClock(NOW))

    assert _counted(_rows(installation)) == await _said(asking)
    for _ in range(20):  # today goes on
        signs.call(NOW - timedelta(seconds=random.randrange(3_600)), random.randrange(3_000))
    assert _counted(_rows(installation)) == await _said(asking)


async def test_rows_of_counted_days_are_not_read(
    asking: Ask, signs: Signs, installation: Installation, database: Database
) -> None:
    signs.call(NOW - timedelta(days=2), 10)
    await count_finished_days(database, clock=FixedClock(NOW))
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update public.daily_calls set calls = 7 where dimension = ''")

    answer = await asking("provider_calls", period=PERIOD)

    assert 7 == answer.totals["provider_calls"]


async def test_a_late_call_shows_at_once_and_its_day_is_counted_anew(
    asking: Ask, signs: Signs, installation: Installation, database: Database
) -> None:
    random = Random(1)
    for _ in range(50):
        _random_call(signs, random)
    await count_finished_days(database, clock=FixedClock(NOW))
    counted = _counted_days(installation)
    late = BusinessCalendar().bounds(date(2026, 6, 16))

    await _log(database, signs, late[0], milliseconds=9_000)

    assert late in counted
    assert [day for day in counted if day != late] == _counted_days(installation)
    assert _counted(_rows(installation)) == await _said(asking)
    await count_finished_days(database, clock=FixedClock(NOW))
    assert counted == _counted_days(installation)
    assert _counted(_rows(installation)) == await _said(asking)


async def test_a_call_of_today_takes_no_count_away(
    signs: Signs, installation: Installation, database: Database
) -> None:
    signs.call(NOW - timedelta(days=1), 10)
    await count_finished_days(database, clock=FixedClock(NOW))

    await _log(database, signs, NOW, milliseconds=10)

    assert 1 == len(_counted_days(installation))


async def test_days_that_begin_at_another_hour_are_read_from_rows_until_they_are_counted(
    asking: Ask, signs: Signs, installation: Installation, database: Database
) -> None:
    random = Random(5)
    for _ in range(300):
        _random_call(signs, random)
    await count_finished_days(database, clock=FixedClock(NOW))
    calendar = BusinessCalendar("Europe/Copenhagen", 1)
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update public.restaurants set business_day_cutoff_hour = 1")

    assert _counted(_rows(installation), calendar) == await _said(asking)
    await count_finished_days(database, clock=FixedClock(NOW))
    assert _counted(_rows(installation), calendar) == await _said(asking)
    assert {calendar.start(day) for day in _days()} <= {starts_at for starts_at, _ in _counted_days(installation)}


async def test_a_comparison_up_to_the_same_time_cuts_a_counted_day(
    asking: Ask, signs: Signs, database: Database
) -> None:
    week = timedelta(days=7)
    for at in (NOW - 2 * week, NOW - week - timedelta(hours=1), NOW - week + timedelta(hours=1), NOW):
        signs.call(at, 10)
    await count_finished_days(database, clock=FixedClock(NOW))

    answer = await asking("provider_calls", comparison="same_weekday_last_week")

    assert answer.comparison is not None
    assert answer.comparison.so_far is not None
    assert (2, 1) == (
        answer.comparison.full["provider_calls"],
        answer.comparison.so_far["provider_calls"],
    )


async def test_a_day_is_counted_an_hour_after_its_end(
    signs: Signs, installation: Installation, database: Database
) -> None:
    ended_at = datetime(2026, 6, 19, 2, tzinfo=UTC)
    signs.call(ended_at - timedelta(seconds=1), 10)

    await count_finished_days(database, clock=FixedClock(ended_at + timedelta(minutes=59)))
    early = _counted_days(installation)
    await count_finished_days(database, clock=FixedClock(ended_at + timedelta(minutes=60)))

    assert [] == early
    assert [(ended_at - timedelta(days=1), ended_at)] == _counted_days(installation)


async def test_two_workers_count_a_day_once(signs: Signs, installation: Installation, database: Database) -> None:
    signs.call(NOW - timedelta(days=1), 10)

    async def count() -> int:
        async with database.as_service() as transaction:
            restaurant = (await facts.restaurants(transaction, [signs.restaurant]))[signs.restaurant]
            return await count_restaurant(transaction, restaurant, now=NOW)

    await asyncio.gather(count(), count())

    assert 1 == len(_counted_days(installation))


def _random_call(signs: Signs, random: Random) -> None:
    """A call at any time of three weeks, often at midnight or the cut-off hour, to the second."""
    day = NOW.replace(hour=0, minute=0) - timedelta(days=random.randrange(22))
    hours = random.choice([2, 2, 22, 22, random.randrange(24)])
    at = day + timedelta(hours=hours, seconds=random.choice([-1, 0, 0, 1, random.randrange(3_600)]))
    took = random.choice([0, 10, 10, 250, random.randrange(5_000), None])
    signs.call(
        min(at, NOW),
        took,
        provider=random.choice(["stripe", "stripe", "wolt"]),
        ok=random.random() < 0.8,
        path=random.choice(["/v1/refunds", "/orders/{id}"]),
    )


async def _log(database: Database, signs: Signs, at: datetime, *, milliseconds: int) -> None:
    async with database.as_service() as transaction:
        await log_call(
            transaction,
            Integration(
                restaurant_id=signs.restaurant, id=uuid4(), integration_type="payment", integration_name="stripe"
            ),
            Call(method="POST", path="/v1/refunds", name="/v1/refunds"),
            status=200,
            milliseconds=milliseconds,
            error_code=None,
            now=at,
        )


async def _said(asking: Ask) -> Said:
    """What the engine answers: the key of every cell → its figures; rows of time without calls are left out."""
    said: Said = {}
    for breakdown in BREAKDOWNS:
        answer = await asking(*METRICS, period=PERIOD, breakdown=breakdown)
        said["total"] = tuple(answer.totals[key] for key in METRICS)
        said |= {
            f"{breakdown} {row.key}": tuple(row.values[key] for key in METRICS)
            for row in answer.rows
            if row.values["provider_calls"]
        }
    return said


def _counted(rows: Iterable[Row], calendar: BusinessCalendar | None = None) -> Said:
    """The same, counted one by one from the rows."""
    calendar = calendar or BusinessCalendar("Europe/Copenhagen", 4)
    keys: tuple[Callable[[date, Row], str], ...] = (
        lambda day, row: "total",
        lambda day, row: f"day {day}",
        lambda day, row: "week {}-W{:02}".format(*day.isocalendar()),
        lambda day, row: f"provider {row[1]}",
        lambda day, row: f"provider_endpoint {row[1]} {row[2]}",
    )
    cells: dict[str, list[Row]] = {}
    for row in rows:
        day = calendar.business_day(row[0])
        for key in keys if FIRST <= day <= LAST else ():
            cells.setdefault(key(day, row), []).append(row)
    return {key: _figures(found) for key, found in cells.items()}


def _figures(rows: list[Row]) -> tuple[object, ...]:
    times = sorted(took for *_, took in rows if took is not None)
    quantiles = (times[ceil(share * len(times) / 100) - 1] if times else None for share in (50, 95))
    return (len(rows), sum(is_ok for *_, is_ok, _ in rows) / len(rows), *quantiles)


def _rows(installation: Installation) -> list[Row]:
    with kept_connection(installation.owner_url) as connection:
        return connection.execute(
            "select timestamp, api_name, method || ' ' || endpoint, success, response_time_ms from public.api_logs"
        ).fetchall()


def _counted_days(installation: Installation) -> list[tuple[datetime, datetime]]:
    with kept_connection(installation.owner_url) as connection:
        return connection.execute(
            "select starts_at, ends_at from public.daily_calls where dimension = '' order by starts_at"
        ).fetchall()


def _days() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days)]
