"""Deliveries that are signed and yet cannot take effect: another amount, another restaurant, nothing FLOW knows."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from flow.collect.webhooks.address import Address, Addresses
from flow.kit.ids import new_id
from tests.collect.payments.conftest import FLOW, Till


async def _send(till: Till, event: dict[str, Any], *, secret: str | None = None) -> httpx.Response:
    """An event as Stripe would sign it now."""
    body = json.dumps(event).encode()
    seconds = int(till.kitchen.clock.now().timestamp())
    key = (secret or till.accounts["stripe"]["webhook_secret"]).encode()
    mac = hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    [(integration,)] = till.kitchen.rows("select id from public.integration_configs")
    place = till.kitchen.installation
    path = Addresses([place.secret]).path("stripe", Address(till.kitchen.id, integration))  # type: ignore[arg-type]
    headers = {"stripe-signature": f"t={seconds},v1={mac}"}
    return await till.guest.post(FLOW + path, content=body, headers=headers)


def _event(till: Till, kind: str, **thing: Any) -> dict[str, Any]:
    return {
        "id": f"evt_{new_id()}",
        "object": "event",
        "created": int(till.kitchen.clock.now().timestamp()),
        "livemode": False,
        "type": kind,
        "data": {"object": thing},
    }


def _intent(till: Till, **changes: Any) -> dict[str, Any]:
    [(payment, order)] = till.kitchen.rows("select id, order_id from public.payments")
    metadata = {"payment_id": str(payment), "order_id": str(order), "restaurant_id": str(till.kitchen.id)}
    intent = {"id": "pi_1", "status": "succeeded", "amount": 11000, "amount_received": 11000, "currency": "dkk"}
    return {**intent, "metadata": metadata, **changes}


async def test_an_event_that_fits_pays_the_order(card: Till) -> None:
    await card.order()
    assert 200 == (await _send(card, _event(card, "payment_intent.succeeded", **_intent(card)))).status_code
    await card.settle()

    assert [("completed", 11000, 0, 0)] == card.payments()
    assert [("done", None)] == card.inbox()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 1, "amount_received": 1},
        {"amount_received": 10999},
        {"amount": 11001, "amount_received": 11001},
        {"currency": "sek"},
    ],
)
async def test_another_amount_or_currency_is_parked_and_told(card: Till, changes: dict[str, Any]) -> None:
    await card.order()
    await _send(card, _event(card, "payment_intent.succeeded", **_intent(card, **changes)))
    await card.settle()

    assert [("pending", 0, 0, 0)] == card.payments()
    [(status, _)] = card.inbox()
    assert ("parked", 1) == (status, len(card.notices()))


async def test_metadata_of_another_restaurant_are_parked(card: Till) -> None:
    await card.order()
    intent = _intent(card)
    intent["metadata"]["restaurant_id"] = str(new_id())
    await _send(card, _event(card, "payment_intent.succeeded", **intent))
    await card.settle()

    assert [("pending", 0, 0, 0)] == card.payments()
    assert ["parked"] == [row[0] for row in card.inbox()]


async def test_a_payment_that_flow_lost_is_parked_and_one_of_another_shop_ignored(card: Till) -> None:
    await card.order()
    lost = _intent(card, metadata={"payment_id": str(new_id())})
    foreign = _intent(card, metadata={})
    await _send(card, _event(card, "payment_intent.succeeded", **lost))
    await _send(card, _event(card, "payment_intent.succeeded", **foreign))
    await card.settle()

    assert {"parked", "ignored"} == {row[0] for row in card.inbox()}
    assert [("pending", 0, 0, 0)] == card.payments()


async def test_an_unknown_type_is_ignored(card: Till) -> None:
    await _send(card, _event(card, "customer.created", id="cus_1"))
    await card.settle()

    assert ["ignored"] == [row[0] for row in card.inbox()]


async def test_the_same_event_twice_is_one(card: Till) -> None:
    await card.order()
    event = _event(card, "payment_intent.succeeded", **_intent(card))
    assert [200, 200] == [(await _send(card, event)).status_code for _ in range(2)]
    await card.settle()

    assert [("done", None)] == card.inbox()


async def test_another_secret_is_refused_before_anything_is_kept(card: Till) -> None:
    await card.order()
    answer = await _send(card, _event(card, "payment_intent.succeeded", **_intent(card)), secret="whsec_another")

    assert 401 == answer.status_code
    assert [] == card.inbox()


@pytest.mark.parametrize("change", [{"livemode": True}, {"object": "v2.core.event"}])
async def test_an_event_of_another_environment_or_kind_is_refused(card: Till, change: dict[str, Any]) -> None:
    answer = await _send(card, {**_event(card, "payment_intent.succeeded", id="pi_1"), **change})

    assert 400 <= answer.status_code < 500
    assert [] == card.inbox()


async def test_money_for_a_cancelled_order_is_told(card: Till) -> None:
    await card.order()
    card.kitchen.run("update public.orders set status = 'cancelled'")
    await _send(card, _event(card, "payment_intent.succeeded", **_intent(card)))
    await card.settle()

    assert [("completed", 11000, 0, 0)] == card.payments()
    assert 1 == len(card.notices())


async def test_an_order_cancelled_long_ago_is_not_revived(card: Till) -> None:
    order = await card.order()
    card.kitchen.run("update public.orders set status = 'cancelled'")
    await _send(card, _event(card, "payment_intent.succeeded", **_intent(card)))
    await card.settle()

    assert "cancelled" == card.status_of(order)
