"""Saving settings of a connection that is at work: they are tried first, and a wrong key harms nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from flow.collect.integrations import calling
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import Saved, save, try_out
from flow.collect.integrations.service import credentials_of, integration_of, keep_credentials
from flow.collect.integrations.types import Call, Caller, Field, Integration, System
from flow.jobs.types import JobContext
from tests.collect.integrations.acme import AcmeSystem, RegisteringSystem, RenewingSystem, Reply, Server
from tests.collect.integrations.conftest import connected
from tests.connections import kept_connection

HERE = "https://flow.example/api/webhooks/acme/x"
NEW = {"shop": "18", "secret": "a n3w one"}
FORMER = ("active", None, {"secret": "s3cret"}, "17")
AWAY = [Reply(429), Reply(500), Reply(503), Reply(hangs_up=True)]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_FIRST_PAUSE", 0.001)


@asynccontextmanager
async def at_work(context: JobContext, system: System, restaurant: UUID, acme: Server) -> AsyncIterator[Calls]:
    """Calls over a connection that was tested and found good."""
    async with connected(context, system, restaurant, acme) as calls:
        assert None is await try_out(calls, restaurant, "acme", address=HERE)
        acme.asked.clear()
        yield calls


async def _save(calls: Calls, restaurant: UUID, *, even_unanswered: bool = False, **changes: str) -> Saved:
    return await save(calls, restaurant, "acme", {**NEW, **changes}, address=HERE, even_unanswered=even_unanswered)


async def _kept(context: JobContext, restaurant: UUID) -> tuple[object, ...]:
    """Status, what is wrong, credentials and account."""
    async with context.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant, "acme")
        assert integration is not None
        credentials = await credentials_of(transaction, context.installation.secret_box, integration)
    return integration.status, integration.last_error, credentials, integration.account


def _rows(context: JobContext, sql: str) -> list[tuple[Any, ...]]:
    with kept_connection(context.installation.owner_url) as connection:
        return connection.execute(sql.encode()).fetchall()


async def test_what_is_accepted_takes_the_place_of_the_former(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        saved = await _save(calls, restaurant)

    assert Saved(is_kept=True, problem=None) == saved
    assert ["Bearer a n3w one"] == [asked.headers["authorization"] for asked in acme.asked]
    assert ("active", None, {"secret": "a n3w one"}, "18") == await _kept(context, restaurant)


@pytest.mark.parametrize(("status", "message"), [(401, None), (403, None), (402, "Acme wants to be paid first.")])
async def test_what_is_refused_leaves_everything_as_it_was(
    context: JobContext, restaurant: UUID, acme: Server, status: int, message: str | None
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(status)]
        saved = await _save(calls, restaurant)
        await (await calls.connect(restaurant, "acme")).caller(Call(method="GET", path="/me", name="/me"))

    assert (False, "connection_refused") == (saved.is_kept, saved.problem and saved.problem.code)
    assert message is None or (saved.problem is not None and message == saved.problem.message)
    assert ["Bearer a n3w one", "Bearer s3cret"] == [asked.headers["authorization"] for asked in acme.asked]
    assert FORMER == await _kept(context, restaurant)


async def test_the_connection_is_at_work_while_another_key_is_tried(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    class Watching(AcmeSystem):
        seen: tuple[object, ...] = ()

        async def test(self, caller: Caller, integration: Integration) -> None:
            await super().test(caller, integration)
            self.seen = await _kept(context, restaurant)

    system = Watching()
    async with at_work(context, system, restaurant, acme) as calls:
        await _save(calls, restaurant)

    assert FORMER == system.seen


@pytest.mark.parametrize("reply", AWAY)
async def test_who_does_not_answer_has_refused_nothing_and_accepted_nothing(
    context: JobContext, restaurant: UUID, acme: Server, reply: Reply
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [reply] * 3
        saved = await _save(calls, restaurant)

    assert (False, "provider_away") == (saved.is_kept, saved.problem and saved.problem.code)
    assert FORMER == await _kept(context, restaurant)


async def test_what_could_not_be_tried_is_kept_by_who_wants_that(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(500)]
        saved = await _save(calls, restaurant, even_unanswered=True)
        kept = await _kept(context, restaurant)
        assert None is await try_out(calls, restaurant, "acme", address=HERE)

    assert (True, "provider_away") == (saved.is_kept, saved.problem and saved.problem.code)
    assert ("error", "provider_away", {"secret": "a n3w one"}, "18") == kept
    assert ("active", None, {"secret": "a n3w one"}, "18") == await _kept(context, restaurant)


async def test_what_is_refused_is_kept_by_nobody(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(401)]
        saved = await _save(calls, restaurant, even_unanswered=True)

    assert not saved.is_kept
    assert FORMER == await _kept(context, restaurant)


@pytest.mark.parametrize("reply", AWAY)
async def test_a_key_that_could_not_be_tested_when_asked_is_as_good_as_before(
    context: JobContext, restaurant: UUID, acme: Server, reply: Reply
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [reply] * 3
        assert None is not await try_out(calls, restaurant, "acme", address=HERE)
        acme.replies = [Reply(401)]
        saved = await _save(calls, restaurant)

    assert not saved.is_kept
    assert ("error", "provider_away", {"secret": "s3cret"}, "17") == await _kept(context, restaurant)


async def test_a_key_that_does_not_work_any_more_gives_way_at_once(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(401), Reply(500)]
        assert None is not await try_out(calls, restaurant, "acme", address=HERE)
        saved = await _save(calls, restaurant)

    assert saved.is_kept
    assert {"secret": "a n3w one"} == (await _kept(context, restaurant))[2]


async def test_trials_that_fail_do_not_hold_up_what_works(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(500)] * 6
        for _ in range(6):
            await _save(calls, restaurant)
        answer = await (await calls.connect(restaurant, "acme")).caller(Call(method="GET", path="/me", name="/me"))

    assert 200 == answer.status


async def test_every_attempt_is_in_the_audit_log_and_no_secret_anywhere(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with at_work(context, AcmeSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(401), Reply(500), Reply(500), Reply(200)]
        for even_unanswered in (False, False, True, False):
            await _save(calls, restaurant, even_unanswered=even_unanswered)

    assert ["connected", "refused", "unanswered", "connected", "connected"] == [
        action.removeprefix("integration_")
        for (action,) in _rows(context, "select action from public.gdpr_audit_log order by id")
    ]
    everything = ["gdpr_audit_log", "api_logs", "integration_configs"]
    told = "".join(str(row) for table in everything for row in _rows(context, f"select t::text from public.{table} t"))
    assert "s3cret" not in told and "a n3w one" not in told


async def test_an_address_that_is_not_taken_refuses_the_key_too(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with at_work(context, RegisteringSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(200), Reply(409)]
        refused = await _save(calls, restaurant)
        former = await _kept(context, restaurant)
        accepted = await _save(calls, restaurant)

    assert (False, True) == (refused.is_kept, accepted.is_kept)
    assert ("active", None, {"secret": "s3cret", "webhook_secret": "whsec_of_acme"}, "17") == former
    assert ("active", None, {"secret": "a n3w one", "webhook_secret": "whsec_of_acme"}, "18") == await _kept(
        context, restaurant
    )
    assert [(None, True)] == _rows(
        context, "select registration_error, registered_at is not null from public.integration_configs"
    )


class OneTimeSystem(RenewingSystem):
    """Acme whose tokens are renewed with a field of the form that works once."""

    fields = (*AcmeSystem.fields, Field(name="refresh", label="Refresh", is_required=False))

    async def renew(self, caller: Caller, integration: Integration, credentials: Mapping[str, str], now: Any) -> Any:
        renewed = await super().renew(caller, integration, credentials, now)
        return {**renewed, "secret": credentials["secret"], "refresh": renewed["secret"]}


async def _give(context: JobContext, restaurant: UUID, **credentials: str) -> None:
    async with context.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant, "acme")
        assert integration is not None
        box, now = context.installation.secret_box, context.clock.now()
        await keep_credentials(transaction, box, integration, {"secret": "s3cret", **credentials}, now=now)


async def test_a_token_of_the_former_key_proves_nothing_about_another(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    valid = str(context.clock.now().timestamp() + 3600)
    async with connected(context, RenewingSystem(), restaurant, acme) as calls:
        await _give(context, restaurant, until=valid)
        assert None is await try_out(calls, restaurant, "acme", address=HERE)
        acme.asked.clear()
        acme.replies = [Reply(200, {"token": "of the new key"}), Reply(401), Reply(200, {"token": "again"}), Reply(401)]
        saved = await _save(calls, restaurant)

    assert not saved.is_kept
    assert ["/token", "/me", "/token", "/me"] == [asked.path for asked in acme.asked]
    assert ("active", None, {"secret": "s3cret", "until": valid}, "17") == await _kept(context, restaurant)


async def test_a_token_that_a_trial_used_up_is_replaced_for_the_former_key_too(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    valid = str(context.clock.now().timestamp() + 3600)
    async with connected(context, OneTimeSystem(), restaurant, acme) as calls:
        await _give(context, restaurant, until=valid, refresh="first")
        assert None is await try_out(calls, restaurant, "acme", address=HERE)
        acme.replies = [Reply(200, {"token": "second"}), Reply(402)]
        saved = await _save(calls, restaurant)

    assert not saved.is_kept
    assert ("active", None, {"secret": "s3cret", "until": valid, "refresh": "second"}, "17") == await _kept(
        context, restaurant
    )
