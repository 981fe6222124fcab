"""Queued calls are carried out after the commit, once, and again where a crash or an error came in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from flow.collect.integrations import calling
from flow.collect.integrations.carrying import MOST_ATTEMPTS, carrying
from flow.collect.integrations.queue import enqueue
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from tests.collect.integrations.acme import AcmeSystem, Reply, Server
from tests.collect.integrations.conftest import connected
from tests.connections import kept_connection


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_FIRST_PAUSE", 0.001)


async def _queue(context: JobContext, restaurant: UUID, kind: str, key: str) -> bool:
    async with context.database.as_service() as transaction:
        return await enqueue(transaction, restaurant, "acme", kind, key, {"amount": 24950}, now=context.clock.now())


def _calls(context: JobContext) -> list[tuple[object, ...]]:
    with kept_connection(context.installation.owner_url) as connection:
        return connection.execute(
            "select key, status, attempts, last_error, result from public.provider_calls order by key"
        ).fetchall()


async def test_a_call_is_made_with_its_key_and_what_came_of_it_is_kept(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        await _queue(context, restaurant, "send", "send-1")
        await carrying([system]).run(context, once=True)

    assert [("send-1", "done", 1, None, {"id": "s_1"})] == _calls(context)
    assert [("send-1", b'{"amount":24950}')] == [(asked.headers["idempotency-key"], asked.body) for asked in acme.asked]
    assert ["send-1 s_1"] == system.concluded


async def test_the_same_key_is_queued_once(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme):
        assert [True, False] == [await _queue(context, restaurant, "send", "send-1") for _ in range(2)]


async def test_a_call_is_not_made_when_what_decided_on_it_is_rolled_back(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        with pytest.raises(RuntimeError):
            async with context.database.as_service() as transaction:
                await enqueue(transaction, restaurant, "acme", "send", "x", {"amount": 1}, now=context.clock.now())
                raise RuntimeError
        await carrying([system]).run(context, once=True)

    assert ([], []) == (_calls(context), acme.asked)


async def test_refused_dropped_and_waiting_calls_end_as_they_should(
    context: JobContext, restaurant: UUID, acme: Server, clock: FixedClock
) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        for kind in ("refuse", "drop", "wait"):
            await _queue(context, restaurant, kind, kind)
        await carrying([system]).run(context, once=True)
        assert [
            ("drop", "dropped", 1, None, None),
            ("refuse", "failed", 1, "card_declined", None),
            ("wait", "queued", 0, "not_yet", None),
        ] == _calls(context)

        system.may_go_on = True
        clock.advance(timedelta(seconds=61))
        await carrying([system]).run(context, once=True)
        assert ("wait", "done", 1, None, {"id": "s_1"}) == _calls(context)[-1]


async def test_an_error_is_tried_again_with_growing_pauses_until_it_is_given_up(
    context: JobContext, restaurant: UUID, acme: Server, clock: FixedClock
) -> None:
    system = AcmeSystem()
    acme.replies = [Reply(422) for _ in range(MOST_ATTEMPTS)]
    async with connected(context, system, restaurant, acme):
        await _queue(context, restaurant, "send", "send-1")
        await carrying([system]).run(context, once=True)
        await carrying([system]).run(context, once=True)
        assert 1 == len(acme.asked)
        for _ in range(MOST_ATTEMPTS):
            clock.advance(timedelta(hours=3))
            await carrying([system]).run(context, once=True)

    assert [("send-1", "failed", MOST_ATTEMPTS, "RuntimeError", None)] == _calls(context)


async def test_a_crash_between_the_call_and_its_mark_repeats_it_with_the_same_key(
    context: JobContext, restaurant: UUID, acme: Server, clock: FixedClock
) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        await _queue(context, restaurant, "send", "send-1")
        system.breaks_after_call = True
        await carrying([system]).run(context, once=True)
        system.breaks_after_call = False
        clock.advance(timedelta(minutes=3))
        await carrying([system]).run(context, once=True)

    assert ["send-1", "send-1"] == [asked.headers["idempotency-key"] for asked in acme.asked]
    assert "done" == _calls(context)[0][1]


async def test_a_worker_that_died_lets_go_of_its_calls(
    context: JobContext, restaurant: UUID, acme: Server, clock: FixedClock
) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        await _queue(context, restaurant, "send", "send-1")
        with kept_connection(context.installation.owner_url) as connection:
            connection.execute(
                "update public.provider_calls set attempts = 1, locked_until = %s", [clock.now() + timedelta(minutes=2)]
            )
        await carrying([system]).run(context, once=True)
        assert "queued" == _calls(context)[0][1]
        clock.advance(timedelta(minutes=2))
        await carrying([system]).run(context, once=True)

    assert "done" == _calls(context)[0][1]


async def test_several_workers_carry_each_call_out_once(context: JobContext, restaurant: UUID, acme: Server) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        for number in range(30):
            await _queue(context, restaurant, "send", f"send-{number:02}")
        await asyncio.gather(*(carrying([system]).run(context, once=True) for _ in range(2)))

    assert [f"send-{number:02}" for number in range(30)] == sorted(
        asked.headers["idempotency-key"] for asked in acme.asked
    )


async def test_a_call_is_made_within_a_second(context: JobContext, restaurant: UUID, acme: Server) -> None:
    system = AcmeSystem()
    async with connected(context, system, restaurant, acme):
        running = asyncio.create_task(carrying([system]).run(context, once=False))
        await asyncio.sleep(0.5)
        began = asyncio.get_running_loop().time()
        await _queue(context, restaurant, "send", "send-1")
        while not system.concluded:
            assert asyncio.get_running_loop().time() - began < 5
            await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 1
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
