"""Every event is stored once, however often, wherever and how concurrently it is sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from flow.collect.events import writing
from flow.collect.events.assumptions import Assumptions
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.collect.events.sending import NOON, Fields, Shop, View, event, open_shop

pytestmark = pytest.mark.usefixtures("asking_and_assuming")

FIGURES = """
select (select count(*) from public.events), (select sum(events_count) from public.sessions),
    (select sum(events_received) from public.page_views), (select count(*) from public.heatmap_events)
"""


def _visit() -> list[Fields]:
    view = View()
    return [view.opens(), *(view.clicks(second) for second in range(9))]


async def test_an_event_twice_in_one_batch_is_a_duplicate_the_second_time(shop: Shop) -> None:
    sent = event()

    assert ["accepted", "duplicate"] == await shop.send(sent, sent)
    assert 1 == shop.stored


async def test_a_batch_sent_again_is_all_duplicates_and_changes_nothing(shop: Shop) -> None:
    visit = _visit()
    assert ["accepted"] * 10 == await shop.send(*visit)

    assert ["duplicate"] * 10 == await shop.send(*visit)
    assert (10, 10, 10, 9) == shop.row(FIGURES)


async def test_of_a_batch_that_is_known_in_part_only_the_rest_counts(shop: Shop) -> None:
    visit = _visit()
    await shop.send(*visit[:4])

    assert ["duplicate"] * 4 + ["accepted"] * 6 == await shop.send(*visit)
    assert (10, 10, 10, 9) == shop.row(FIGURES)


async def test_what_is_new_stays_accepted_while_duplicates_are_about(shop: Shop) -> None:
    visit = _visit()
    await shop.send(*visit)
    await shop.send(*visit)

    more = [View(NOON + timedelta(minutes=minute)).opens() for minute in range(3)]
    assert ["accepted"] * 3 == await shop.send(*more)
    assert (13, 13, 13, 9) == shop.row(FIGURES)


async def test_a_batch_is_known_after_a_restart(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> None:
    visit = _visit()
    async with open_shop(installation, database, restaurant, clock) as before:
        await before.send(*visit)
    async with open_shop(installation, database, restaurant, clock) as after:
        assert ["duplicate"] * 10 == await after.send(*visit)
        assert (10, 10, 10, 9) == after.row(FIGURES)
        assert (1,) == after.row("select count(*) from public.sessions")


async def test_one_batch_sent_many_times_at_once_is_stored_once(shop: Shop, second_process: Shop) -> None:
    visits = [_visit() for _ in range(5)]
    sendings = [process.send(*visit) for visit in visits for process in (shop, second_process) for _ in range(4)]
    answers = await asyncio.gather(*sendings)

    assert 50 == sum(answer.count("accepted") for answer in answers)
    assert 350 == sum(answer.count("duplicate") for answer in answers)
    assert (50, 50, 50, 45) == shop.row(FIGURES)


async def test_overlapping_batches_from_two_processes_are_stored_once(shop: Shop, second_process: Shop) -> None:
    events = [event("element_click", NOON + timedelta(seconds=second)) for second in range(60)]
    slices = [events[start : start + 20] for start in range(0, 60, 5)]
    answers = await asyncio.gather(
        *(shop.send(*part) for part in slices), *(second_process.send(*reversed(part)) for part in slices)
    )

    assert 60 == sum(answer.count("accepted") for answer in answers)
    assert 60 == shop.stored
    assert (60,) == shop.row("select sum(events_count) from public.sessions")


async def test_the_time_is_part_of_the_key(shop: Shop) -> None:
    sent = event()
    other = sent | {"timestamp": (NOON + timedelta(milliseconds=1)).isoformat()}

    assert ["accepted", "accepted"] == await shop.send(sent, other)


async def test_every_column_is_the_same_by_copy_by_statement_and_the_careful_way(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View()
    visit = [view.opens(), view.scrolls(50, 2), view.clicks(3, element_id="a"), view.exits(9, 9_000)]

    def again(number: int) -> list[Fields]:
        return [sent | {"id": str(UUID(int=UUID(sent["id"]).int + number))} for sent in visit]

    await shop.send(*again(0))
    with monkeypatch.context() as changed:
        changed.setattr(writing, "_FEW", 0)
        await shop.send(*again(1))
    with monkeypatch.context() as changed:
        changed.setattr(Assumptions, "events_are_new", property(lambda _: False))
        await shop.send(*again(2))

    for table in ("events", "heatmap_events"):
        rows = shop.rows(f"select to_jsonb(t) - 'id' from public.{table} t order by t.timestamp, t.id")
        assert rows
        assert rows[::3] == rows[1::3] == rows[2::3]
