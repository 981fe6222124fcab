"""Too much at once, a database that goes away, a process that stops: what was acknowledged is there."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import psycopg
import pytest

from flow.collect.events.commit import GroupCommit
from flow.collect.events.errors import IngestUnavailable
from flow.collect.events.types import Site, Submission, Visit
from flow.collect.events.writing import _lock_key
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.days import BusinessCalendar
from tests.collect.events.sending import Shop, event, open_shop


async def _flood(shop: Shop, batches: int) -> tuple[Counter[int], set[str]]:
    """Many visitors at once; the statuses of their answers, and the ids that were acknowledged."""

    async def one() -> tuple[int, set[str]]:
        sent = [event() for _ in range(20)]
        answer = await shop.post(*sent, visitor_id=str(uuid4()))
        acknowledged = {each["id"] for each in sent} if answer.is_success else set()
        return answer.status_code, acknowledged

    answers = await asyncio.gather(*(one() for _ in range(batches)))
    return Counter(status for status, _ in answers), set().union(*(ids for _, ids in answers))


def _stored(shop: Shop) -> set[str]:
    return {str(row[0]) for row in shop.rows("select id from public.events")}


def _hang_up(installation: Installation) -> None:
    """Ends every connection of the service."""
    with psycopg.connect(installation.admin_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where usename = 'flow_worker' and datname = current_database()"
        )


async def test_what_does_not_fit_the_queue_is_refused_at_once_and_the_rest_is_stored(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> None:
    async with open_shop(installation, database, restaurant, clock, ingest_queue_events=500) as shop:
        await shop.send(event())  # connected
        with psycopg.connect(installation.admin_url) as holding:
            holding.execute("lock table public.events in exclusive mode")
            flood = asyncio.create_task(_flood(shop, 200))
            await asyncio.sleep(1)
        statuses, acknowledged = await flood

        assert {200, 503} == statuses.keys()
        assert acknowledged <= _stored(shop)
        assert 20 * statuses[200] + 1 == shop.stored
        assert ["accepted"] == await shop.send(event())


async def test_what_arrives_while_a_group_is_stored_goes_together(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flow.collect.events.pace._STUCK_SECONDS", 60)
    await shop.send(event())  # connected
    with psycopg.connect(shop.installation.admin_url) as holding:
        holding.execute("lock table public.events in exclusive mode")
        sending = []
        for count in (1, 10, 10):
            sending += [asyncio.create_task(shop.send(event(), visitor_id=str(uuid4()))) for _ in range(count)]
            await asyncio.sleep(0.2)
    await asyncio.gather(*sending)

    groups = [count for (count,) in shop.rows("select count(*) from public.events group by xmin::text")]
    assert [1, 1, 20] == sorted(groups)


async def test_a_group_that_is_stuck_does_not_hold_up_the_others(shop: Shop) -> None:
    await shop.send(event())  # connected
    stuck, other = uuid4(), uuid4()
    with psycopg.connect(shop.installation.admin_url) as holding:
        key = _lock_key(Visit(shop.restaurant.bytes, stuck.bytes))
        holding.execute("select pg_advisory_xact_lock(%s)", [key])
        waiting = asyncio.create_task(shop.send(event(), visitor_id=str(stuck)))
        await asyncio.sleep(0.01)
        statuses = await asyncio.wait_for(shop.send(event(), visitor_id=str(other)), 5)
        assert not waiting.done()

    assert ["accepted"] == statuses == await waiting


async def test_a_refusal_says_when_to_come_again_and_a_page_may_read_it(shop: Shop) -> None:
    assert shop.endpoint.ingest is not None
    await shop.endpoint.ingest.stop()
    answer = await shop.post(event())

    assert (503, "unavailable", "1", "retry-after") == (
        answer.status_code,
        answer.json()["error"]["code"],
        answer.headers["retry-after"],
        answer.headers["access-control-expose-headers"],
    )


async def test_lost_connections_lose_nothing_that_was_acknowledged(shop: Shop) -> None:
    await shop.send(event())
    acknowledged: set[str] = set()
    for attempt in range(8):
        flood = asyncio.create_task(_flood(shop, 40))
        await asyncio.sleep(0.02 * attempt)
        await asyncio.to_thread(_hang_up, shop.installation)
        statuses, ids = await flood
        assert statuses.keys() <= {200, 503}
        acknowledged |= ids

    assert acknowledged
    assert acknowledged <= _stored(shop)
    assert shop.row("select sum(events_count) from public.sessions") == (shop.stored,)


async def test_a_broken_connection_is_not_even_noticed_by_the_next_batch(shop: Shop) -> None:
    for _ in range(5):
        assert ["accepted"] == await shop.send(event())
        await asyncio.to_thread(_hang_up, shop.installation)


async def test_stopping_stores_what_waits(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> None:
    async with open_shop(installation, database, restaurant, clock) as shop:
        await shop.send(event())
        flood = asyncio.create_task(_flood(shop, 50))
        await asyncio.sleep(0.05)
        assert shop.endpoint.ingest is not None
        await shop.endpoint.ingest.stop()
        statuses, acknowledged = await flood

        assert statuses[200] > 0
        assert len(acknowledged) == 20 * statuses[200]
        assert acknowledged <= _stored(shop)


async def test_a_database_that_is_away_is_told_at_once() -> None:
    commit = GroupCommit("postgresql://nobody@127.0.0.1:1/none", writers=2, capacity=1000)
    commit.start()
    try:
        for _ in range(3):
            with pytest.raises(IngestUnavailable):
                await asyncio.wait_for(commit.submit(_submission()), 5)
    finally:
        await commit.stop()


async def test_stopping_without_a_database_tells_those_who_wait() -> None:
    commit = GroupCommit("postgresql://nobody@127.0.0.1:1/none", writers=1, capacity=1000)
    waiting = asyncio.create_task(commit.submit(_submission()))
    await asyncio.sleep(0)
    commit.start()
    await commit.stop()

    with pytest.raises(IngestUnavailable):
        await waiting


def _submission() -> Submission:
    site = Site(uuid4(), frozenset(), frozenset(), 1, "napoli", BusinessCalendar())
    return Submission(Visit(bytes(16), bytes(16)), site, 0, 0, [])
