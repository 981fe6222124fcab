"""Stripe, simulated."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.demo.providers.conftest import Simulation

INTENT = {"amount": "24950", "currency": "dkk", "capture_method": "manual", "metadata[order_id]": "1042"}
SESSION = {
    "mode": "payment",
    "client_reference_id": "p1",
    "success_url": "https://shop.example/thanks?s={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.example/basket",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "dkk",
    "line_items[0][price_data][unit_amount]": "24950",
    "line_items[0][price_data][product_data][name]": "Ordre 1042",
    "payment_intent_data[capture_method]": "manual",
    "payment_intent_data[metadata][order_id]": "1042",
}


class Shop:
    """Somebody with a secret key."""

    def __init__(self, simulation: Simulation, account: dict[str, Any]) -> None:
        self.simulation = simulation
        self.account = account
        self.key = {"Authorization": f"Bearer {account['credentials']['secret_key']}"}

    async def post(self, path: str, form: dict[str, str] | None = None, key: str | None = None) -> httpx.Response:
        headers = {**self.key, **({"Idempotency-Key": key} if key else {})}
        return await self.simulation.http.post(f"/stripe/v1/{path}", data=form or {}, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        return await self.simulation.http.get(f"/stripe/v1/{path}", headers=self.key)

    async def paid(self) -> dict[str, Any]:
        intent = (await self.post("payment_intents", INTENT)).json()
        await self.simulation.act(self.account, "pay", payment_intent=intent["id"])
        return dict(intent)


@pytest.fixture
async def shop(simulation: Simulation) -> Shop:
    return Shop(simulation, await simulation.open("stripe"))


async def test_a_wrong_key_is_refused(shop: Shop) -> None:
    answer = await shop.simulation.http.get("/stripe/v1/balance", headers={"Authorization": "Bearer sk_test_wrong"})

    assert 401 == answer.status_code


async def test_a_card_payment_is_reserved_captured_and_given_back_in_parts(shop: Shop) -> None:
    intent = await shop.paid()
    number = intent["id"]
    captured = (await shop.post(f"payment_intents/{number}/capture")).json()
    for amount in ("5000", "4950"):
        refund = (await shop.post("refunds", {"payment_intent": number, "amount": amount})).json()

    assert ("succeeded", 24950) == (captured["status"], captured["amount_received"])
    assert (4950, "succeeded") == (refund["amount"], refund["status"])
    told = await shop.simulation.delivered()
    expected = [
        "charge.captured",
        "charge.refunded",
        "charge.refunded",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "payment_intent.created",
        "payment_intent.succeeded",
        "refund.created",
        "refund.created",
    ]
    assert expected == sorted(event["type"] for event in told)
    refunded = [event["data"]["object"] for event in told if event["type"] == "charge.refunded"]
    assert [5000, 9950] == sorted(charge["amount_refunded"] for charge in refunded)
    assert [False, False] == [charge["refunded"] for charge in refunded]


async def test_no_more_is_given_back_than_was_taken(shop: Shop) -> None:
    number = (await shop.paid())["id"]
    await shop.post(f"payment_intents/{number}/capture", {"amount_to_capture": "10000"})
    answer = await shop.post("refunds", {"payment_intent": number, "amount": "10001"})

    assert 400 == answer.status_code
    assert 10000 == (await shop.post("refunds", {"payment_intent": number})).json()["amount"]


async def test_the_same_key_gets_the_same_answer_and_another_body_an_error(shop: Shop) -> None:
    first = await shop.post("payment_intents", INTENT, key="pi:1")
    again = await shop.post("payment_intents", INTENT, key="pi:1")
    other = await shop.post("payment_intents", {**INTENT, "amount": "300"}, key="pi:1")

    assert first.json() == again.json()
    assert (400, "idempotency_error") == (other.status_code, other.json()["error"]["type"])
    assert 1 == len((await shop.get("payment_intents")).json()["data"])


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"currency": "dkk"}, "parameter_missing"),
        ({**INTENT, "amount": "249.50"}, "parameter_invalid_integer"),
        ({**INTENT, "amount": "249"}, "amount_too_small"),
        ({**INTENT, "amout": "1"}, "parameter_unknown"),
    ],
)
async def test_what_does_not_fit_is_refused_by_name(shop: Shop, form: dict[str, str], code: str) -> None:
    answer = await shop.post("payment_intents", form)

    assert (400, code) == (answer.status_code, answer.json()["error"]["code"])


async def test_json_is_refused(shop: Shop) -> None:
    answer = await shop.simulation.http.post("/stripe/v1/payment_intents", json={"amount": 24950}, headers=shop.key)

    assert 400 == answer.status_code


async def test_a_guest_whose_card_is_declined_may_try_again_on_the_page(shop: Shop) -> None:
    session = (await shop.post("checkout/sessions", SESSION)).json()
    page = session["url"]
    declined = await shop.simulation.http.post(page, data={"choice": "decline"})
    paid = await shop.simulation.http.post(page, data={"choice": "pay"})
    found = (await shop.get(f"checkout/sessions/{session['id']}")).json()
    intent = (await shop.get(f"payment_intents/{found['payment_intent']}")).json()

    assert "declined" in declined.text
    assert (303, f"https://shop.example/thanks?s={session['id']}") == (paid.status_code, paid.headers["location"])
    assert ("complete", "p1") == (found["status"], found["client_reference_id"])
    assert ("requires_capture", {"order_id": "1042"}) == (intent["status"], intent["metadata"])
    kinds = {event["type"] for event in await shop.simulation.delivered()}
    assert {"payment_intent.payment_failed", "checkout.session.completed"} <= kinds


async def test_a_session_expires_once(shop: Shop) -> None:
    session = (await shop.post("checkout/sessions", SESSION)).json()
    first = await shop.post(f"checkout/sessions/{session['id']}/expire")
    second = await shop.post(f"checkout/sessions/{session['id']}/expire")

    assert (200, "expired", 400) == (first.status_code, first.json()["status"], second.status_code)
    page = await shop.simulation.http.get(f"/pay/stripe/{session['id']}")
    assert "Pay with a card" not in page.text


async def test_a_refund_that_fails_is_with_the_restaurant_again(shop: Shop) -> None:
    number = (await shop.paid())["id"]
    await shop.post(f"payment_intents/{number}/capture")
    refund = (await shop.post("refunds", {"payment_intent": number})).json()
    await shop.simulation.act(shop.account, "fail_refund", refund=refund["id"])
    charge = (await shop.get(f"charges/{refund['charge']}")).json()

    assert (0, False) == (charge["amount_refunded"], charge["refunded"])
