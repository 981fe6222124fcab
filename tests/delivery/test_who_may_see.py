"""Nobody sees what is another restaurant's, and a role shows what it is meant to show."""

from __future__ import annotations

import pytest

from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.delivery.conftest import Reader
from tests.delivery.pages import text_of, tiles_of

TODAY = "2026-06-19"
PATHS = (
    "/dashboard", "/api/dashboards/executive", "/dashboard/tiles/revenue.csv", "/dashboard/tiles/revenue.xlsx",
    "/dashboard/tiles/revenue.png", "/dashboard/live", "/orders", "/visits", "/orders/export.csv",
    "/orders/export.xlsx", "/visits/export.csv", "/visits/export.xlsx", "/quality",
)  # fmt: skip


async def test_another_tenants_restaurant_is_not_there(napoli: World, aarhus: World, reader: Reader) -> None:
    for world in (napoli, aarhus):
        world.order(f"{TODAY} 12:00", 98_765)
    anna, bo = reader(napoli), reader(aarhus)
    for path in PATHS:
        answers = [
            (await anna.get(path, params={"restaurant": str(aarhus.restaurant)})),
            (await bo.get(path, params={"restaurant": str(napoli.restaurant)})),
            (await anna.get(path, params={"restaurant": str(new_id())})),
        ]

        assert [404, 404, 404] == [answer.status_code for answer in answers], path
        assert all("98765" not in answer.text and "987.65" not in answer.text for answer in answers), path


async def test_another_tenants_order_is_neither_shown_nor_moved(napoli: World, aarhus: World, reader: Reader) -> None:
    order = aarhus.order(f"{TODAY} 12:00", status="pending", customer_name="Bo Berg")
    anna = reader(napoli)
    for restaurant in (aarhus.restaurant, napoli.restaurant):
        shown = await anna.get(f"/orders/{order}?restaurant={restaurant}")
        moved = await anna.post(f"/orders/{order}/moves?restaurant={restaurant}", data={"status": "confirmed"})

        assert (404, 404, False) == (shown.status_code, moved.status_code, "Bo Berg" in shown.text)
    assert [("pending",)] == aarhus.rows("select status from public.orders where restaurant_id = %s and id = %s", order)


async def test_all_restaurants_are_all_of_ones_own(napoli: World, aarhus: World, malmo: World, reader: Reader) -> None:
    for world in (napoli, aarhus, malmo):
        world.order(f"{TODAY} 12:00", 10_000)
    anna = reader(napoli, aarhus)

    assert 20_000 == (await tiles_of(anna, "restaurant=all"))["revenue"]["value"]
    listed = (await anna.get("/orders?restaurant=all")).text
    assert ("2 orders" in listed, "Malmo" in listed) == (True, False)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("admin", {"/orders", "/visits", "/quality"}),
        ("manager", {"/orders", "/visits", "/quality"}),
        ("employee", {"/orders"}),
        ("analytics", set()),
        ("support", set()),
        ("compliance", set()),
    ],
)
async def test_a_role_opens_the_lists_it_is_meant_to_open_and_its_menu_names_no_other(
    napoli: World, reader: Reader, role: str, allowed: set[str]
) -> None:
    napoli.order(f"{TODAY} 12:00")
    http = reader(napoli, role=role)
    page = (await http.get("/dashboard")).text
    statuses = {path: (await http.get(path)).status_code for path in ("/orders", "/visits", "/quality")}
    files = {path: (await http.get(f"{path}/export.csv")).status_code for path in ("/orders", "/visits")}

    assert {path: 200 if path in allowed else 403 for path in statuses} == statuses
    assert {path: statuses[path] for path in files} == files
    assert allowed == {path for path in statuses if f'<a class="item" href="{path}?' in page}


async def test_an_employee_sees_the_kitchen_and_is_told_why_not_more(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00", 12_300, status="preparing")
    employee = reader(napoli, role="employee")
    page = await employee.get("/dashboard")
    words = text_of(page.text)

    assert 200 == page.status_code
    assert "Your role does not show this restaurant’s figures." in words
    assert ["active"] == list(await tiles_of(employee))
    assert (True, False) == ("Orders underway" in words, "123.00" in words)
    assert 404 == (await employee.get("/dashboard/tiles/revenue.csv")).status_code


async def test_an_employee_is_told_that_the_list_is_of_orders_underway(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00", 12_300, status="preparing", touch=("google", "google"))
    napoli.order(f"{TODAY} 13:00", 45_600, status="completed")
    employee, manager = reader(napoli, role="employee"), reader(napoli, role="manager")
    listed = {who: text_of((await http.get("/orders")).text) for who, http in (("e", employee), ("m", manager))}
    notice = "Your role shows orders underway; those that have ended are left out."
    file = (await employee.get("/orders/export.csv")).text

    assert (True, False) == (notice in listed["e"], notice in listed["m"])
    assert ("1 order" in listed["e"], "456.00" in listed["e"], "· DKK 123.00" in listed["e"]) == (True, False, False)
    assert ("2 orders · DKK 579.00" in listed["m"], 2) == (True, len(file.splitlines()))
    # How the guest came is behaviour: an employee is not told, and not told that it is unknown either.
    assert "Without a known visit" not in listed["e"] + file


async def test_an_employee_who_ends_an_order_goes_on_to_the_list(napoli: World, reader: Reader) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="ready")
    where = f"/orders/{order}/moves?restaurant={napoli.restaurant}"
    moved = await reader(napoli, role="employee").post(where, data={"status": "completed"})

    assert (303, f"/orders?restaurant={napoli.restaurant}") == (moved.status_code, moved.headers["location"])


async def test_an_analyst_sees_figures_and_no_rows(napoli: World, reader: Reader) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="preparing")
    analyst = reader(napoli, role="analytics")
    tiles = await tiles_of(analyst)

    assert ("Your role does not show this", None) == (tiles["active"]["empty"], tiles["active"]["value"])
    assert ("Your role does not show this", None) == (tiles["visitors_now"]["empty"], tiles["visitors_now"]["value"])
    assert 403 == (await analyst.get(f"/orders/{order}?restaurant={napoli.restaurant}")).status_code


async def test_who_works_nowhere_is_told_so_where_the_own_account_is(napoli: World, reader: Reader) -> None:
    answer = await reader().get("/dashboard", follow_redirects=True)

    assert (200, "/settings/security") == (answer.status_code, answer.url.path)
    assert "You see no restaurant yet" in answer.text
    assert "You see no restaurant yet" not in (await reader(napoli).get("/settings/security")).text


@pytest.mark.parametrize("path", PATHS)
async def test_a_stranger_is_asked_to_log_in(napoli: World, reader: Reader, path: str) -> None:
    stranger = reader(napoli)
    del stranger.headers["Authorization"]

    assert 303 == (await stranger.get(path)).status_code or path.startswith("/api/")
    assert 401 == (await stranger.get(path, headers={"accept": "application/json"})).status_code
