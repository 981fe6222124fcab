"""Connecting: what is sealed, what stays, what a test finds out, and what is written into the audit log."""

from __future__ import annotations

from uuid import UUID

import pytest

from flow.collect.integrations.connecting import connect, disconnect, try_out
from flow.collect.integrations.errors import AccountTaken, NotConnected
from flow.collect.integrations.service import credentials_of, integration_of
from flow.errors import InvalidInput
from flow.jobs.types import JobContext
from tests.collect.integrations.acme import AcmeSystem, RegisteringSystem, Reply, Server
from tests.collect.integrations.conftest import connected
from tests.connections import kept_connection
from tests.factories import make_restaurant


async def _credentials(context: JobContext, restaurant: UUID) -> dict[str, str]:
    async with context.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant, "acme")
        assert integration is not None
        return await credentials_of(transaction, context.installation.secret_box, integration)


def _row(context: JobContext, columns: str) -> tuple[object, ...]:
    with kept_connection(context.installation.owner_url) as connection:
        row = connection.execute(f"select {columns} from public.integration_configs".encode()).fetchone()
    assert row is not None
    return row


async def test_secrets_are_sealed_and_settings_are_not(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme):
        pass

    sealed, config, account, status = _row(context, "credentials_encrypted, config, account, status")
    assert isinstance(sealed, bytes)
    assert b"s3cret" not in sealed
    assert ({"shop": "17", "base_url": acme.url}, "17", "pending_setup") == (config, account, status)
    assert {"secret": "s3cret"} == await _credentials(context, restaurant)


async def test_a_secret_left_empty_stays_as_it_is(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        await connect(calls, restaurant, "acme", {"shop": "18", "secret": ""})

    assert {"secret": "s3cret"} == await _credentials(context, restaurant)
    assert ({"shop": "18", "base_url": acme.url},) == _row(context, "config")


async def test_a_form_cannot_set_where_calls_go(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        values = {"shop": "17", "secret": "s", "base_url": "http://169.254.169.254"}
        await connect(calls, restaurant, "acme", values)

    assert ({"shop": "17", "base_url": acme.url},) == _row(context, "config")


async def test_a_required_field_is_required(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        other = make_restaurant(context.installation.owner_url, "Roma")
        with pytest.raises(InvalidInput):
            await connect(calls, other, "acme", {"shop": "19"})


async def test_a_test_makes_it_active_and_says_what_is_wrong(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        assert None is await try_out(calls, restaurant, "acme", address="https://flow.example/x")
        assert ("active", None) == _row(context, "status, last_error")

        acme.replies = [Reply(403)]
        problem = await try_out(calls, restaurant, "acme", address="https://flow.example/x")

    assert problem is not None
    assert "connection_refused" == problem.code
    assert ("error", "connection_refused") == _row(context, "status, last_error")


async def test_the_address_is_registered_where_that_is_our_part(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with connected(context, RegisteringSystem(), restaurant, acme) as calls:
        await try_out(calls, restaurant, "acme", address="https://flow.example/api/webhooks/acme/x")

    assert b'{"url":"https://flow.example/api/webhooks/acme/x"}' == acme.asked[-1].body
    assert {"secret": "s3cret", "webhook_secret": "whsec_of_acme"} == await _credentials(context, restaurant)


async def test_what_came_of_the_registration_is_kept(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, RegisteringSystem(), restaurant, acme) as calls:
        acme.replies = [Reply(200), Reply(409)]
        problem = await try_out(calls, restaurant, "acme", address="x")
        assert problem is not None
        assert ("error", True, None) == _row(context, "status, registration_error is not null, registered_at")
        await try_out(calls, restaurant, "acme", address="x")

    assert ("active", None, True) == _row(context, "status, registration_error, registered_at is not null")


async def test_a_registration_outlasts_a_change_of_the_log_in(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with connected(context, RegisteringSystem(), restaurant, acme) as calls:
        await try_out(calls, restaurant, "acme", address="x")
        await connect(calls, restaurant, "acme", {"shop": "17", "secret": "another"}, simulator=acme.url)

    assert {"secret": "another", "webhook_secret": "whsec_of_acme"} == await _credentials(context, restaurant)


async def test_an_account_leads_to_one_restaurant(context: JobContext, restaurant: UUID, acme: Server) -> None:
    other = make_restaurant(context.installation.owner_url, "Roma")
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        await try_out(calls, restaurant, "acme", address="x")
        with pytest.raises(AccountTaken):
            await connect(calls, other, "acme", {"shop": "17", "secret": "s"})


async def test_who_has_proved_nothing_keeps_no_account_from_others(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    other = make_restaurant(context.installation.owner_url, "Roma")
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        await connect(calls, other, "acme", {"shop": "17", "secret": "s"}, simulator=acme.url)


async def test_disconnecting_forgets_the_credentials(context: JobContext, restaurant: UUID, acme: Server) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        await disconnect(calls, restaurant, "acme")
        with pytest.raises(NotConnected):
            await calls.connect(restaurant, "acme")
        with pytest.raises(NotConnected):
            await disconnect(calls, restaurant, "acme")

    assert ("inactive", None, None) == _row(context, "status, credentials_encrypted, account")


async def test_connecting_and_disconnecting_are_in_the_audit_log(
    context: JobContext, restaurant: UUID, acme: Server
) -> None:
    async with connected(context, AcmeSystem(), restaurant, acme) as calls:
        await disconnect(calls, restaurant, "acme")

    with kept_connection(context.installation.owner_url) as connection:
        rows = connection.execute(
            "select action from public.gdpr_audit_log where restaurant_id = %s order by id", [restaurant]
        ).fetchall()
    assert [("integration_connected",), ("integration_disconnected",)] == rows
