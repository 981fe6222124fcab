"""Random lives of payments, told shuffled and in part twice: FLOW ends with the provider's own books, to the øre."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.collect.payments.conftest import Till

SEEDS = pytest.mark.parametrize("seed", range(6))
_PAYMENTS = 6
Told = tuple[str, int, int]
"""Status, captured and refunded of a payment."""


class _Backwards(Random):
    """The last first, and nothing twice."""

    def random(self) -> float:
        return 1.0

    def shuffle(self, x: Any) -> None:
        x.reverse()


@SEEDS
async def test_stripes_deliveries_end_with_stripes_books(card: Till, seed: int) -> None:
    random = Random(seed)
    card.messenger.is_holding = True
    for _ in range(_PAYMENTS):
        await _live_at_stripe(card, random)
    await _tell(card, random)

    assert await _stripes_books(card) == _flows_books(card)
    assert [] == [row for row in card.inbox() if row[0] in ("parked", "received")]
    _check_orders(card)


async def test_a_dispute_that_is_told_before_the_payment_leaves_the_order_paid(card: Till) -> None:
    card.messenger.is_holding = True
    await card.choose(await card.lead(await card.order()), "pay")
    [intent] = await card.books("stripe.payment_intent")
    await _end_at_stripe(card, intent["id"], "capture")
    await card.act("stripe", "dispute", payment_intent=intent["id"])
    await _tell(card, _Backwards())

    assert [("confirmed", "disputed")] == card.kitchen.rows(
        "select o.status, p.status from public.orders o join public.payments p on p.order_id = o.id"
    )


@SEEDS
async def test_mobilepays_deliveries_end_with_mobilepays_books(mobile: Till, seed: int) -> None:
    random = Random(seed)
    mobile.messenger.is_holding = True
    for _ in range(_PAYMENTS):
        await _live_at_mobilepay(mobile, random)
    await _tell(mobile, random)

    assert await _mobilepays_books(mobile) == _flows_books(mobile)
    assert [] == [row for row in mobile.inbox() if row[0] in ("parked", "received")]
    _check_orders(mobile)


async def _live_at_stripe(till: Till, random: Random) -> None:
    page = await till.lead(await till.order())
    for _ in range(random.randint(0, 2)):
        _pass_time(till, random)
        await till.choose(page, "decline")
    if random.random() < 0.2:
        return
    _pass_time(till, random)
    await till.choose(page, "pay")
    intent = (await till.books("stripe.payment_intent"))[-1]["id"]
    _pass_time(till, random)
    step = "capture" if random.random() < 0.8 else "cancel"
    await _end_at_stripe(till, intent, step)
    if step == "cancel":
        return
    for _ in range(random.randint(0, 3)):
        _pass_time(till, random)
        made = await till.act("stripe", "refund", payment_intent=intent, amount=random.choice([100, 2500, 3500]))
        if random.random() < 0.3:
            await till.act("stripe", "fail_refund", refund=(await till.books("stripe.refund"))[-1]["id"])
        assert made
    if random.random() < 0.2:
        await till.act("stripe", "dispute", payment_intent=intent)


async def _end_at_stripe(till: Till, intent: str, step: str) -> None:
    key = till.accounts["stripe"]["credentials"]["secret_key"]
    done = await till.simulator.post(
        f"/stripe/v1/payment_intents/{intent}/{step}", headers={"Authorization": f"Bearer {key}"}
    )
    assert 200 == done.status_code, done.text


async def _live_at_mobilepay(till: Till, random: Random) -> None:
    page = await till.lead(await till.order("mobilepay"))
    if random.random() < 0.3:
        await till.choose(page, "abort")
        return
    await till.choose(page, "approve")
    reference = page.rpartition("/")[2]
    _pass_time(till, random)
    if random.random() < 0.2:
        await till.act("mobilepay", "cancel", reference=reference)
        return
    await till.act("mobilepay", "fail_capture", reference=reference)
    await till.act("mobilepay", "capture", reference=reference, amount=11000)
    for _ in range(random.randint(0, 3)):
        _pass_time(till, random)
        await till.act("mobilepay", "refund", reference=reference, amount=random.choice([100, 2500, 3500]))


def _pass_time(till: Till, random: Random) -> None:
    """Often none at all: then the provider's times do not tell what came first."""
    till.kitchen.clock.advance(timedelta(seconds=random.choice([0, 0, 1, 3])))


async def _tell(till: Till, random: Random) -> None:
    till.kitchen.run("update public.payments set next_look_at = null")  # FLOW is to know from what it is told alone
    await till.simulator.get("/control/post?until_idle=20")
    answers = await till.messenger.release(random, duplicates=0.3)
    assert {True} == {status < 300 for status in answers}
    for _ in range(5):
        await till.settle()
        till.kitchen.clock.advance(timedelta(minutes=3))


async def _stripes_books(till: Till) -> dict[str, Told]:
    refunds, disputes = await till.books("stripe.refund"), await till.books("stripe.dispute")
    disputed = {dispute["payment_intent"] for dispute in disputes}
    books = {}
    for intent in await till.books("stripe.payment_intent"):
        back = sum(r["amount"] for r in refunds if r["payment_intent"] == intent["id"] and r["status"] != "failed")
        books[intent["id"]] = _as_flow_says_it(intent, back, is_disputed=intent["id"] in disputed)
    return books


def _as_flow_says_it(intent: dict[str, Any], back: int, *, is_disputed: bool) -> Told:
    if intent["status"] == "succeeded":
        paid = intent["amount_received"]
        status = "completed" if back == 0 else "refunded" if back == paid else "partially_refunded"
        return ("disputed" if is_disputed else status), paid, back
    failed = "failed" if intent["last_payment_error"] else "pending"
    return {"canceled": "cancelled", "requires_capture": "authorized"}.get(intent["status"], failed), 0, 0


async def _mobilepays_books(till: Till) -> dict[str, Told]:
    books = {}
    for payment in await till.books("mobilepay.payment"):
        paid, back = payment["captured"], payment["refunded"]
        status = "completed" if back == 0 else "refunded" if back == paid else "partially_refunded"
        if paid == 0:
            status = "failed" if payment["state"] == "ABORTED" else "cancelled"
        books[payment["reference"]] = (status, paid, back)
    return books


def _flows_books(till: Till) -> dict[str, Told]:
    rows = till.kitchen.rows(
        "select provider_transaction_id, status, captured_amount, refunded_amount from public.payments"
        " where provider_transaction_id is not null"
    )
    return {str(number): (str(status), int(str(taken)), int(str(back))) for number, status, taken, back in rows}


def _check_orders(till: Till) -> None:
    """Each order says what its payments say."""
    assert [] == till.kitchen.rows(
        "select o.id, o.status, p.status, o.refunded_amount, p.refunded_amount from public.orders o"
        " join public.payments p on p.order_id = o.id"
        " where o.refunded_amount <> p.refunded_amount"
        " or o.status <> 'confirmed' and p.status in ('authorized', 'completed', 'refunded', 'disputed')"
        " or o.status <> 'pending' and p.status in ('pending', 'failed')"
    )
