"""What lies in the quarantine gets in after a fix, as of the moment when it first came."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flow.collect.events.endpoint import PATH
from flow.collect.quality.service import replay
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.collect.events.sending import BROWSER, KEY, NOON, Shop, View, event
from tests.factories import make_restaurant


async def _replay(shop: Shop, database: Database, *, at: datetime = NOON, restaurant: UUID | None = None) -> list[str]:
    """Replays all that there is, oldest first."""
    ids = [row[0] for row in shop.rows("select id from public.rejected_events")]
    assert shop.endpoint.ingest is not None
    async with database.as_service() as transaction:
        replayed = await replay(transaction, shop.endpoint.ingest, restaurant or shop.restaurant, ids, now=at)
    return [each.outcome for each in replayed]


def _adopt_namespace(shop: Shop, namespace: str) -> None:
    shop.run("update public.restaurants set event_namespace = %s", namespace)


async def test_an_event_gets_in_after_the_fix_with_all_that_belongs_to_it(shop: Shop, database: Database) -> None:
    view = View()
    await shop.send(view.opens())
    await shop.send(view.event("roma.coupon_shown", 60), screen_resolution="390x844")
    _adopt_namespace(shop, "roma")

    assert ["accepted"] == await _replay(shop, database)
    assert shop.rows("select event_name from public.events order by timestamp") == [
        ("page_view",),
        ("roma.coupon_shown",),
    ]
    assert (1, 2, 1) == shop.row("select page_views, events_count, interactions from public.sessions")
    assert (2,) == shop.row("select events_received from public.page_views")


async def test_the_outcome_is_noted(shop: Shop, database: Database) -> None:
    await shop.send(event("roma.coupon_shown"))
    assert ["rejected"] == await _replay(shop, database)
    assert (NOON, "rejected") == shop.row("select replayed_at, replay_outcome from public.rejected_events")

    _adopt_namespace(shop, "roma")
    assert ["accepted"] == await _replay(shop, database, at=NOON + timedelta(hours=1))
    assert (NOON + timedelta(hours=1), "accepted") == shop.row(
        "select replayed_at, replay_outcome from public.rejected_events"
    )


async def test_what_got_in_is_not_replayed_again(shop: Shop, database: Database) -> None:
    await shop.send(event("roma.coupon_shown"))
    _adopt_namespace(shop, "roma")

    assert [["accepted"], []] == [await _replay(shop, database) for _ in range(2)]
    assert 1 == shop.stored


async def test_an_event_that_was_sent_again_meanwhile_is_a_duplicate(
    shop: Shop, second_process: Shop, database: Database
) -> None:
    sent = event("roma.coupon_shown")
    await shop.send(sent)
    _adopt_namespace(shop, "roma")
    assert ["accepted"] == await second_process.send(sent)

    assert ["duplicate"] == await _replay(shop, database)


async def test_time_in_the_quarantine_does_not_make_an_event_too_old(
    shop: Shop, database: Database, clock: FixedClock
) -> None:
    await shop.send(event("roma.coupon_shown"))
    _adopt_namespace(shop, "roma")
    clock.advance(timedelta(days=60))

    assert ["accepted"] == await _replay(shop, database)
    assert (NOON, NOON) == shop.row("select timestamp, created_at from public.events")
    assert (NOON.date(),) == shop.row("select date from public.stale_days")


async def test_the_lasting_visitor_is_known_again(shop: Shop, database: Database) -> None:
    visitor = uuid4()
    await shop.send(event("roma.coupon_shown"), visitor_id=str(visitor))
    _adopt_namespace(shop, "roma")
    await _replay(shop, database)

    assert (visitor, True, "mobile") == shop.row("select visitor_id, is_consented, device_type from public.sessions")


async def test_what_is_refused_again_is_not_kept_twice(shop: Shop, database: Database) -> None:
    shop.run("alter table public.events add constraint no_poison check (element_id is distinct from 'poison')")
    await shop.send(event("no_such_event"), event(element_id="poison"))

    assert ["rejected", "rejected"] == await _replay(shop, database)
    assert 2 == len(shop.rows("select 1 from public.rejected_events"))


async def test_a_malformed_batch_gets_in_whole_once_it_can_be_read(shop: Shop, database: Database) -> None:
    visitor = str(uuid4())
    too_wide = [event(), event("element_click")]
    await shop.post(*too_wide, viewport_width="wide", visitor_id=visitor)
    shop.run("update public.rejected_events set raw = replace(raw, '\"wide\"', '400')")  # the fix

    assert ["accepted"] == await _replay(shop, database)
    assert 2 == shop.stored
    assert (visitor,) == shop.row("select visitor_id::text from public.sessions")


async def test_a_malformed_batch_that_still_cannot_be_read_stays(shop: Shop, database: Database) -> None:
    await shop.http.post(
        PATH, content=b"{", headers=BROWSER | {"x-flow-restaurant": str(shop.restaurant), "x-flow-key": KEY}
    )

    assert ["rejected"] == await _replay(shop, database)


async def test_unknown_ids_are_left_out(shop: Shop, database: Database) -> None:
    assert shop.endpoint.ingest is not None
    async with database.as_service() as transaction:
        assert [] == await replay(transaction, shop.endpoint.ingest, shop.restaurant, [uuid4()], now=NOON)


async def test_nothing_is_replayed_for_another_restaurant(shop: Shop, database: Database) -> None:
    other = make_restaurant(shop.installation.owner_url, "Roma")
    await shop.send(event("no_such_event"))

    assert [] == await _replay(shop, database, restaurant=other)
