"""The door of support over HTTP: with a reason, for a while, on the record, seen by the restaurant's people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest

from flow.access.roles.support import store
from flow.database.installation import Installation
from flow.kit.ids import new_id
from flow.web.services import Services
from tests.access.acting import header_of, on_platform
from tests.analytics.world import World
from tests.connections import kept_connection
from tests.factories import give_access, make_user
from tests.routes import AN_ID

REASON = "Case 4711: an order is missing"
Header = Callable[..., dict[str, str]]


@pytest.fixture
def napoli(installation: Installation) -> World:
    made = World(installation.owner_url)
    made.order("2026-06-19 12:00", customer_name="Carla", status="completed")
    return made


@pytest.fixture
def header(installation: Installation, services: Services) -> Header:
    return lambda user, **how: header_of(installation.owner_url, services.issuer, user, **how)


@pytest.fixture
def support(installation: Installation) -> UUID:
    return on_platform(installation.owner_url, "support")


def _open(napoli: World, **wish: object) -> dict[str, object]:
    return {"restaurant_id": str(napoli.restaurant), "reason": REASON, "minutes": 60, **wish}


def _orders(napoli: World) -> str:
    return f"/api/orders?restaurant_id={napoli.restaurant}"


async def test_support_reads_orders_while_the_door_is_open_and_at_no_other_time(
    http: httpx.AsyncClient, napoli: World, support: UUID, header: Header
) -> None:
    who = header(support)
    before = await http.get(_orders(napoli), headers=who)
    opened = await http.post("/api/support/accesses", json=_open(napoli), headers=who)
    meanwhile = await http.get(_orders(napoli), headers=who)
    order = meanwhile.json()["orders"][0]["id"]
    one = await http.get(f"/api/orders/{order}?restaurant_id={napoli.restaurant}", headers=who)
    moved = await http.patch(
        f"/api/orders/{order}?restaurant_id={napoli.restaurant}",
        json={"status": "refunded", "reason": "x"},
        headers=who,
    )
    ended = await http.post(f"/api/support/accesses/{opened.json()['id']}/end", headers=who)
    again = await http.post(f"/api/support/accesses/{opened.json()['id']}/end", headers=who)
    after = await http.get(_orders(napoli), headers=who)

    assert [404, 201, 200, 200, 403, 204, 404, 404] == [
        answer.status_code for answer in (before, opened, meanwhile, one, moved, ended, again, after)
    ]
    assert (REASON, None) == (opened.json()["reason"], one.json()["payments"])
    assert [("support_access_opened", REASON, support), ("support_access_ended", None, support)] == napoli.rows(
        "select action, reason, performed_by from public.gdpr_audit_log where restaurant_id = %s order by recorded_at"
    )


@pytest.mark.parametrize(
    ("wish", "status"),
    [({"reason": "why"}, 422), ({"minutes": 481}, 422), ({"restaurant_id": AN_ID}, 403), ({"hours": 1}, 422)],
)
async def test_a_door_needs_a_reason_an_end_and_a_restaurant(
    http: httpx.AsyncClient, napoli: World, support: UUID, header: Header, wish: dict[str, object], status: int
) -> None:
    answer = await http.post("/api/support/accesses", json=_open(napoli, **wish), headers=header(support))

    assert status == answer.status_code
    assert [] == napoli.rows("select from public.support_accesses where restaurant_id = %s")


async def test_without_a_second_factor_support_of_the_platform_opens_nothing(
    http: httpx.AsyncClient, napoli: World, support: UUID, header: Header
) -> None:
    who = header(support, aal="aal1")
    opened = await http.post("/api/support/accesses", json=_open(napoli), headers=who)
    page = await http.get("/settings/support", headers={**who, "accept": "text/html"})

    assert (403, "support_not_allowed") == (opened.status_code, opened.json()["error"]["code"])
    assert (303, "/login/step-up?next=/settings/support") == (page.status_code, page.headers["location"])


async def test_the_restaurant_sees_who_was_there_and_its_administrator_shows_them_out(
    http: httpx.AsyncClient, napoli: World, support: UUID, header: Header, installation: Installation
) -> None:
    people = {
        role: make_user(installation.owner_url, f"{role}@napoli.example") for role in ("admin", "manager", "employee")
    }
    for role, user in people.items():
        give_access(installation.owner_url, user, napoli.restaurant, role)
    opened = await http.post("/api/support/accesses", json=_open(napoli), headers=header(support))
    seen = {
        role: (await http.get("/api/support/accesses", headers=header(user))).json() for role, user in people.items()
    }
    page = await http.get("/settings/support", headers={**header(people["admin"]), "accept-language": "en"})
    end = f"/api/support/accesses/{opened.json()['id']}/end"
    by_manager = await http.post(end, headers=header(people["manager"]))
    by_admin = await http.post(end, headers=header(people["admin"]))

    assert {"admin": 1, "manager": 1, "employee": 0} == {role: len(accesses) for role, accesses in seen.items()}
    assert (True, True) == (REASON in page.text, "support@flow.example" in page.text)
    assert (404, 204) == (by_manager.status_code, by_admin.status_code)
    assert 404 == (await http.get(_orders(napoli), headers=header(support))).status_code


async def test_the_page_opens_and_closes_a_door(
    http: httpx.AsyncClient, napoli: World, support: UUID, header: Header
) -> None:
    who = {**header(support), "accept": "text/html", "accept-language": "en"}
    form = {"restaurant": str(napoli.restaurant), "reason": REASON, "minutes": "30"}
    shut = await http.get("/settings/support", headers=who)
    refused = await http.post("/settings/support", data={**form, "reason": "why"}, headers=who)
    opened = await http.post("/settings/support", data=form, headers=who)
    page = await http.get("/settings/support", headers=who)
    [[access]] = napoli.rows("select id from public.support_accesses where restaurant_id = %s")
    closed = await http.post(f"/settings/support/{access}/end", headers=who)
    past = await http.get("/settings/support", headers=who)

    assert [200, 422, 303, 200, 303] == [each.status_code for each in (shut, refused, opened, page, closed)]
    assert ("No door is open." in shut.text, "Say why, in 10 to 500 characters" in refused.text) == (True, True)
    assert (REASON in page.text, "No door is open." in page.text) == (True, False)
    assert (REASON in past.text, "No door is open." in past.text) == (True, True)


async def test_support_begins_where_doors_are_opened_and_with_one_open_at_the_dashboard(
    http: httpx.AsyncClient, napoli: World, support: UUID, header: Header
) -> None:
    who = {**header(support), "accept": "text/html"}
    shut = [(await http.get(path, headers=who)).headers["location"] for path in ("/", "/dashboard")]
    await http.post("/api/support/accesses", json=_open(napoli), headers=header(support))
    opened = await http.get("/", headers=who)

    assert (["/settings/support", "/"], "/dashboard") == (shut, opened.headers["location"])
    assert 200 == (await http.get("/dashboard", headers=who)).status_code


async def test_who_is_neither_support_nor_works_there_has_no_such_page(
    http: httpx.AsyncClient, napoli: World, header: Header, installation: Installation
) -> None:
    stranger = make_user(installation.owner_url, "stranger@flow.example")

    assert 403 == (await http.get("/settings/support", headers=header(stranger))).status_code


async def test_what_ran_out_is_noted_once(
    napoli: World, support: UUID, services: Services, installation: Installation
) -> None:
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "insert into public.support_accesses (id, restaurant_id, user_id, reason, granted_at, expires_at) "
            "values (%s, %s, %s, %s, now() - interval '2 hours', now() - interval '1 hour')",
            [new_id(), napoli.restaurant, support, REASON],
        )
    async with services.database.as_service() as transaction:
        counts = [await store.expire(transaction), await store.expire(transaction)]

    assert [1, 0] == counts
    assert [("support_access_expired",)] == napoli.rows(
        "select action from public.gdpr_audit_log where restaurant_id = %s"
    )
