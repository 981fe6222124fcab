"""The orders API within the test's own process: who may do what, and how it is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.business.orders import OrderLine, PlaceOrder
from flow.kit.ids import new_id
from tests.business.conftest import Kitchen, token_of
from tests.business.menus import SITE_KEY, make_menu, make_site_key
from tests.factories import give_access, make_restaurant

NASTY = "Robert'); drop table orders;-- <script>alert(1)</script> & “ost” 🧀"


@pytest.fixture
def key(kitchen: Kitchen) -> str:
    return make_site_key(kitchen.installation.owner_url, kitchen.id)


def _body(kitchen: Kitchen, **fields: object) -> dict[str, Any]:
    items = [{"product_id": str(kitchen.menu.margherita), "quantity": 2, "option_ids": [str(kitchen.menu.normal)]}]
    return {"restaurant_id": str(kitchen.id), "key": SITE_KEY, "items": items, **fields}


def _new_key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


async def _order(kitchen: Kitchen, **fields: object) -> UUID:
    lines = (OrderLine(product_id=kitchen.menu.cola),)
    return (await kitchen.place(PlaceOrder(lines=lines, **fields))).order.id  # type: ignore[arg-type]


async def _patch(http: httpx.AsyncClient, kitchen: Kitchen, order: UUID, user: UUID, **body: object) -> httpx.Response:
    return await http.patch(
        f"/api/orders/{order}", params={"restaurant_id": str(kitchen.id)}, json=body, headers=token_of(user)
    )


def _code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


async def test_a_guest_orders_with_the_site_key(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    body = _body(kitchen, customer={"name": "Anna", "phone": "20123456"}, expected_total=17000)
    response = await http.post("/api/orders", json=body, headers=_new_key())

    order = response.json()
    assert 201 == response.status_code
    assert (1, "pending", 17000, 3400, "+4520123456") == (
        order["order_number"],
        order["status"],
        order["total"],
        order["tax_amount"],
        order["customer"]["phone"],
    )
    assert response.headers["Location"] == order["url"]
    assert order["url"].startswith(f"/shop/napoli/orders/{order['id']}?token=")


async def test_the_same_request_answers_the_same_order(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    headers = _new_key()
    first = await http.post("/api/orders", json=_body(kitchen), headers=headers)
    second = await http.post("/api/orders", json=_body(kitchen), headers=headers)
    other = await http.post("/api/orders", json=_body(kitchen, notes="more"), headers=headers)

    assert (201, 200) == (first.status_code, second.status_code)
    assert first.json() == second.json()
    assert (409, "idempotency_conflict") == _code(other)


async def test_without_an_idempotency_key_nothing_is_ordered(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    missing = await http.post("/api/orders", json=_body(kitchen))
    too_long = await http.post("/api/orders", json=_body(kitchen), headers={"Idempotency-Key": "x" * 201})

    assert (400, "idempotency_key_missing") == _code(missing)
    assert (422, "invalid_input") == _code(too_long)
    assert [] == kitchen.rows("select id from public.orders")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"key": "fk_0123456789abcdef0"}, (401, "not_authenticated")),
        ({"key": None}, (401, "not_authenticated")),
        ({"key": "no key"}, (422, "invalid_input")),
        ({"channel": "pos"}, (403, "not_allowed")),
        ({"expected_total": 1}, (409, "price_changed")),
        ({"total": 1}, (422, "invalid_input")),
        ({"items": []}, (422, "invalid_input")),
        ({"discount_code": "NONE"}, (422, "invalid_order")),
        ({"notes": "\x00"}, (422, "invalid_input")),
        ({"notes": "x" * 2001}, (422, "invalid_input")),
    ],
)
async def test_what_a_guest_may_not_send_is_refused(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str, change: dict[str, object], expected: tuple[int, str]
) -> None:
    response = await http.post("/api/orders", json=_body(kitchen, **change), headers=_new_key())

    assert expected == _code(response)
    assert [] == kitchen.rows("select id from public.orders")


async def test_a_key_bound_to_origins_serves_those_and_our_own_pages(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    make_site_key(kitchen.installation.owner_url, kitchen.id, origins=("https://napoli.example",))
    answers = [
        (await http.post("/api/orders", json=_body(kitchen), headers=_new_key() | {"Origin": origin})).status_code
        for origin in ("https://napoli.example", "http://127.0.0.1:8010", "https://elsewhere.example", "null")
    ]

    assert [201, 201, 403, 403] == answers


async def test_what_is_wrong_is_told_in_the_guests_language(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    items = [{"product_id": str(kitchen.menu.sold_out)}]
    headers = _new_key() | {"Accept-Language": "da"}
    response = await http.post("/api/orders", json=_body(kitchen, items=items), headers=headers)

    assert [
        {"at": "items.0.product_id", "code": "sold_out", "item": "Stegt flæsk", "problem": "Stegt flæsk er udsolgt."}
    ] == response.json()["error"]["details"]["faults"]


async def test_text_is_kept_as_it_was_written(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    body = _body(kitchen, customer={"name": NASTY}, notes=NASTY)
    body["items"][0]["notes"] = NASTY
    order = (await http.post("/api/orders", json=body, headers=_new_key())).json()

    assert [(NASTY, NASTY)] == kitchen.rows("select customer_name, notes from public.orders")
    assert (NASTY, NASTY) == (order["customer"]["name"], order["items"][0]["notes"])


async def test_a_quote_says_the_price_and_stores_nothing(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    kitchen.run("insert into public.discount_codes (restaurant_id, code, percent) values (%s, 'TI', 10)", kitchen.id)
    body = _body(kitchen, discount_code="ti", fulfillment_type="delivery")
    response = await http.post("/api/quotes", json=body)

    assert {
        "currency": "DKK",
        "subtotal": 17000,
        "discount_amount": 1700,
        "delivery_fee": 3900,
        "tax_amount": 3840,
        "total": 19200,
    } == response.json()
    assert [] == kitchen.rows("select id from public.orders")


async def test_staff_order_for_a_guest_on_the_phone(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    employee = kitchen.employ("employee")
    body = _body(kitchen, key=None, channel="phone", payment_method="card")
    response = await http.post("/api/orders", json=body, headers=_new_key() | token_of(employee))

    assert 201 == response.status_code
    assert [(employee,)] == kitchen.rows("select changed_by from public.order_status_changes")
    detail = await http.get(response.headers["Location"], headers=token_of(employee))
    assert ("phone", None) == (detail.json()["channel"], detail.json()["payments"])


async def test_strangers_and_other_roles_are_turned_away(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    order = await _order(kitchen)
    analyst = kitchen.employ("analytics")
    url = kitchen.installation.owner_url
    tivoli = make_restaurant(url, "Tivoli")
    stranger = kitchen.employ("analytics")
    kitchen.run("delete from public.user_restaurant_access where user_id = %s", stranger)
    give_access(url, stranger, tivoli, "admin")
    here = {"restaurant_id": str(kitchen.id)}
    body = _body(kitchen, key=None)

    assert (401, "not_authenticated") == _code(await http.get("/api/orders", params=here))
    for path in ("/api/orders", f"/api/orders/{order}"):
        assert (403, "not_allowed") == _code(await http.get(path, params=here, headers=token_of(analyst)))
        assert (404, "restaurant_not_found") == _code(await http.get(path, params=here, headers=token_of(stranger)))
    own = {"restaurant_id": str(tivoli)}
    foreign_order = await http.get(f"/api/orders/{order}", params=own, headers=token_of(stranger))
    assert (404, "order_not_found") == _code(foreign_order)
    moved = await http.patch(
        f"/api/orders/{order}", params=own, json={"status": "confirmed"}, headers=token_of(stranger)
    )
    assert (404, "order_not_found") == _code(moved)
    assert (404, "restaurant_not_found") == _code(
        await http.post("/api/orders", json=body, headers=_new_key() | token_of(stranger))
    )
    assert (403, "not_allowed") == _code(
        await http.post("/api/orders", json=body, headers=_new_key() | token_of(analyst))
    )


async def test_the_key_of_one_restaurant_orders_nothing_in_another(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    url = kitchen.installation.owner_url
    tivoli = make_restaurant(url, "Tivoli")
    menu = make_menu(url, tivoli)
    elsewhere = await http.post("/api/orders", json=_body(kitchen, restaurant_id=str(tivoli)), headers=_new_key())
    foreign_dish = await http.post(
        "/api/orders", json=_body(kitchen, items=[{"product_id": str(menu.cola)}]), headers=_new_key()
    )

    assert (401, "not_authenticated") == _code(elsewhere)
    assert (422, "invalid_order") == _code(foreign_dish)


async def test_an_order_moves_and_says_where_it_may_go(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    employee, manager, order = kitchen.employ("employee"), kitchen.employ("manager"), await _order(kitchen)
    confirmed = await _patch(http, kitchen, order, employee, status="confirmed")
    skipped = await _patch(http, kitchen, order, employee, status="completed")
    cancelled = await _patch(http, kitchen, order, employee, status="cancelled", reason="no cola left")
    revived = await _patch(http, kitchen, order, manager, status="completed")

    assert ("confirmed", ["preparing", "cancelled"]) == (
        confirmed.json()["status"],
        confirmed.json()["allowed_statuses"],
    )
    assert (409, "illegal_move") == _code(skipped)
    assert ["preparing", "cancelled"] == skipped.json()["error"]["details"]["allowed"]
    assert ("cancelled", "no cola left") == (cancelled.json()["status"], cancelled.json()["cancel_reason"])
    assert (409, "illegal_move") == _code(revived)


async def test_an_employee_who_ends_an_order_is_told_how_it_ended_and_sees_it_no_more(
    kitchen: Kitchen, http: httpx.AsyncClient
) -> None:
    employee, manager, order = kitchen.employ("employee"), kitchen.employ("manager"), await _order(kitchen)
    for status in ("confirmed", "preparing", "ready"):
        await _patch(http, kitchen, order, employee, status=status)
    ended = await _patch(http, kitchen, order, employee, status="completed")
    query = {"restaurant_id": str(kitchen.id)}
    again = await http.get(f"/api/orders/{order}", params=query, headers=token_of(employee))
    listed = await http.get("/api/orders", params=query, headers=token_of(employee))
    of_manager = await http.get(f"/api/orders/{order}", params=query, headers=token_of(manager))

    assert (404, []) == (again.status_code, listed.json()["orders"])
    assert {**of_manager.json(), "payments": None} == ended.json()


async def test_refunding_is_for_those_with_payments_write(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    order = await _order(kitchen, payment_method="card")
    employee, manager = kitchen.employ("employee"), kitchen.employ("manager")
    await _patch(http, kitchen, order, employee, status="cancelled", reason="closed early")
    by_employee = await _patch(http, kitchen, order, employee, status="refunded", reason="closed early")
    too_much = await _patch(http, kitchen, order, manager, status="refunded", reason="x", refund_amount=2501)
    partly = await _patch(http, kitchen, order, manager, status="refunded", reason="x", refund_amount=1000)
    wholly = await _patch(http, kitchen, order, manager, status="refunded", reason="x")

    assert (403, "not_allowed") == _code(by_employee)
    assert (409, "nothing_to_refund") == _code(too_much)
    assert ("cancelled", 1000) == (partly.json()["status"], partly.json()["refunded_amount"])
    assert ("refunded", 2500) == (wholly.json()["status"], wholly.json()["refunded_amount"])
    assert [("refunded", 2500)] == [
        (payment["status"], payment["refunded_amount"]) for payment in wholly.json()["payments"]
    ]


async def test_pages_of_orders_follow_each_other_without_gap_or_double(
    kitchen: Kitchen, http: httpx.AsyncClient
) -> None:
    manager = kitchen.employ("manager")
    placed = [str(await _order(kitchen)) for _ in range(5)]  # all at the same moment: the id decides
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"restaurant_id": str(kitchen.id), "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/api/orders", params=query, headers=token_of(manager))).json()
        seen += [order["id"] for order in page["orders"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert placed[::-1] == seen


async def test_the_list_is_filtered_by_business_day_status_channel_and_guest(
    kitchen: Kitchen, http: httpx.AsyncClient
) -> None:
    manager = kitchen.employ("manager")
    order = await _order(kitchen, channel="phone")
    await _order(kitchen)

    async def count(**query: str) -> int:
        params = {"restaurant_id": str(kitchen.id), **query}
        return len((await http.get("/api/orders", params=params, headers=token_of(manager))).json()["orders"])

    assert 2 == await count()
    assert 2 == await count(**{"from": "2026-11-21", "to": "2026-11-21"})
    assert 0 == await count(**{"from": "2026-11-22"})
    assert 0 == await count(to="2026-11-20")
    assert 1 == await count(channel="phone")
    assert 0 == await count(status="completed")
    assert 0 == await count(customer_id=str(order))


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "////"},
        {"from": "2026-11-22", "to": "2026-11-21"},
        {"from": "0001-01-01"},
        {"status": "eaten"},
        {"limit": "0"},
    ],
)
async def test_a_list_that_cannot_be_is_refused(
    kitchen: Kitchen, http: httpx.AsyncClient, query: dict[str, str]
) -> None:
    manager = kitchen.employ("manager")
    params = {"restaurant_id": str(kitchen.id), **query}

    assert (422, "invalid_input") == _code(await http.get("/api/orders", params=params, headers=token_of(manager)))
