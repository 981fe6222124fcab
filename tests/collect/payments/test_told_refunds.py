"""Other systems hear of each refund once, when the money has gone back, with its amount."""

from __future__ import annotations

from random import Random

import pytest

from flow.business.orders import move, refund
from flow.business.orders.types import Order, Status
from tests.collect.payments.conftest import Till
from tests.factories import claims_of

ALL = 11000  # øre
BOTH = pytest.mark.parametrize("provider", ["stripe", "mobilepay"])


async def _paid(till: Till, provider: str, *way: Status) -> Order:
    """An order whose money was taken."""
    await till.connect(provider)
    order = await till.order(provider)
    await till.pay(order, provider)
    for status in ("preparing", *way):
        async with till.kitchen.database.as_service() as transaction:
            await move(transaction, till.kitchen.restaurant, order.id, status, clock=till.kitchen.clock, reason="-")
    await till.settle()
    return order


async def _refund(till: Till, order: Order, amount: int | None) -> None:
    claims = claims_of(till.kitchen.employ("manager"))
    async with till.kitchen.database.as_user(claims) as transaction:
        await refund(
            transaction, till.kitchen.restaurant, order.id, amount, clock=till.kitchen.clock, reason="cold pizza"
        )


async def _refund_there(till: Till, amount: int) -> None:
    """Somebody pays back at Stripe's own desk."""
    [intent] = await till.books("stripe.payment_intent")
    await till.act("stripe", "refund", payment_intent=intent["id"], amount=amount)


def _told(till: Till) -> list[tuple[object, ...]]:
    """(amount, refunded so far, whether that is all) of each refund that was told, in their order."""
    return till.kitchen.rows(
        "select (data ->> 'refund_amount')::int, (data ->> 'refunded_amount')::int, "
        "(data ->> 'is_fully_refunded')::boolean from public.outbox_events where event_type = 'order.refunded' "
        "order by version"
    )


def _kinds(till: Till) -> list[object]:
    return [kind for (kind,) in till.kitchen.rows("select event_type from public.outbox_events order by sequence")]


@BOTH
async def test_a_refund_is_told_when_it_is_made_and_not_when_it_is_asked_for(till: Till, provider: str) -> None:
    order = await _paid(till, provider, "ready", "completed")
    await _refund(till, order, 5000)
    asked = _told(till)
    await till.settle()
    made = _told(till)
    await _refund(till, order, None)
    await till.settle()

    assert [] == asked
    assert [(5000, 5000, False)] == made
    assert [*made, (6000, ALL, True)] == _told(till)


async def test_refunds_made_at_the_provider_are_told_whatever_the_order_is_doing(till: Till) -> None:
    await _paid(till, "stripe")
    await _refund_there(till, 2500)
    await till.settle()
    await _refund_there(till, 1500)
    await till.settle()

    assert [(2500, 2500, False), (1500, 4000, False)] == _told(till)
    assert [("preparing",)] == till.kitchen.rows("select status from public.orders")


@pytest.mark.parametrize("seed", range(4))
async def test_refunds_that_are_told_twice_and_in_any_order_are_told_on_once_each(till: Till, seed: int) -> None:
    await _paid(till, "stripe", "ready", "completed")
    till.messenger.is_holding = True
    for amount in (2500, 1500, 1000):
        await _refund_there(till, amount)
    await till.simulator.get("/control/post?until_idle=20")
    await till.messenger.release(Random(seed), duplicates=0.5)
    await till.settle()

    assert [1000, 1500, 2500] == sorted(row[0] for row in _told(till))  # type: ignore[type-var]
    assert (5000, False) == _told(till)[-1][1:]


async def test_refunds_of_which_only_the_charge_tells_are_looked_up_and_told_once_each(till: Till) -> None:
    """As with an address that was entered in Stripe without the events of refunds."""
    await _paid(till, "stripe", "ready", "completed")
    till.messenger.is_holding = True
    for amount in (2500, 1500):
        await _refund_there(till, amount)
    await till.simulator.get("/control/post?until_idle=20")
    await till.messenger.release(Random(1), duplicates=0)
    till.kitchen.run("delete from public.webhook_inbox where event_type like 'refund.%%' and %s", True)
    await till.settle()

    assert [1500, 2500] == sorted(row[0] for row in _told(till))  # type: ignore[type-var]
    assert [("partially_refunded", ALL, 4000, 0)] == till.payments()


async def test_a_refund_that_the_provider_refuses_is_told_to_nobody(till: Till) -> None:
    order = await _paid(till, "stripe", "ready", "completed")
    await _refund_there(till, ALL)  # before FLOW hears of it, its own refund is one too many
    await _refund(till, order, 5000)
    await till.settle()

    assert [("failed",), ("succeeded",)] == till.kitchen.rows("select status from public.payment_refunds order by 1")
    assert [(ALL, ALL, True)] == _told(till)


async def test_an_order_whose_refund_came_back_is_not_completed_a_second_time(till: Till) -> None:
    order = await _paid(till, "stripe", "ready", "completed")
    await _refund(till, order, None)
    await till.settle()
    [made] = await till.books("stripe.refund")
    await till.act("stripe", "fail_refund", refund=made["id"])
    await till.settle()
    await _refund(till, order, 3000)
    await till.settle()

    assert [(ALL, ALL, True), (3000, 3000, False)] == _told(till)
    assert (1, 1) == (_kinds(till).count("order.completed"), _kinds(till).count("payment.refund_failed"))
    [(versions, kinds)] = till.kitchen.rows(
        "select array_agg(version order by sequence), count(distinct version) from public.outbox_events "
        "where event_type = 'order.refunded'"
    )
    assert (2, sorted(versions)) == (kinds, versions)  # type: ignore[call-overload]
