"""Wolt, Wolt Drive and e-conomic, simulated."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from tests.demo.providers.conftest import Simulation

ITEMS = [
    {
        "pos_id": "SKU-1",
        "name": "Smørrebrød",
        "price": 11975,
        "count": 2,
        "options": [{"name": "Ekstra", "value": "Remoulade", "price": 500}],
    }
]


async def _wolt(simulation: Simulation, account: dict[str, Any], method: str, path: str, body: object = None) -> Any:
    headers = {"WOLT-API-KEY": account["credentials"]["api_key"]}
    return await simulation.http.request(method, f"/wolt{path}", json=body, headers=headers)


async def test_a_wolt_order_is_told_thinly_fetched_accepted_and_followed(simulation: Simulation) -> None:
    account = await simulation.open("wolt")
    made = await simulation.act(account, "order", items=ITEMS)
    path = f"/orders/{made['id']}"
    order = (await _wolt(simulation, account, "GET", f"/v2{path}")).json()
    accepted = await _wolt(simulation, account, "PUT", f"{path}/accept", {})
    twice = await _wolt(simulation, account, "PUT", f"{path}/accept", {})
    await _wolt(simulation, account, "PUT", f"{path}/ready")
    await simulation.act(account, "status", order=made["id"], status="delivered")

    assert ("fetched", 24950) == (order["order_status"], order["basket_price"]["total"]["amount"])
    assert 12475 == order["items"][0]["item_price"]["unit_price"]["amount"]
    assert (202, 409) == (accepted.status_code, twice.status_code)
    told = await simulation.delivered()
    assert {"CREATED", "PRODUCTION", "READY", "DELIVERED"} == {each["order"]["status"] for each in told}
    assert 1 == len({each["id"] for each in told})


async def test_a_wolt_order_that_nobody_answers_is_rejected_after_three_minutes(simulation: Simulation) -> None:
    account = await simulation.open("wolt")
    made = await simulation.act(account, "order")
    simulation.clock.advance(timedelta(minutes=3, seconds=1))
    for _ in range(40):
        order = (await _wolt(simulation, account, "GET", f"/v2/orders/{made['id']}")).json()
        if order["order_status"] == "rejected":
            break
        await asyncio.sleep(0.05)

    assert "rejected" == order["order_status"]


async def _tokens(simulation: Simulation, account: dict[str, Any], refresh: str) -> httpx.Response:
    credentials = account["credentials"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    client = httpx.BasicAuth(credentials["client_id"], credentials["client_secret"])
    return await simulation.http.post("/wolt/oauth2/token", data=form, auth=client)


async def test_a_refresh_token_that_comes_twice_ends_what_it_had_led_to(simulation: Simulation) -> None:
    account = await simulation.open("wolt")
    first = (await _tokens(simulation, account, account["credentials"]["refresh_token"])).json()
    claims = jwt.decode(first["access_token"], options={"verify_signature": False})
    order = await simulation.act(account, "order")
    path, bearer = f"/wolt/v2/orders/{order['id']}", {"Authorization": f"Bearer {first['access_token']}"}
    before = await simulation.http.get(path, headers=bearer)
    again = await _tokens(simulation, account, account["credentials"]["refresh_token"])
    after = await simulation.http.get(path, headers=bearer)

    assert account["number"] == claims["integration"]["venue_id"]
    assert (200, 400, 401) == (before.status_code, again.status_code, after.status_code)
    assert 400 == (await _tokens(simulation, account, first["refresh_token"])).status_code


async def test_a_courier_tells_his_way_in_signed_tokens(simulation: Simulation) -> None:
    account = await simulation.open("wolt-drive")
    headers = {"Authorization": f"Bearer {account['credentials']['merchant_key']}"}
    venue = f"/wolt-drive/v1/venues/{account['number']}"
    address = {"street": "Istedgade 41", "city": "København V", "post_code": "1650"}
    promise = (await simulation.http.post(f"{venue}/shipment-promises", json=address, headers=headers)).json()
    body = {
        "shipment_promise_id": promise["id"],
        "pickup": {},
        "dropoff": {},
        "price": {"amount": 4900, "currency": "DKK"},
        "recipient": {"name": "Ida", "phone_number": "+4512345678"},
        "parcels": [],
        "merchant_order_reference_id": "o1",
    }
    made = await simulation.http.post(f"{venue}/deliveries", json=body, headers=headers)
    twice = await simulation.http.post(f"{venue}/deliveries", json=body, headers=headers)
    await simulation.act(account, "event", delivery="o1", type="order.delivered")
    tokens = [each["token"] for each in await simulation.delivered()]
    claims = [jwt.decode(token, account["webhook_secret"], algorithms=["HS256"]) for token in tokens]

    assert (201, "DUPLICATE_ORDER") == (made.status_code, twice.json()["error_code"])
    assert {"order.received", "order.delivered"} == {each["type"] for each in claims}
    assert {"o1"} == {each["details"]["merchant_order_reference_id"] for each in claims}
    path = f"/wolt-drive/order/{made.json()['wolt_order_reference_id']}/status/cancel"
    late = await simulation.http.patch(path, json={"reason": "nej"}, headers=headers)
    assert "INVALID_ORDER_STATE_TRANSITION" == late.json()["error_code"]


DRAFT: dict[str, Any] = {
    "date": "2026-01-01",
    "currency": "DKK",
    "customer": {"customerNumber": 101},
    "layout": {"layoutNumber": 19},
    "paymentTerms": {"paymentTermsNumber": 5},
    "recipient": {"name": "Kontantkunde", "vatZone": {"vatZoneNumber": 1}},
    "references": {"other": "flow:11111111-1111-4111-8111-111111111111"},
    "lines": [
        {
            "product": {"productNumber": "FLOW-PRODUCT"},
            "description": "Smørrebrød",
            "quantity": 2,
            "unitNetPrice": 99.80,
        }
    ],
}


class Books:
    """Somebody with the tokens of an agreement."""

    def __init__(self, simulation: Simulation, account: dict[str, Any]) -> None:
        self.simulation = simulation
        self.account = account
        self.headers = {
            "X-AppSecretToken": account["credentials"]["app_secret_token"],
            "X-AgreementGrantToken": account["credentials"]["grant_token"],
        }

    async def post(self, path: str, body: object) -> httpx.Response:
        return await self.simulation.http.post(f"/economic/{path}", json=body, headers=self.headers)

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.simulation.http.get(f"/economic/{path}", params=query, headers=self.headers)


@pytest.fixture
async def books(simulation: Simulation) -> Books:
    return Books(simulation, await simulation.open("economic"))


async def test_a_draft_comes_to_its_gross_and_is_found_by_its_reference(books: Books) -> None:
    made = await books.post("invoices/drafts", DRAFT)
    found = await books.get("invoices/drafts", filter=f"references.other$eq:{DRAFT['references']['other']}")
    none = await books.get("invoices/drafts", filter="references.other$eq:flow:other")

    assert (201, 199.6, 49.9, 249.5) == (
        made.status_code,
        *(made.json()[name] for name in ("netAmount", "vatAmount", "grossAmount")),
    )
    assert [made.json()["draftInvoiceNumber"]] == [each["draftInvoiceNumber"] for each in found.json()["collection"]]
    assert [] == none.json()["collection"]


async def test_a_line_without_a_product_counts_for_nothing(books: Books) -> None:
    made = await books.post("invoices/drafts", {**DRAFT, "lines": [{"description": "Mad", "unitNetPrice": 99.8}]})

    assert (201, 0) == (made.status_code, made.json()["netAmount"])


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"description": "x", "quantity": 1}, "quantity", "E04730"),
        ({"description": "x", "unitNetPrice": 1.999}, "unitNetPrice", "E04740"),
    ],
)
async def test_a_wrong_line_is_told_by_its_place(books: Books, line: dict[str, Any], field: str, code: str) -> None:
    answer = (await books.post("invoices/drafts", {**DRAFT, "lines": [line]})).json()

    assert [(0, code)] == [
        (each["arrayIndex"], each[field]["errors"][0]["errorCode"]) for each in answer["errors"]["lines"]
    ]


@pytest.mark.parametrize("missing", ["currency", "customer", "date", "layout", "paymentTerms", "recipient"])
async def test_a_draft_without_what_is_required_is_refused(books: Books, missing: str) -> None:
    body = {name: value for name, value in DRAFT.items() if name != missing}
    answer = await books.post("invoices/drafts", body)

    assert (400, True) == (answer.status_code, missing in answer.json()["errors"])


async def test_nulls_are_refused(books: Books) -> None:
    assert 400 == (await books.post("invoices/drafts", {**DRAFT, "notes": None})).status_code


async def test_a_booked_invoice_is_told_by_the_template(books: Books) -> None:
    number = (await books.post("invoices/drafts", DRAFT)).json()["draftInvoiceNumber"]
    booked = (await books.post("invoices/booked", {"draftInvoice": {"draftInvoiceNumber": number}})).json()

    assert 404 == (await books.get(f"invoices/drafts/{number}")).status_code
    told = await books.simulation.delivered()
    assert [{"type": "invoice.booked", "number": str(booked["bookedInvoiceNumber"])}] == told


async def test_special_characters_have_substitutes_in_paths(books: Books) -> None:
    product = {"productNumber": "FLOW_PRODUCT", "name": "Mad", "productGroup": {"productGroupNumber": 2}}
    await books.post("products", product)

    assert "FLOW_PRODUCT" == (await books.get("products/FLOW_8_PRODUCT")).json()["productNumber"]


async def test_a_list_has_pages(books: Books) -> None:
    first = (await books.get("products", pagesize="2")).json()
    last = (await books.get("products", pagesize="2", skippages="1")).json()

    assert (2, True) == (len(first["collection"]), "nextPage" in first["pagination"])
    assert (1, False) == (len(last["collection"]), "nextPage" in last["pagination"])


async def test_other_tokens_are_refused(books: Books) -> None:
    books.headers["X-AgreementGrantToken"] = "other"

    assert 401 == (await books.get("self")).status_code
