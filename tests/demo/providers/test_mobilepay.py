"""Vipps MobilePay, simulated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.demo.providers.conftest import HOOK, Simulation

REFERENCE = "flow-20260101-0001"
PAYMENT = {
    "amount": {"currency": "DKK", "value": 24950},
    "paymentMethod": {"type": "WALLET"},
    "reference": REFERENCE,
    "userFlow": "WEB_REDIRECT",
    "returnUrl": "https://shop.example/back",
    "paymentDescription": "Ordre 1042",
}


class Shop:
    """Somebody with the credentials of a sales unit."""

    def __init__(self, simulation: Simulation, account: dict[str, Any]) -> None:
        self.simulation = simulation
        self.account = account
        self.headers = {
            "Merchant-Serial-Number": account["number"],
            "Ocp-Apim-Subscription-Key": account["credentials"]["subscription_key"],
        }

    async def log_in(self) -> dict[str, Any]:
        credentials = {name: self.account["credentials"][name] for name in ("client_id", "client_secret")}
        answer = await self.simulation.http.post("/mobilepay/accesstoken/get", headers={**self.headers, **credentials})
        self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return dict(answer.json())

    async def post(self, path: str, body: object = None, key: str = "k1") -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key}
        return await self.simulation.http.post(f"/mobilepay/{path}", json=body, headers=headers)

    async def change(self, what: str, value: int | None = None, key: str | None = None) -> httpx.Response:
        body = None if value is None else {"modificationAmount": {"currency": "DKK", "value": value}}
        return await self.post(f"epayment/v1/payments/{REFERENCE}/{what}", body, key or f"{what}-{value}")

    async def get(self) -> dict[str, Any]:
        answer = await self.simulation.http.get(f"/mobilepay/epayment/v1/payments/{REFERENCE}", headers=self.headers)
        return dict(answer.json())


@pytest.fixture
async def shop(simulation: Simulation) -> Shop:
    made = Shop(simulation, await simulation.open("mobilepay", webhook_secret="hush"))
    await made.log_in()
    return made


async def test_numbers_of_a_token_are_texts(shop: Shop) -> None:
    assert "3600" == (await shop.log_in())["expires_in"]


async def test_an_old_token_is_refused(shop: Shop) -> None:
    shop.simulation.clock.advance(timedelta(hours=1))

    assert 401 == (await shop.post("epayment/v1/payments", PAYMENT)).status_code


async def test_a_payment_is_approved_captured_in_parts_let_go_and_given_back(shop: Shop) -> None:
    made = await shop.post("epayment/v1/payments", PAYMENT)
    approved = await shop.simulation.http.post(made.json()["redirectUrl"], data={"choice": "approve"})
    await shop.change("capture", 20000)
    await shop.change("cancel")
    await shop.change("refund", 500)
    found = await shop.get()

    assert (201, 303, "https://shop.example/back") == (
        made.status_code,
        approved.status_code,
        approved.headers["location"],
    )
    assert "AUTHORIZED" == found["state"]
    totals = {name: amount["value"] for name, amount in found["aggregate"].items()}
    expected = {"authorizedAmount": 24950, "cancelledAmount": 4950, "capturedAmount": 20000, "refundedAmount": 500}
    assert expected == totals
    told = await shop.simulation.delivered()
    assert ["AUTHORIZED", "CAPTURED", "CANCELLED", "REFUNDED"] == [each["name"] for each in told]
    assert [24950, 20000, 4950, 500] == [each["amount"]["value"] for each in told]


async def test_the_same_key_captures_once(shop: Shop) -> None:
    await shop.post("epayment/v1/payments", PAYMENT)
    await shop.simulation.act(shop.account, "approve", reference=REFERENCE)
    first = await shop.change("capture", 5000, key="cap-1")
    again = await shop.change("capture", 5000, key="cap-1")

    assert (200, first.json()) == (again.status_code, again.json())
    assert 5000 == (await shop.get())["aggregate"]["capturedAmount"]["value"]


async def test_a_reference_is_used_once(shop: Shop) -> None:
    await shop.post("epayment/v1/payments", PAYMENT)

    assert 409 == (await shop.post("epayment/v1/payments", PAYMENT, key="k2")).status_code


async def test_nobody_can_approve_after_ten_minutes(shop: Shop) -> None:
    made = await shop.post("epayment/v1/payments", PAYMENT)
    shop.simulation.clock.advance(timedelta(minutes=11))
    await shop.log_in()
    answer = await shop.simulation.http.post(made.json()["redirectUrl"], data={"choice": "approve"})

    assert (409, "EXPIRED") == (answer.status_code, (await shop.get())["state"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reference": "short"}, "reference"),
        ({"amount": {"currency": "DKK", "value": 249.5}}, "amount.value"),
        ({"amount": {"currency": "dkk", "value": 1}}, "amount.currency"),
        ({"returnUrl": None}, "returnUrl"),
        ({"customer": {"phoneNumber": "+4512345678"}}, "customer.phoneNumber"),
        ({"paymentDescription": "x"}, "paymentDescription"),
    ],
)
async def test_what_does_not_fit_is_refused_by_name(shop: Shop, change: dict[str, Any], field: str) -> None:
    answer = await shop.post("epayment/v1/payments", {**PAYMENT, **change})

    assert (400, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    assert [field] == [each["name"] for each in answer.json()["extraDetails"]]


async def test_a_registration_shows_its_secret_once_and_gets_the_events_it_asked_for(shop: Shop) -> None:
    path = f"/control/accounts/mobilepay/{shop.account['number']}"
    await shop.simulation.http.put(path, json={"webhook_url": ""})
    hook = {"url": HOOK, "events": ["epayments.payment.captured.v1"]}
    made = (await shop.post("webhooks/v1/webhooks", hook)).json()
    listed = await shop.simulation.http.get("/mobilepay/webhooks/v1/webhooks", headers=shop.headers)
    await shop.post("epayment/v1/payments", PAYMENT)
    await shop.simulation.act(shop.account, "approve", reference=REFERENCE)
    await shop.change("capture", 24950)

    assert {"id", "secret"} == made.keys()
    assert {"webhooks": [{"id": made["id"], **hook}]} == listed.json()
    assert ["CAPTURED"] == [each["name"] for each in await shop.simulation.delivered()]
