"""A guest pays in the shop, the kitchen cooks, money goes back: FLOW and the provider agree at every step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow.business.orders import move, refund
from flow.business.orders.types import Order, Status
from flow.business.payments.errors import NothingToRefund
from flow.collect.payments.following import give_up
from tests.collect.payments.conftest import Till
from tests.factories import claims_of

ALL = 11000  # øre
BOTH = pytest.mark.parametrize("provider", ["stripe", "mobilepay"])


async def _move(till: Till, order: Order, *way: Status) -> None:
    """The restaurant's people move the order on; FLOW does what follows from it."""
    claims = claims_of(till.kitchen.employ("manager"))
    for status in way:
        async with till.kitchen.database.as_user(claims) as transaction:
            await move(
                transaction, till.kitchen.restaurant, order.id, status, clock=till.kitchen.clock, reason="no dough"
            )
    await till.settle()


async def _refund(till: Till, order: Order, amount: int | None) -> None:
    claims = claims_of(till.kitchen.employ("manager"))
    async with till.kitchen.database.as_user(claims) as transaction:
        await refund(
            transaction, till.kitchen.restaurant, order.id, amount, clock=till.kitchen.clock, reason="cold pizza"
        )


@BOTH
async def test_a_paid_order_is_confirmed_and_captured_when_the_kitchen_begins(till: Till, provider: str) -> None:
    await till.connect(provider)
    order = await till.order(provider)
    assert [("pending", 0, 0, 0)] == till.payments()

    await till.pay(order, provider)
    assert ("confirmed", [("authorized", 0, 0, 0)]) == (till.status_of(order), till.payments())

    await _move(till, order, "preparing")
    assert [("completed", ALL, 0, 0)] == till.payments()
    assert [] == [row for row in till.inbox() if row[0] == "parked"]


@BOTH
async def test_a_cancelled_order_lets_the_reservation_go(till: Till, provider: str) -> None:
    await till.connect(provider)
    order = await till.order(provider)
    await till.pay(order, provider)
    await _move(till, order, "cancelled")

    assert ("cancelled", [("cancelled", 0, 0, 0)]) == (till.status_of(order), till.payments())
    assert [] == till.notices()


@BOTH
async def test_a_refund_on_the_orders_page_goes_to_the_provider(till: Till, provider: str) -> None:
    await till.connect(provider)
    order = await till.order(provider)
    await till.pay(order, provider)
    await _move(till, order, "preparing", "ready", "completed")
    await _refund(till, order, 5000)
    asked = till.payments()
    with pytest.raises(NothingToRefund, match="6000"):
        await _refund(till, order, 6001)
    await till.settle()
    partly = till.payments()
    await _refund(till, order, None)
    await till.settle()

    assert [("completed", ALL, 0, 5000)] == asked
    assert [("partially_refunded", ALL, 5000, 0)] == partly
    assert ("refunded", [("refunded", ALL, ALL, 0)]) == (till.status_of(order), till.payments())
    assert [(5000, "succeeded"), (6000, "succeeded")] == till.kitchen.rows(
        "select amount, status from public.payment_refunds order by created_at, id"
    )
    assert [(ALL,)] == till.kitchen.rows("select refunded_amount from public.orders")


async def test_a_refund_made_at_stripe_shows_on_the_order(card: Till) -> None:
    order = await card.order()
    await card.pay(order)
    await _move(card, order, "preparing", "ready", "completed")
    [intent] = await card.books("stripe.payment_intent")
    await card.act("stripe", "refund", payment_intent=intent["id"], amount=2500)
    await card.settle()

    assert [("partially_refunded", ALL, 2500, 0)] == card.payments()
    assert [(2500,)] == card.kitchen.rows("select refunded_amount from public.orders")


async def test_a_refund_made_in_the_merchants_portal_shows_on_the_order(mobile: Till) -> None:
    order = await mobile.order("mobilepay")
    await mobile.pay(order, "mobilepay")
    await _move(mobile, order, "preparing", "ready", "completed")
    [payment] = await mobile.books("mobilepay.payment")
    await mobile.act("mobilepay", "refund", reference=payment["reference"], amount=2500)
    await mobile.settle()

    assert [("partially_refunded", ALL, 2500, 0)] == mobile.payments()


@BOTH
async def test_a_refund_that_is_told_of_before_its_answer_is_kept_is_made_once(till: Till, provider: str) -> None:
    """As when a worker dies between the provider's answer and its commit, and the webhook comes first."""
    await till.connect(provider)
    order = await till.order(provider)
    await till.pay(order, provider)
    await _move(till, order, "preparing", "ready", "completed")
    await _refund(till, order, None)
    till.kitchen.run(
        "update public.payments set status = 'refunded', refunded_amount = %s, reported_refunded = %s", ALL, ALL
    )
    await till.settle()

    assert [(ALL, "succeeded")] == till.kitchen.rows("select amount, status from public.payment_refunds")
    assert [("refunded", ALL, ALL, 0)] == till.payments()


async def test_a_refund_that_comes_back_reopens_the_order_and_tells_people(card: Till) -> None:
    order = await card.order()
    await card.pay(order)
    await _move(card, order, "preparing", "ready", "completed")
    await _refund(card, order, None)
    await card.settle()
    assert "refunded" == card.status_of(order)
    [made] = await card.books("stripe.refund")
    await card.act("stripe", "fail_refund", refund=made["id"])
    await card.settle()

    assert ("completed", [("completed", ALL, 0, 0)]) == (card.status_of(order), card.payments())
    assert [(0,)] == card.kitchen.rows("select refunded_amount from public.orders")
    assert 1 == len(card.notices())


