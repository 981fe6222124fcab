"""What PostgreSQL refuses although the checks let it pass: that event alone goes to the quarantine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.collect.events.sending import NOON, Shop, View, event


@pytest.fixture
def poison(shop: Shop) -> dict[str, str]:
    """Fields of an event that a constraint of this database forbids."""
    shop.run("alter table public.events add constraint no_poison check (element_id is distinct from 'poison')")
    return {"element_id": "poison"}


async def test_one_poisonous_event_does_not_take_its_batch_along(shop: Shop, poison: dict[str, str]) -> None:
    view = View()
    sent = [view.opens(), *(view.clicks(second) for second in range(20))]
    sent[7] |= poison

    answer = (await shop.post(*sent)).json()
    assert (20, 0, 1) == (answer["accepted"], answer["duplicate"], answer["rejected"])
    assert "refused_by_database" == answer["results"][7]["code"]
    assert sent[7]["id"] == answer["results"][7]["id"]
    assert 20 == shop.stored
    assert (20, 20) == shop.row(
        "select (select sum(events_count) from public.sessions), (select sum(events_received) from public.page_views)"
    )


async def test_it_is_kept_with_all_that_was_sent(shop: Shop, poison: dict[str, str]) -> None:
    sent = View().clicks(**poison)
    await shop.send(sent)

    reason, message, name, kept_id = shop.row(
        "select reason, message, event_name, raw::jsonb ->> 'id' from public.rejected_events"
    )
    assert ("refused_by_database", "element_click", sent["id"]) == (reason, name, kept_id)
    assert "23514" in message


async def test_several_poisonous_events_are_all_found(shop: Shop, poison: dict[str, str]) -> None:
    sent = [event("element_click", NOON + timedelta(seconds=second)) for second in range(40)]
    for place in (0, 13, 14, 39):
        sent[place] |= poison

    statuses = await shop.send(*sent)
    assert [0, 13, 14, 39] == [place for place, status in enumerate(statuses) if status == "rejected"]
    assert (36, 36, 4) == shop.row(
        "select (select count(*) from public.events), (select sum(events_count) from public.sessions), "
        "(select count(*) from public.rejected_events)"
    )


async def test_rejected_and_poisonous_events_of_one_batch_are_each_kept_once(
    shop: Shop, poison: dict[str, str]
) -> None:
    statuses = await shop.send(event(), event("no_such_event"), event("element_click", **poison), event())

    assert ["accepted", "rejected", "rejected", "accepted"] == statuses
    assert [("refused_by_database",), ("unknown_event",)] == shop.rows(
        "select reason from public.rejected_events order by reason"
    )


async def test_a_month_without_a_partition_is_made_when_it_is_needed(shop: Shop) -> None:
    month = NOON.strftime("%Y%m")
    for parent in ("events", "page_views", "heatmap_events"):
        shop.run(f"drop table parts.{parent}_{month}")
    view = View()

    assert ["accepted", "accepted"] == await shop.send(view.opens(), view.clicks())
    assert 2 == shop.stored
