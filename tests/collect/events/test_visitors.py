"""Who a visitor is before consent: an id of the day that cannot be traced back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from flow.collect.events.types import Microseconds, microseconds
from flow.collect.events.upkeep import forget_salts
from flow.collect.events.visitors import Visitors, business_day
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.days import BusinessCalendar
from tests.collect.events.sending import NOON, PHONE, Shop, event

COPENHAGEN = BusinessCalendar("Europe/Copenhagen", 4)
# The first instant of the business day of NOON.
DAWN = COPENHAGEN.start(NOON.date())
RESTAURANT = bytes(16)


async def _ids(
    database: Database,
    at: datetime = NOON,
    *,
    restaurant: bytes = RESTAURANT,
    address: str = "203.0.113.7",
    agent: str = PHONE,
) -> tuple[bytes, bytes | None]:
    now = microseconds(at)
    today = business_day(COPENHAGEN, now)
    return await Visitors(database).cookieless_ids(restaurant, address, agent, today=today, now=now)


async def test_the_id_is_the_same_all_day_in_every_process(database: Database) -> None:
    ids = {(await _ids(database, DAWN + timedelta(hours=hour)))[0] for hour in (0, 8, 16, 23)}

    assert 1 == len(ids)
    assert 8 == UUID(bytes=ids.pop()).version


async def test_the_id_changes_with_the_business_day_and_not_at_midnight(database: Database) -> None:
    before_midnight, after_midnight, next_day = [
        (await _ids(database, DAWN + timedelta(hours=hour)))[0] for hour in (18, 21, 24)
    ]

    assert before_midnight == after_midnight
    assert after_midnight != next_day


async def test_the_id_differs_by_restaurant_address_and_browser(database: Database) -> None:
    ids = [
        await _ids(database),
        await _ids(database, restaurant=uuid4().bytes),
        await _ids(database, address="203.0.113.8"),
        await _ids(database, agent="Firefox"),
        await _ids(database, address="203.0.113.7\0", agent=PHONE[1:]),
    ]

    assert len(ids) == len(set(ids))


async def test_yesterdays_id_is_told_only_while_a_visit_may_span_the_two(database: Database) -> None:
    yesterday, _ = await _ids(database, DAWN - timedelta(hours=1))

    assert yesterday == (await _ids(database, DAWN + timedelta(hours=1)))[1]
    assert (await _ids(database, DAWN + timedelta(hours=4)))[1] is None


async def test_a_first_day_has_no_yesterday(database: Database) -> None:
    assert (await _ids(database, DAWN + timedelta(hours=1)))[1] is None


async def test_salts_are_random_and_forgotten_after_two_days(shop: Shop, database: Database) -> None:
    for days in range(5):
        await _ids(database, NOON - timedelta(days=days))
    assert (5, 5) == shop.row("select count(*), count(distinct salt) from app.visitor_salts")

    assert 2 == await forget_salts(database, now=NOON)
    assert [(NOON.date() - timedelta(days=days),) for days in (2, 1, 0)] == shop.rows(
        "select day from app.visitor_salts order by day"
    )


async def test_a_session_spans_the_change_of_ids(shop: Shop, clock: FixedClock) -> None:
    for minutes in (-10, 5, 25, 50):
        clock.set(DAWN + timedelta(minutes=minutes))
        await shop.send(event("element_click", clock.now()))

    assert shop.row("select started_at, ended_at, events_count from public.sessions") == (
        DAWN - timedelta(minutes=10),
        DAWN + timedelta(minutes=50),
        4,
    )


async def test_another_process_knows_the_session_across_the_change(
    shop: Shop, second_process: Shop, clock: FixedClock
) -> None:
    for minutes, process in ((-10, shop), (5, second_process), (25, shop), (50, second_process)):
        clock.set(DAWN + timedelta(minutes=minutes))
        await process.send(event("element_click", clock.now()))

    assert [(4,)] == shop.rows("select events_count from public.sessions")


async def test_a_new_visit_of_the_new_day_has_the_new_id(shop: Shop, clock: FixedClock) -> None:
    for hours in (-1, 1):
        clock.set(DAWN + timedelta(hours=hours))
        await shop.send(event("element_click", clock.now()))

    assert (2, 2) == shop.row("select count(*), count(distinct visitor_id) from public.sessions")


async def test_consent_brings_a_lasting_id(shop: Shop, clock: FixedClock) -> None:
    visitor = uuid4()
    for hours in (-30, 0):
        clock.set(NOON + timedelta(hours=hours))
        await shop.send(event("element_click", clock.now()), visitor_id=str(visitor))

    assert [(visitor, True)] * 2 == shop.rows("select visitor_id, is_consented from public.sessions")


async def test_no_address_is_kept_anywhere(shop: Shop) -> None:
    await shop.send(event(), event("no_such_event"))
    await shop.post(event(), headers={"user-agent": "curl/8"})
    tables = [row[0] for row in shop.rows(
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'app')"
    )]  # fmt: skip

    assert [] == [table for table in tables if shop.rows(f"select 1 from {table} t where t::text like '%203.0.113%'")]


@pytest.mark.parametrize("at", [DAWN, DAWN + timedelta(hours=23, minutes=59), datetime(2026, 3, 29, 2, tzinfo=UTC)])
def test_the_business_day_is_that_of_the_calendar(at: datetime) -> None:
    now: Microseconds = microseconds(at)
    today = business_day(COPENHAGEN, now)

    assert COPENHAGEN.business_day(at) == today.day
    assert tuple(map(microseconds, COPENHAGEN.bounds(today.day))) == (today.began, today.ends)
