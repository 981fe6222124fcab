"""A guest who logs in sees what is their own, and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.kit.ids import new_id
from tests.business.conftest import Kitchen, token_of
from tests.factories import give_access, make_user

SITE_KEY = "fk_own_orders_of_a_guest_0001"


@pytest.fixture
def greta(kitchen: Kitchen) -> UUID:
    kitchen.run("insert into public.site_keys (restaurant_id, key) values (%s, %s)", kitchen.id, SITE_KEY)
    return make_user(kitchen.installation.owner_url, "greta@example.com")


async def _order(http: httpx.AsyncClient, kitchen: Kitchen, headers: dict[str, str], **body: object) -> dict[str, Any]:
    wish = {
        "restaurant_id": str(kitchen.id),
        "key": SITE_KEY,
        "items": [{"product_id": str(kitchen.menu.cola)}],
        "customer": {"name": "Greta", "phone": "20123456"},
        **body,
    }
    answer = await http.post("/api/orders", json=wish, headers={"Idempotency-Key": str(new_id()), **headers})
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _own(http: httpx.AsyncClient, user: UUID, path: str = "/orders") -> Any:
    return (await http.get(f"/api/me{path}", headers=token_of(user))).json()


async def test_an_order_placed_while_logged_in_is_the_guests_own(
    kitchen: Kitchen, http: httpx.AsyncClient, greta: UUID
) -> None:
    mine = await _order(http, kitchen, token_of(greta))
    await _order(http, kitchen, {}, customer={"name": "Bo", "phone": "20123457"})
    stranger = make_user(kitchen.installation.owner_url, "stranger@example.com")

    listed = await _own(http, greta)
    detail = await _own(http, greta, f"/orders/{mine['id']}")
    assert [(mine["id"], "Napoli")] == [(order["id"], order["restaurant_name"]) for order in listed["orders"]]
    assert (1, 1, 1) == (len(detail["items"]), len(detail["payments"]), len(detail["history"]))
    assert [] == (await _own(http, stranger))["orders"]
    assert "not_found" in (await _own(http, stranger, f"/orders/{mine['id']}"))["error"]["code"]


async def test_pages_of_own_orders_follow_each_other(kitchen: Kitchen, http: httpx.AsyncClient, greta: UUID) -> None:
    placed = [(await _order(http, kitchen, token_of(greta)))["id"] for _ in range(3)]
    first = await _own(http, greta, "/orders?limit=2")
    second = await _own(http, greta, f"/orders?limit=2&cursor={first['next']}")

    assert (2, 1, None) == (len(first["orders"]), len(second["orders"]), second["next"])
    assert set(placed) == {order["id"] for page in (first, second) for order in page["orders"]}


async def test_a_guest_who_is_known_sees_earlier_orders_and_their_profile(
    kitchen: Kitchen, http: httpx.AsyncClient, greta: UUID
) -> None:
    before = await _order(http, kitchen, {})
    assert ([], []) == ((await _own(http, greta))["orders"], await _own(http, greta, "/profile"))
    kitchen.run("update public.customers set user_id = %s", greta)

    assert [before["id"]] == [order["id"] for order in (await _own(http, greta))["orders"]]
    [profile] = await _own(http, greta, "/profile")
    assert ("Napoli", "Greta", "+4520123456", None) == tuple(
        profile[name] for name in ("restaurant_name", "name", "phone", "points")
    )


async def test_who_works_there_has_no_own_orders_by_that(
    kitchen: Kitchen, http: httpx.AsyncClient, greta: UUID
) -> None:
    order = await _order(http, kitchen, {})
    admin = kitchen.employ("admin")

    assert [] == (await _own(http, admin))["orders"]
    assert "error" in await _own(http, admin, f"/orders/{order['id']}")


async def test_a_guest_reaches_no_page_of_the_restaurants_people(
    kitchen: Kitchen, http: httpx.AsyncClient, greta: UUID
) -> None:
    order = await _order(http, kitchen, token_of(greta))
    query = {"restaurant_id": str(kitchen.id), "restaurant": str(kitchen.id)}
    paths = ("/api/orders", f"/api/orders/{order['id']}", "/orders", f"/orders/{order['id']}", "/dashboard", "/visits")
    statuses = {path: (await http.get(path, params=query, headers=token_of(greta))).status_code for path in paths}
    moved = await http.patch(
        f"/api/orders/{order['id']}", params=query, json={"status": "confirmed"}, headers=token_of(greta)
    )

    assert {403, 404} >= {*statuses.values(), moved.status_code}


async def test_a_token_that_does_not_hold_places_no_order(
    kitchen: Kitchen, http: httpx.AsyncClient, greta: UUID
) -> None:
    wish = {"restaurant_id": str(kitchen.id), "key": SITE_KEY, "items": [{"product_id": str(kitchen.menu.cola)}]}
    headers = {"Idempotency-Key": str(new_id()), "Authorization": "Bearer x.y.z"}

    assert 401 == (await http.post("/api/orders", json=wish, headers=headers)).status_code
    give_access(kitchen.installation.owner_url, greta, kitchen.id, "employee")  # people may be guests as well
    assert 1 == len([await _order(http, kitchen, token_of(greta))])
    assert 1 == len((await _own(http, greta))["orders"])