async def test_a_dispute_shows_and_tells_people(card: Till) -> None:
    order = await card.order()
    await card.pay(order)
    await _move(card, order, "preparing")
    [intent] = await card.books("stripe.payment_intent")
    await card.act("stripe", "dispute", payment_intent=intent["id"])
    await card.settle()

    assert [("disputed", ALL, 0, 0)] == card.payments()
    assert 1 == len(card.notices())


async def test_a_refused_card_can_be_tried_again_on_the_same_page(card: Till) -> None:
    order = await card.order()
    page = await card.lead(order)
    await card.choose(page, "decline")
    await card.settle()
    assert ("pending", [("failed", 0, 0, 0)]) == (card.status_of(order), card.payments())

    assert page == await card.lead(order)
    await card.choose(page, "pay")
    await card.settle()
    assert ("confirmed", [("authorized", 0, 0, 0)]) == (card.status_of(order), card.payments())


async def test_a_declined_mobilepay_is_paid_by_another_payment(mobile: Till) -> None:
    order = await mobile.order("mobilepay")
    first = await mobile.lead(order)
    await mobile.choose(first, "abort")
    await mobile.settle()
    mobile.kitchen.clock.advance(timedelta(minutes=1))
    second = await mobile.lead(order)
    assert first != second

    await mobile.choose(second, "approve")
    await mobile.settle()
    assert ("confirmed", [("failed", 0, 0, 0), ("authorized", 0, 0, 0)]) == (mobile.status_of(order), mobile.payments())


@BOTH
async def test_a_payment_is_found_without_any_webhook(till: Till, provider: str) -> None:
    await till.connect(provider)
    order = await till.order(provider)
    await till.choose(await till.lead(order), "pay" if provider == "stripe" else "approve")
    await till.lose_deliveries()
    till.kitchen.clock.advance(timedelta(seconds=20))
    await till.settle()

    assert ("confirmed", [("authorized", 0, 0, 0)]) == (till.status_of(order), till.payments())


@BOTH
async def test_an_order_that_nobody_pays_is_cancelled_and_its_page_closed(till: Till, provider: str) -> None:
    await till.connect(provider)
    order = await till.order(provider)
    never_opened = await till.order(provider)
    await till.lead(order)
    till.kitchen.clock.advance(timedelta(minutes=80))
    await give_up(till.context)
    await till.settle()

    assert ("cancelled", "cancelled") == (till.status_of(order), till.status_of(never_opened))
    assert {("expired", 0), ("cancelled", 0)} >= {payment[:2] for payment in till.payments()}
    assert till.way_to_pay(order).replace("/pay", "") == await till.lead(order)


async def test_the_shop_offers_what_is_connected(till: Till) -> None:
    without = (await till.guest.get("/shop/napoli")).text
    await till.connect("mobilepay")
    with_it = (await till.guest.get("/shop/napoli")).text

    assert ('value="card"' in without, 'value="mobilepay"' in without) == (True, False)
    assert 'value="mobilepay"' in with_it


async def test_the_receipt_leads_to_the_payment_until_it_is_made(card: Till) -> None:
    order = await card.order()
    receipt = card.way_to_pay(order).replace("/pay", "")
    before = (await card.guest.get(receipt, headers={"Accept-Language": "en"})).text
    await card.pay(order)
    after = (await card.guest.get(receipt, headers={"Accept-Language": "en"})).text

    assert card.way_to_pay(order) in before
    assert card.way_to_pay(order) not in after
    assert "Card, reserved" in after


async def test_a_stranger_is_not_led_to_pay(card: Till) -> None:
    order = await card.order()
    answer = await card.guest.get(card.way_to_pay(order) + "x")

    assert 404 == answer.status_code


async def test_an_order_of_cash_is_not_paid_online(till: Till) -> None:
    order = await till.order("stripe")  # no provider is connected: it is simulated
    assert [("completed", 0, 0, 0)] == till.payments()

    assert till.way_to_pay(order).replace("/pay", "") == await till.lead(order)


@BOTH
async def test_a_provider_that_errs_now_and_then_ends_with_the_same_money(till: Till, provider: str) -> None:
    await till.connect(provider)
    await till.simulator.patch(
        "/control/knobs", json={"duplicate_rate": 0.5, "lost_answer_rate": 0.3, "error_rate": 0.2}
    )
    order = await till.order(provider)
    for _ in range(20):
        page = await till.lead(order)
        if "problem=" not in page:
            break
        till.kitchen.clock.advance(timedelta(seconds=20))  # the circuit breaker has closed again
    await till.choose(page, "pay" if provider == "stripe" else "approve")
    await till.settle()
    await _move(till, order, "preparing", "ready", "completed")
    for _ in range(12):
        till.kitchen.clock.advance(timedelta(minutes=11))
        await till.settle()
    await till.simulator.patch("/control/knobs", json={"lost_answer_rate": 0, "error_rate": 0})
    till.kitchen.clock.advance(timedelta(hours=3))
    await till.settle()

    assert [("completed", ALL, 0, 0)] == till.payments()


async def test_a_provider_that_is_away_leads_back_to_the_receipt(card: Till) -> None:
    order = await card.order()
    await card.simulator.patch("/control/knobs", json={"outage": True})
    back = await card.lead(order)
    page = await card.guest.get(back, headers={"Accept-Language": "en"})
    await card.simulator.patch("/control/knobs", json={"outage": False})

    assert "does not answer right now" in page.text
    assert card.way_to_pay(order) in page.text
