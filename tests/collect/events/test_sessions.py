"""Which session an event belongs to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from flow.collect.events.sessions import Sessions
from flow.collect.events.types import Event, Visit, microseconds
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.ids import time_of
from tests.collect.events.sending import NOON, Shop, event, open_shop
from tests.connections import kept_connection

pytestmark = pytest.mark.usefixtures("asking_and_assuming")

MINUTE = timedelta(minutes=1)
SESSIONS = "select started_at, ended_at, events_count from public.sessions order by started_at"


async def _send_at(shop: Shop, *minutes: float, **batch: object) -> None:
    await shop.send(*(event("element_click", NOON + minute * MINUTE) for minute in minutes), **batch)


async def test_thirty_minutes_of_silence_end_a_session_and_less_does_not(shop: Shop) -> None:
    await _send_at(shop, -60)
    await _send_at(shop, -30)
    await _send_at(shop, 0.001)

    assert shop.rows(SESSIONS) == [
        (NOON - 60 * MINUTE, NOON - 30 * MINUTE, 2),
        (NOON + timedelta(milliseconds=60), NOON + timedelta(milliseconds=60), 1),
    ]


async def test_the_silence_is_that_of_the_events_and_not_of_their_arrival(shop: Shop, clock: FixedClock) -> None:
    await _send_at(shop, 0)
    clock.advance(timedelta(hours=5))
    await _send_at(shop, 20)

    assert shop.rows(SESSIONS) == [(NOON, NOON + 20 * MINUTE, 2)]


async def test_a_batch_kept_while_offline_may_hold_several_visits(shop: Shop) -> None:
    await _send_at(shop, -200, -190, -100, 0, -95)

    assert shop.rows(SESSIONS) == [
        (NOON - 200 * MINUTE, NOON - 190 * MINUTE, 2),
        (NOON - 100 * MINUTE, NOON - 95 * MINUTE, 2),
        (NOON, NOON, 1),
    ]


async def test_a_late_event_finds_the_earlier_session_it_belongs_to(shop: Shop) -> None:
    await _send_at(shop, -100)
    await _send_at(shop, 0)
    await _send_at(shop, -90)

    assert shop.rows(SESSIONS) == [(NOON - 100 * MINUTE, NOON - 90 * MINUTE, 2), (NOON, NOON, 1)]


async def test_an_event_from_just_before_begins_the_session_earlier(shop: Shop) -> None:
    await _send_at(shop, 0)
    await _send_at(shop, -10)

    assert shop.rows(SESSIONS) == [(NOON - 10 * MINUTE, NOON, 2)]


async def test_visitors_do_not_share_a_session(shop: Shop) -> None:
    await shop.send(event())
    for headers in ({"x-forwarded-for": "203.0.113.8"}, {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145"}):
        assert 200 == (await shop.post(event(), headers=headers)).status_code
    await shop.send(event(), visitor_id=str(uuid4()))

    assert (4, 4) == shop.row("select count(distinct session_id), count(distinct visitor_id) from public.sessions")


async def test_a_session_goes_on_after_a_restart_and_in_another_process(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> None:
    for minute in (0, 10, 20):
        async with open_shop(installation, database, restaurant, clock) as process:
            await _send_at(process, minute)

    with kept_connection(installation.owner_url) as connection:
        assert connection.execute(SESSIONS.encode()).fetchall() == [(NOON, NOON + 20 * MINUTE, 3)]


async def test_two_processes_that_meet_a_visitor_at_once_agree_on_one_session(shop: Shop, second_process: Shop) -> None:
    for _ in range(10):
        visitor = str(uuid4())
        await asyncio.gather(
            *(_send_at(process, minute, visitor_id=visitor) for minute in (0, 1) for process in (shop, second_process))
        )

    assert [(4,)] * 10 == shop.rows("select sum(events_count)::int from public.sessions group by session_id")


async def test_a_process_knows_that_another_one_has_kept_the_session_going(shop: Shop, second_process: Shop) -> None:
    await _send_at(shop, -50)
    await _send_at(second_process, -25)
    await _send_at(shop, 0)

    assert shop.rows(SESSIONS) == [(NOON - 50 * MINUTE, NOON, 3)]


async def test_what_reloads_itself_for_ever_is_a_new_session_after_a_day(shop: Shop) -> None:
    await _send_at(shop, *(minute for minute in range(-25 * 60, 1, 20)))

    first, second = shop.rows(SESSIONS)
    assert timedelta(hours=23, minutes=40) == first[1] - first[0]
    assert (NOON - 60 * MINUTE, NOON) == second[:2]


async def test_the_id_of_a_session_holds_its_beginning(shop: Shop) -> None:
    await _send_at(shop, -5)

    [(session,)] = shop.rows("select session_id from public.sessions")
    assert NOON - 5 * MINUTE == time_of(session)


async def test_an_erased_session_begins_anew(shop: Shop) -> None:
    await _send_at(shop, 0)
    shop.run("delete from public.sessions")
    await _send_at(shop, 1)

    assert shop.row("select started_at, events_count, device_type from public.sessions") == (
        NOON + MINUTE,
        1,
        "mobile",
    )


def _events(*minutes: float) -> list[Event]:
    blank = {name: None for name in Event.__struct_fields__ if name not in ("at", "status")}
    return [Event(at=microseconds(NOON + minute * MINUTE), **blank) for minute in minutes]  # type: ignore[arg-type]


def _visitor(number: int) -> Visit:
    return Visit(restaurant=bytes(16), visitor=number.to_bytes(16, "big"))


def test_memory_answers_for_a_visitor_seen_just_now_and_for_nobody_else() -> None:
    sessions = Sessions()
    sessions.assign(_visitor(1), _events(0))

    assert sessions.look_up(_visitor(1), _events(5, 29)) is None
    assert sessions.look_up(_visitor(1), _events(31)) is not None
    assert sessions.look_up(_visitor(1), _events(5, -31)) is not None
    assert sessions.look_up(_visitor(2), _events(0)) is not None


def test_a_visitor_is_new_unless_memory_has_a_session_that_reaches_into_the_time() -> None:
    sessions = Sessions()
    sessions.assign(_visitor(1), _events(0))

    asked = [
        sessions.look_up(_visitor(1), _events(*minutes)) for minutes in [(31,), (-31,), (5, 31), (5, -31), (-40, 40)]
    ]
    assert [True, True, False, False, False] == [look_up.is_new for look_up in asked if look_up]
    unknown = sessions.look_up(_visitor(2), _events(0))
    assert unknown and unknown.is_new


def test_what_was_forgotten_is_looked_up_again() -> None:
    sessions = Sessions()
    sessions.assign(_visitor(1), _events(0))
    sessions.forget(_visitor(1))
    sessions.forget(_visitor(2))

    assert sessions.look_up(_visitor(1), _events(0)) is not None


def test_memory_is_bounded_and_forgets_whom_it_saw_longest_ago() -> None:
    sessions = Sessions(capacity=2)
    for number in (1, 2, 1, 3):
        sessions.assign(_visitor(number), _events(0))

    assert [None, True, None] == [sessions.look_up(_visitor(number), _events(0)) and True for number in (1, 2, 3)]


@pytest.mark.parametrize("minutes", [(0, 10, 20), (20, 0, 10), (0, 29, 58), (0,)])
def test_events_close_together_are_one_session_in_any_order(minutes: tuple[float, ...]) -> None:
    assignment = Sessions().assign(_visitor(1), _events(*minutes))

    assert 1 == len(assignment.begun)
    [(session, events)] = assignment.parts
    assert len(minutes) == len(events)
    assert (microseconds(NOON), microseconds(NOON + max(minutes) * MINUTE)) == (session.started, session.ended)
