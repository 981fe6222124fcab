"""Vipps MobilePay's webhooks are registered once, and a secret that is replaced holds on for the last retries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from uuid import UUID

from flow.collect.integrations.connecting import connect, try_out
from flow.collect.webhooks.address import Address, Addresses
from tests.collect.payments.conftest import FLOW, SIMULATOR, Till


async def _test_again(till: Till) -> None:
    [(integration,)] = till.kitchen.rows("select id from public.integration_configs")
    assert isinstance(integration, UUID)
    path = Addresses([till.kitchen.installation.secret]).path("mobilepay", Address(till.kitchen.id, integration))
    assert None is await try_out(till.calls, till.kitchen.id, "mobilepay", address=FLOW + path)


async def _lose_registration(till: Till) -> None:
    """At the portal somebody ends the registration, so that FLOW has to make another."""
    [hook] = await till.books("mobilepay.webhooks")
    keys = till.accounts["mobilepay"]["credentials"]
    headers = {"Ocp-Apim-Subscription-Key": keys["subscription_key"], "Merchant-Serial-Number": hook["msn"]}
    token = await till.simulator.post(
        "/mobilepay/accesstoken/get",
        headers={**headers, "client_id": keys["client_id"], "client_secret": keys["client_secret"]},
    )
    headers["Authorization"] = f"Bearer {token.json()['access_token']}"
    gone = await till.simulator.delete(f"/mobilepay/webhooks/v1/webhooks/{hook['id']}", headers=headers)
    assert 204 == gone.status_code


async def _held_back_while(till: Till, do: Callable[[Till], Awaitable[None]]) -> list[int]:
    """How FLOW answers to deliveries that were signed before something was done, and come after it."""
    order = await till.order("mobilepay")
    page = await till.lead(order)
    till.messenger.is_holding = True
    await till.choose(page, "approve")
    await till.simulator.get("/control/post?until_idle=20")
    await do(till)
    return await till.messenger.release(Random(1), duplicates=0)


async def test_testing_again_registers_nothing_anew(mobile: Till) -> None:
    before = await mobile.books("mobilepay.webhooks")
    await _test_again(mobile)

    assert before == await mobile.books("mobilepay.webhooks")


async def test_new_keys_of_the_same_sales_unit_keep_the_registration(mobile: Till) -> None:
    before = await mobile.books("mobilepay.webhooks")
    account = mobile.accounts["mobilepay"]
    keys = {**account["credentials"], "client_secret": "another"}
    path = f"/control/accounts/mobilepay/{account['number']}"
    await mobile.simulator.put(path, json={"credentials": keys})
    form = {**keys, "msn": account["number"]}
    await connect(mobile.calls, mobile.kitchen.id, "mobilepay", form, simulator=f"{SIMULATOR}/mobilepay")
    await _test_again(mobile)

    assert before == await mobile.books("mobilepay.webhooks")


async def test_deliveries_of_a_registration_that_was_replaced_are_taken_still(mobile: Till) -> None:
    async def replace(till: Till) -> None:
        await _lose_registration(till)
        await _test_again(till)

    assert {200} == set(await _held_back_while(mobile, replace))


async def test_after_the_last_retry_the_former_secret_is_none_any_more(mobile: Till) -> None:
    async def replace_and_wait(till: Till) -> None:
        await _lose_registration(till)
        await _test_again(till)
        till.kitchen.clock.advance(timedelta(days=8, minutes=1))  # type: ignore[attr-defined]

    assert {401} == set(await _held_back_while(mobile, replace_and_wait))
