"""An order from the guest's click to the refund, over real HTTP to a real web process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.kit.ids import new_id
from tests.business.menus import SITE_KEY, Menu, make_menu, make_site_key
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import Server, bearer, make_login

EMPLOYEE = "emil@napoli.example"
STRANGER = "tina@tivoli.example"


@pytest.fixture(scope="module")
def menu(server: Server, napoli: UUID) -> Menu:
    """Napoli's menu, its site key, an employee, and a colleague in another restaurant."""
    url = server.installation.owner_url
    with kept_connection(url) as connection:
        connection.execute("update public.restaurants set is_simulated = true where id = %s", [napoli])
    make_site_key(url, napoli)
    make_login(url, EMPLOYEE, restaurant=napoli, role="employee")
    make_login(url, STRANGER, restaurant=make_restaurant(url, "Tivoli"))
    return make_menu(url, napoli)


def _body(napoli: UUID, menu: Menu, **fields: object) -> dict[str, Any]:
    items = [{"product_id": str(menu.margherita), "option_ids": [str(menu.family)]}]
    customer = {"name": "Anna Hansen", "phone": "20123456"}
    return {"restaurant_id": str(napoli), "key": SITE_KEY, "items": items, "customer": customer, **fields}


def _place(http: httpx.Client, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    return http.post("/api/orders", json=body, headers={"Idempotency-Key": key or str(new_id())})


def _move(http: httpx.Client, who: dict[str, str], order: dict[str, Any], **body: object) -> httpx.Response:
    query = {"restaurant_id": order["restaurant_id"]}
    return http.patch(f"/api/orders/{order['id']}", params=query, json=body, headers=who)


def test_an_order_from_the_guests_click_to_the_refund(
    http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    quoted = http.post("/api/quotes", json=_body(napoli, menu)).json()
    placed = _place(http, _body(napoli, menu, payment_method="card", expected_total=quoted["total"]))
    order = placed.json()
    assert (201, 15500, "pending") == (placed.status_code, order["total"], order["status"])

    employee = bearer(http, EMPLOYEE)
    for status in ("confirmed", "preparing", "ready", "completed"):
        assert status == _move(http, employee, order, status=status).json()["status"]
    receipt = http.get(order["url"].replace("?", "/status?")).json()
    assert "completed" == receipt["status"]

    refunded = _move(http, as_admin, order, status="refunded", reason="cold").json()
    assert ("refunded", 15500) == (refunded["status"], refunded["refunded_amount"])
    listed = http.get("/api/orders", params={"restaurant_id": str(napoli), "status": "refunded"}, headers=as_admin)
    assert [order["id"]] == [each["id"] for each in listed.json()["orders"]]
    assert 6 == len(refunded["history"])


def test_a_request_that_is_sent_many_times_at_once_is_one_order(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu
) -> None:
    body, key = _body(napoli, menu), str(new_id())
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: _place(http, body, key), range(16)))

    assert {200, 201} == {answer.status_code for answer in answers}
    assert 1 == [answer.status_code for answer in answers].count(201)
    assert 1 == len({answer.text for answer in answers})
    with kept_connection(server.installation.owner_url) as connection:
        stored = connection.execute("select count(*) from public.orders where idempotency_key = %s", [key]).fetchone()
    assert (1,) == stored


def test_orders_at_once_are_numbered_without_gap_or_double(http: httpx.Client, napoli: UUID, menu: Menu) -> None:
    first = _place(http, _body(napoli, menu)).json()["order_number"]
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: _place(http, _body(napoli, menu)), range(20)))

    assert list(range(first + 1, first + 21)) == sorted(answer.json()["order_number"] for answer in answers)


def test_a_colleague_in_another_restaurant_sees_and_moves_nothing(http: httpx.Client, napoli: UUID, menu: Menu) -> None:
    order = _place(http, _body(napoli, menu)).json()
    stranger = bearer(http, STRANGER)
    own = http.get("/api/orders", params={"restaurant_id": str(napoli)}, headers=stranger)
    one = http.get(f"/api/orders/{order['id']}", params={"restaurant_id": str(napoli)}, headers=stranger)
    moved = _move(http, stranger, order, status="confirmed")

    assert [404, 404, 404] == [own.status_code, one.status_code, moved.status_code]


def test_a_total_cannot_be_sent_and_a_cancelled_order_cannot_be_completed(
    http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    employee = bearer(http, EMPLOYEE)
    cheap = _place(http, _body(napoli, menu, total=1))
    order = _place(http, _body(napoli, menu)).json()
    by_hand = _move(http, employee, order, status="confirmed", total=1)
    _move(http, employee, order, status="cancelled", reason="no cheese left")
    revived = _move(http, as_admin, order, status="completed")

    assert [422, 422, 409] == [cheap.status_code, by_hand.status_code, revived.status_code]
    assert ["refunded"] == revived.json()["error"]["details"]["allowed"]
