"""Calls to other systems: what is repeated, what is not, when they rest, and what is written about them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from flow.collect.integrations import calling
from flow.collect.integrations.errors import NotConnected, ProviderAway
from flow.collect.integrations.types import Call
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from tests.collect.integrations.acme import AcmeSystem, RenewingSystem, Reply, Server
from tests.collect.integrations.conftest import connected
from tests.connections import kept_connection

GET = Call(method="GET", path="/orders/17", name="/orders/{id}", repeatable=True)
POST = Call(method="POST", path="/orders", name="/orders", json={"name": "Anna"})


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_FIRST_PAUSE", 0.001)


async def test_a_call_says_who_asks_and_brings_the_answer(context: JobContext, restaurant: UUID, acme: Server) -> None:
    acme.replies = [Reply(201, {"id": "o_1"})]
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        answer = await (await calls.connect(restaurant, "acme")).caller(POST)

    assert (201, {"id": "o_1"}) == (answer.status, answer.body)
    [asked] = acme.asked
    assert ("POST", "/orders", b'{"name":"Anna"}') == (asked.method, asked.path, asked.body)
    assert "Bearer s3cret" == asked.headers["authorization"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_what_may_be_repeated_is_repeated_while_the_other_side_is_busy(
    context: JobContext, restaurant: UUID, acme: Server, status: int
) -> None:
    acme.replies = [Reply(status, headers={"retry-after": "0"}), Reply(hangs_up=True), Reply(200, {"is": "fine"})]
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        answer = await (await calls.connect(restaurant, "acme")).caller(GET)

    assert ({"is": "fine"}, 3) == (answer.body, len(acme.asked))


async def test_what_may_not_be_repeated_is_sent_once_and_says_that_it_may_have_arrived(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    acme.replies = [Reply(hangs_up=True)]
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        with pytest.raises(ProviderAway) as away:
            await (await calls.connect(restaurant, "acme")).caller(POST)

    assert (1, True) == (len(acme.asked), away.value.is_ambiguous)


async def test_a_refused_connection_never_arrived(context: JobContext, restaurant: UUID) -> None:
    nobody = Server("http://127.0.0.1:1")
    async with connected(context, AcmeSystem(), restaurant, nobody) as calls:
        with pytest.raises(ProviderAway) as away:
            await (await calls.connect(restaurant, "acme")).caller(POST)

    assert not away.value.is_ambiguous


async def test_an_answer_with_an_error_is_an_answer(context: JobContext, restaurant: UUID, acme: Server) -> None:
    acme.replies = [Reply(422, {"error": "no"}), Reply(500)]
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        caller = (await calls.connect(restaurant, "acme")).caller
        assert [422, 500] == [(await caller(GET)).status, (await caller(GET)).status]


async def test_a_key_for_repeats_is_the_same_for_every_try(context: JobContext, restaurant: UUID, acme: Server) -> None:
    acme.replies = [Reply(503), Reply(200)]
    call = Call(method="POST", path="/pay", name="/pay", idempotency_key="pay-17", repeatable=True)
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        await (await calls.connect(restaurant, "acme")).caller(call)

    assert ["pay-17", "pay-17"] == [asked.headers["idempotency-key"] for asked in acme.asked]


async def test_the_breaker_opens_after_five_failures_and_lets_one_through_later(
    context: JobContext, restaurant: UUID, acme: Server, clock: FixedClock
) -> None:
    acme.replies = [Reply(500) for _ in range(6)]
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        caller = (await calls.connect(restaurant, "acme")).caller
        for _ in range(5):
            await caller(GET)
        with pytest.raises(ProviderAway) as away:
            await caller(GET)
        assert (5, False) == (len(acme.asked), away.value.is_ambiguous)

        clock.advance(timedelta(seconds=11))
        assert 500 == (await caller(GET)).status
        with pytest.raises(ProviderAway):
            await caller(GET)
        clock.advance(timedelta(seconds=21))
        assert 200 == (await caller(GET)).status
        assert 200 == (await caller(GET)).status


async def test_the_log_of_calls_holds_no_ids_bodies_or_secrets(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    acme.replies = [Reply(200), Reply(404), Reply(hangs_up=True)]
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        caller = (await calls.connect(restaurant, "acme")).caller
        await caller(GET)
        await caller(POST)
        with pytest.raises(ProviderAway):
            await caller(POST)

    with kept_connection(context.installation.owner_url) as connection:
        rows = connection.execute(
            "select api_name, endpoint, method, response_status, success, error_code, request_params::text, "
            "request_body_hash, error_message from public.api_logs order by id"
        ).fetchall()
    assert [
        ("acme", "/orders/{id}", "GET", 200, True, None, "{}", None, None),
        ("acme", "/orders", "POST", 404, False, "404", "{}", None, None),
        ("acme", "/orders", "POST", None, False, "RemoteProtocolError", "{}", None, None),
    ] == rows


async def test_the_connection_knows_when_it_was_heard_and_what_is_wrong(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    acme.replies = [Reply(200), Reply(401), Reply(200)]
    states = []
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        with kept_connection(context.installation.owner_url) as connection:
            connection.execute("update public.integration_configs set status = 'active'")
            for _ in range(3):
                await (await calls.connect(restaurant, "acme")).caller(GET)
                states.append(
                    connection.execute("select status, last_error from public.integration_configs").fetchone()
                )

    assert [("active", None), ("error", "credentials_refused"), ("active", None)] == states


async def test_stale_credentials_are_renewed_once_however_many_ask(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    acme.replies = [Reply(200, {"token": "fresh"})]
    async with connected(context, RenewingSystem(), restaurant, acme) as calls:
        callers = [(await calls.connect(restaurant, "acme")).caller for _ in range(3)]
        await asyncio.gather(*(caller(GET) for caller in callers))
        await (await calls.connect(restaurant, "acme")).caller(GET)

    assert 1 == [asked.path for asked in acme.asked].count("/token")
    assert {"Bearer fresh"} == {asked.headers["authorization"] for asked in acme.asked if asked.path != "/token"}


async def test_a_refused_token_is_renewed_and_the_call_made_again(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    acme.replies = [Reply(200, {"token": "first"}), Reply(401), Reply(200, {"token": "second"}), Reply(200)]
    async with connected(context, RenewingSystem(), restaurant, acme) as calls:
        answer = await (await calls.connect(restaurant, "acme")).caller(GET)

    assert (200, "Bearer second") == (answer.status, acme.asked[-1].headers["authorization"])


async def test_what_is_not_connected_cannot_be_called(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        with pytest.raises(NotConnected):
            await calls.connect(restaurant, "stripe")
