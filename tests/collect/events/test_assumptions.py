"""What writers take for granted, and when they stop to."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import pytest

from flow.collect.events import assumptions, connection
from flow.collect.events.assumptions import Assumptions
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.collect.events.sending import NOON, Shop, event, open_shop

SESSIONS = "select count(*), sum(events_count)::int from public.sessions"


def test_events_are_new_but_for_some_seconds_after_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    taken = Assumptions()
    assert taken.events_are_new

    taken.note_known_event()
    assert not taken.events_are_new

    now += 3
    assert taken.events_are_new


def test_visitors_are_new_after_a_thousand_in_a_row() -> None:
    taken = Assumptions()
    taken.note_new_visitors(999)
    assert not taken.visitors_are_new

    taken.note_new_visitors(1)
    assert taken.visitors_are_new

    taken.note_known_visitor()
    assert not taken.visitors_are_new


async def test_it_takes_many_new_visitors_until_they_are_no_longer_asked_for(
    shop: Shop, second_process: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assumptions, "_ENOUGH_NEW_VISITORS", 2)
    await second_process.send(event())
    for number in range(3):  # the third is taken to be new
        await _post_as(shop, number)

    await shop.send(event(at=NOON + timedelta(minutes=1)))  # to be new as well, but the other process knows better

    assert shop.row(SESSIONS) == (4, 5)
    await _post_as(second_process, 9)
    await _post_as(shop, 9)  # asked for: the assumption has just been wrong
    assert shop.row(SESSIONS) == (5, 7)


@pytest.mark.usefixtures("asking_and_assuming")
@pytest.mark.parametrize("count", [1, 100], ids=["few", "many"])
async def test_behind_a_pooler_nothing_depends_on_the_session(
    installation: Installation,
    database: Database,
    restaurant: UUID,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:
    async def always(_: object) -> bool:
        return True

    monkeypatch.setattr(connection, "_is_pooled", always)
    async with open_shop(installation, database, restaurant, clock) as shop:
        events = [event("element_click", NOON + timedelta(seconds=second)) for second in range(count)]
        assert ["accepted"] * count == await shop.send(*events)
        assert ["duplicate"] * count == await shop.send(*events)

        assert shop.row(SESSIONS) == (1, count)


async def _post_as(shop: Shop, visitor: int) -> None:
    answer = await shop.post(event(), headers={"x-forwarded-for": f"203.0.113.{100 + visitor}"})
    assert 200 == answer.status_code
