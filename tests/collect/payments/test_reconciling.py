"""Each night FLOW and a provider compare their books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow.collect.integrations import store
from flow.collect.payments.reconciling import Compared, compare
from tests.business.conftest import token_of
from tests.collect.payments.conftest import Till

ALL = 11000  # øre
BOTH = pytest.mark.parametrize("provider", ["stripe", "mobilepay"])


async def _compare(till: Till, provider: str) -> Compared:
    async with till.kitchen.database.as_service() as transaction:
        integration = await store.integration_by_name(transaction, till.kitchen.id, provider)
    assert integration is not None
    return await compare(till.calls, integration)


def _open(till: Till) -> list[tuple[object, ...]]:
    return till.kitchen.rows(
        "select field, ours, theirs from public.provider_differences where settled_at is null order by field"
    )


@BOTH
async def test_equal_books_leave_nothing_behind(till: Till, provider: str) -> None:
    await till.connect(provider)
    await till.pay(await till.order(provider), provider)
    till.kitchen.clock.advance(timedelta(hours=1))

    assert Compared(payments=1, differing=0) == await _compare(till, provider)
    assert [] == _open(till)


@BOTH
async def test_what_a_lost_delivery_left_behind_is_found_and_mended(till: Till, provider: str) -> None:
    await till.connect(provider)
    order = await till.order(provider)
    await till.choose(await till.lead(order), "pay" if provider == "stripe" else "approve")
    await till.lose_deliveries()
    till.kitchen.run("update public.payments set next_look_at = null")  # and nobody looks
    await till.settle()
    assert "pending" == till.status_of(order)

    assert Compared(payments=1, differing=1) == await _compare(till, provider)
    assert [("status", "pending", "authorized")] == _open(till)
    assert 1 == len(till.notices())

    await till.settle()  # it was looked up
    till.kitchen.clock.advance(timedelta(days=1))
    assert "confirmed" == till.status_of(order)
    assert Compared(payments=1, differing=0) == await _compare(till, provider)
    assert [] == _open(till)


async def test_money_that_flow_says_it_has_and_stripe_does_not_is_told(card: Till) -> None:
    order = await card.order()
    await card.pay(order)
    card.kitchen.run("update public.payments set status = 'completed', captured_amount = amount")
    card.kitchen.clock.advance(timedelta(hours=1))

    assert Compared(payments=1, differing=1) == await _compare(card, "stripe")
    assert [("captured", str(ALL), "0"), ("status", "completed", "authorized")] == _open(card)


async def test_a_payment_that_stripe_never_saw_is_told(card: Till) -> None:
    await card.order()
    card.kitchen.run(
        "update public.payments set status = 'completed', captured_amount = amount, provider_transaction_id = 'pi_x'"
    )
    card.kitchen.clock.advance(timedelta(hours=1))

    assert Compared(payments=0, differing=1) == await _compare(card, "stripe")
    assert [("status", "completed", None)] == _open(card)


async def test_the_page_lists_what_differs_to_those_who_see_payments(card: Till) -> None:
    order = await card.order()
    await card.pay(order)
    card.kitchen.run("update public.payments set refunded_amount = 100, status = 'completed', captured_amount = amount")
    await _compare(card, "stripe")
    manager, employee = (token_of(card.kitchen.employ(role)) for role in ("manager", "employee"))
    page = await card.guest.get("/settings/payments", headers={**manager, "Accept-Language": "en"})
    refused = await card.guest.get("/settings/payments", headers=employee)

    assert 200 == page.status_code
    assert "110.00" in page.text
    assert 403 == refused.status_code


async def test_the_page_tells_states_and_amounts_in_the_reader_s_language(card: Till) -> None:
    order = await card.order()
    await card.pay(order)
    card.kitchen.run("update public.payments set amount = amount + 100, status = 'completed'")
    await _compare(card, "stripe")
    manager = token_of(card.kitchen.employ("manager"))

    page = await card.guest.get("/settings/payments", headers={**manager, "Accept-Language": "da"})

    assert "authorized" not in page.text
    assert " DKK" not in page.text
    assert "reserveret" in page.text
