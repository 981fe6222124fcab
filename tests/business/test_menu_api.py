"""The menu over HTTP."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from flow.kit.ids import new_id
from tests.business.conftest import NOON, Kitchen, token_of
from tests.factories import make_restaurant


def _code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


async def _change(
    http: httpx.AsyncClient, kitchen: Kitchen, product: UUID, user: UUID, **body: object
) -> httpx.Response:
    return await http.patch(
        f"/api/products/{product}", params={"restaurant_id": str(kitchen.id)}, json=body, headers=token_of(user)
    )


async def test_everyone_reads_the_menu_under_its_headings(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    menu = (await http.get("/api/menu", params={"restaurant": "napoli"})).json()

    assert ("Napoli", 3900, True) == (menu["name"], menu["delivery_fee"], menu["simulated"])
    assert [
        ("Pizza", [("Margherita", True)]),
        ("Retter", [("Tartelet med høns i asparges", True), ("Stegt flæsk", False)]),
        ("Drikke", [("Cola 33 cl", True)]),
    ] == [
        (category["name"], [(product["name"], product["is_available"]) for product in category["products"]])
        for category in menu["categories"]
    ]
    groups = menu["categories"][0]["products"][0]["groups"]
    assert [("Størrelse", 1, 1, 2), ("Tilbehør", 0, 2, 4)] == [
        (group["name"], group["min_choices"], group["max_choices"], len(group["options"])) for group in groups
    ]


async def test_no_restaurant_no_menu(http: httpx.AsyncClient) -> None:
    assert (404, "restaurant_not_found") == _code(await http.get("/api/menu", params={"restaurant": "tivoli"}))
    assert (422, "invalid_input") == _code(await http.get("/api/menu", params={"restaurant": "' or 1=1"}))


async def test_a_new_product_begins_its_price_history(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    manager = kitchen.employ("manager")
    body = {"restaurant_id": str(kitchen.id), "name": "Tiramisù", "category": "Dessert", "sku": "tira", "price": 5500}
    response = await http.post("/api/products", json=body, headers=token_of(manager))
    again = await http.post("/api/products", json=body, headers=token_of(manager))

    assert (201, "DKK") == (response.status_code, response.json()["currency"])
    assert (409, "sku_taken") == _code(again)
    assert [(5500, NOON, manager)] == kitchen.rows("select price, valid_from, changed_by from public.product_prices")


async def test_a_change_of_price_is_written_to_the_history(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    admin = kitchen.employ("admin")
    await _change(http, kitchen, kitchen.menu.cola, admin, price=2700)
    await _change(http, kitchen, kitchen.menu.cola, admin, price=2900, name="Cola 50 cl")
    unchanged = await _change(http, kitchen, kitchen.menu.cola, admin, price=2900, is_available=False)

    assert ("Cola 50 cl", 2900, False) == (
        unchanged.json()["name"],
        unchanged.json()["price"],
        unchanged.json()["is_available"],
    )
    # Two changes in one moment of the clock stand one after the other.
    assert [(2700, NOON), (2900, NOON + timedelta(microseconds=1))] == kitchen.rows(
        "select price, valid_from from public.product_prices order by valid_from"
    )


@pytest.mark.parametrize(
    "change",
    [{"price": -1}, {"price": 2**63}, {"name": ""}, {"name": None}, {"currency": "SEK"}, {"sku": "x" * 65}],
)
async def test_a_change_that_cannot_be_is_refused(
    kitchen: Kitchen, http: httpx.AsyncClient, change: dict[str, object]
) -> None:
    admin = kitchen.employ("admin")

    assert (422, "invalid_input") == _code(await _change(http, kitchen, kitchen.menu.cola, admin, **change))


async def test_employees_and_strangers_change_no_menu(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    employee, admin = kitchen.employ("employee"), kitchen.employ("admin")
    tivoli = make_restaurant(kitchen.installation.owner_url, "Tivoli")
    body = {"restaurant_id": str(tivoli), "name": "Is", "price": 1}

    assert (403, "not_allowed") == _code(await _change(http, kitchen, kitchen.menu.cola, employee, price=1))
    assert (404, "product_not_found") == _code(await _change(http, kitchen, new_id(), admin, price=1))
    assert (404, "restaurant_not_found") == _code(await http.post("/api/products", json=body, headers=token_of(admin)))
    foreign = await http.patch(
        f"/api/products/{kitchen.menu.cola}",
        params={"restaurant_id": str(tivoli)},
        json={"price": 1},
        headers=token_of(admin),
    )
    assert (404, "restaurant_not_found") == _code(foreign)


async def test_a_sku_of_another_product_cannot_be_taken(kitchen: Kitchen, http: httpx.AsyncClient) -> None:
    admin = kitchen.employ("admin")

    assert (409, "sku_taken") == _code(await _change(http, kitchen, kitchen.menu.cola, admin, sku="margherita"))
