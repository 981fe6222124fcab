"""Another key for a connection through which guests pay: a wrong one stops no payment, a right one takes over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from flow.collect.integrations.connecting import Saved, save
from flow.collect.webhooks.address import Address, Addresses
from tests.collect.payments.conftest import FLOW, SIMULATOR, Till

PROVIDERS = ("stripe", "mobilepay")
KEYS = {"stripe": "secret_key", "mobilepay": "client_secret"}


async def _save(till: Till, provider: str, **secrets: str) -> Saved:
    [(integration,)] = till.kitchen.rows("select id from public.integration_configs")
    assert isinstance(integration, UUID)
    path = Addresses([till.kitchen.installation.secret]).path(provider, Address(till.kitchen.id, integration))
    form = {"msn": till.accounts[provider]["number"], **secrets}
    base = f"{SIMULATOR}/{provider}"
    return await save(till.calls, till.kitchen.id, provider, form, address=FLOW + path, simulator=base)


async def _turn(till: Till, provider: str, **knobs: Any) -> None:
    (await till.simulator.patch(f"/control/knobs?provider={provider}", json=knobs)).raise_for_status()


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_wrong_key_is_refused_and_guests_go_on_paying(till: Till, provider: str) -> None:
    await till.connect(provider)
    under_way = await till.lead(order := await till.order(provider))
    saved = await _save(till, provider, **{KEYS[provider]: "wrong"})
    await till.choose(under_way, "pay" if provider == "stripe" else "approve")
    await till.settle()
    await till.pay(await till.order(provider), provider)

    assert (False, "connection_refused") == (saved.is_kept, saved.problem and saved.problem.code)
    assert {("authorized", 0, 0, 0)} == set(till.payments())
    assert "confirmed" == till.status_of(order)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_in_an_outage_the_key_stays_and_guests_pay_afterwards(till: Till, provider: str) -> None:
    await till.connect(provider)
    await _turn(till, provider, outage=True)
    saved = await _save(till, provider, **{KEYS[provider]: "wrong"})
    await _turn(till, provider, outage=False)
    await till.pay(await till.order(provider), provider)

    assert (False, "provider_away") == (saved.is_kept, saved.problem and saved.problem.code)
    assert [("authorized", 0, 0, 0)] == till.payments()


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_key_that_is_accepted_takes_over_between_two_payments(till: Till, provider: str) -> None:
    await till.connect(provider)
    account = till.accounts[provider]
    await till.pay(await till.order(provider), provider)
    renewed = {**account["credentials"], KEYS[provider]: "sk_test_another"}
    path = f"/control/accounts/{provider}/{account['number']}"
    (await till.simulator.put(path, json={"credentials": renewed})).raise_for_status()
    saved = await _save(till, provider, **{KEYS[provider]: "sk_test_another"})
    await till.pay(await till.order(provider), provider)

    assert Saved(is_kept=True, problem=None) == saved
    assert [("authorized", 0, 0, 0)] * 2 == till.payments()
