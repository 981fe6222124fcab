"""What happens in the restaurant is on the owner's screen within two seconds, and on nobody else's."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from flow.delivery.dashboards.live import TICK_SECONDS
from flow.kit.ids import new_id
from tests.business.menus import SITE_KEY, Menu, make_menu, make_site_key
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.journeys.streams import open_stream
from tests.serving import Server, make_login, session_token

AT_ONCE = 2.0
AT_THE_NEXT_LOOK = TICK_SECONDS + AT_ONCE
_PERSON = {
    "user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:142.0) Gecko/20100101 Firefox/142.0",
    "accept-language": "da",
}


@pytest.fixture(scope="module")
def menu(server: Server, napoli: UUID) -> Menu:
    """Napoli's menu and site key."""
    make_site_key(server.installation.owner_url, napoli)
    return make_menu(server.installation.owner_url, napoli)


@pytest.fixture(scope="module")
def tivoli(server: Server) -> tuple[UUID, Menu]:
    """Another restaurant, which sells the same."""
    url = server.installation.owner_url
    restaurant = make_restaurant(url, "Tivoli")
    make_site_key(url, restaurant)
    return restaurant, make_menu(url, restaurant)


def _order(http: httpx.Client, restaurant: UUID, menu: Menu) -> dict[str, Any]:
    body = {
        "restaurant_id": str(restaurant),
        "key": SITE_KEY,
        "items": [{"product_id": str(menu.cola), "quantity": 2}],
        "customer": {"name": "Anna Hansen", "phone": "20123456"},
    }
    answer = http.post("/api/orders", json=body, headers={"Idempotency-Key": str(new_id())})
    assert 201 == answer.status_code, answer.text
    return answer.json()  # type: ignore[no-any-return]


def test_an_order_is_on_the_screen_within_two_seconds(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    waits = []
    _order(http, napoli, menu)
    with open_stream(server, as_admin) as stream:
        before = stream.next("tiles", within=10).data
        for _ in range(4):
            began = time.monotonic()
            order = _order(http, napoli, menu)
            told, tiles = stream.next("order", within=AT_ONCE), stream.next("tiles", within=AT_ONCE)
            waits.append(tiles.came_at - began)

            assert {
                "number": order["order_number"],
                "total_text": "DKK\u00a050.00",
                "channel_text": "Web shop",
            } == told.data
            assert {"revenue", "orders", "active"} <= tiles.data.keys()

    assert int(before["orders"]["value_text"]) + 4 == int(tiles.data["orders"]["value_text"])
    assert max(waits) < AT_ONCE, waits


def test_a_step_in_the_kitchen_is_on_the_screen_within_two_seconds(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    order = _order(http, napoli, menu)
    with open_stream(server, as_admin) as stream:
        waiting, confirmed, *_ = stream.next("tiles", within=10).data["active"]["steps"]
        began = time.monotonic()
        moved = http.patch(
            f"/api/orders/{order['id']}", params={"restaurant_id": str(napoli)}, json={"status": "confirmed"},
            headers=as_admin,
        )  # fmt: skip
        tiles = stream.next("tiles", within=AT_ONCE)

    assert 200 == moved.status_code
    assert tiles.came_at - began < AT_ONCE
    assert [int(waiting) - 1, int(confirmed) + 1] == [int(text) for text in tiles.data["active"]["steps"][:2]]


def test_a_visitor_is_counted_at_the_next_look(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    page_view = str(new_id())
    event = {"id": page_view, "page_view_id": page_view, "seq": 1, "event_name": "page_view", "timestamp": at,
             "page_url": "https://napoli.example/"}  # fmt: skip
    with open_stream(server, as_admin) as stream:
        before = int(stream.next("tiles", within=10).data["visitors_now"]["value_text"])
        batch = {"restaurant_id": str(napoli), "key": SITE_KEY, "sent_at": at, "events": [event]}
        answer = http.post("/api/events/batch", json=batch, headers=_PERSON)
        tiles = stream.next("tiles", within=AT_THE_NEXT_LOOK).data

    assert (200, 1) == (answer.status_code, answer.json()["accepted"])
    assert str(before + 1) == tiles["visitors_now"]["value_text"]


def test_orders_of_others_are_not_on_the_screen(
    server: Server, http: httpx.Client, tivoli: tuple[UUID, Menu], as_admin: dict[str, str]
) -> None:
    with open_stream(server, as_admin) as stream:
        stream.next("tiles", within=10)
        _order(http, *tivoli)

        assert [] == stream.names(for_=AT_ONCE)


def test_the_stream_of_another_restaurant_does_not_open(
    http: httpx.Client, tivoli: tuple[UUID, Menu], as_admin: dict[str, str]
) -> None:
    restaurant, _ = tivoli

    assert 404 == http.get(f"/dashboard/live?restaurant={restaurant}", headers=as_admin).status_code
    assert 401 == http.get("/dashboard/live").status_code


def test_who_comes_back_is_told_what_happened_meanwhile_and_nothing_twice(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    with open_stream(server, as_admin) as stream:
        stream.next("tiles", within=10)
        first = _order(http, napoli, menu)
        heard = stream.next("order", within=AT_ONCE)
    second = _order(http, napoli, menu)
    with open_stream(server, as_admin, after=heard.id) as stream:
        missed = stream.next("order", within=10)

        assert [first["order_number"], second["order_number"]] == [heard.data["number"], missed.data["number"]]
        assert "order" not in stream.names(for_=1.0)


def test_what_happened_while_the_page_travelled_is_told(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    page = http.get("/dashboard", headers={**as_admin, "accept": "text/html"}).text
    address = page.partition('data-live="/dashboard/live?')[2].partition('"')[0].replace("&amp;", "&")
    order = _order(http, napoli, menu)
    with open_stream(server, as_admin, address) as stream:
        assert order["order_number"] == stream.next("order", within=10).data["number"]


def test_losing_the_log_in_or_the_membership_ends_the_stream(server: Server, napoli: UUID, menu: Menu) -> None:
    url = server.installation.owner_url
    leaving = make_login(url, "leaving@napoli.example", restaurant=napoli)
    fired = make_login(url, "fired@napoli.example", restaurant=napoli)
    staying = make_login(url, "staying@napoli.example", restaurant=napoli)
    headers = [session_token(server, user) for user in (leaving, fired, staying)]
    with ExitStack() as open_:
        streams = [open_.enter_context(open_stream(server, header)) for header in headers]
        for stream in streams:
            stream.next("tiles", within=10)
        with kept_connection(url) as connection:
            connection.execute("update app.login_sessions set ended_at = now() where user_id = %s", [leaving])
            connection.execute("delete from public.user_restaurant_access where user_id = %s", [fired])

        assert [True, True] == [stream.ended.wait(AT_THE_NEXT_LOOK) for stream in streams[:2]]
        assert not streams[2].ended.is_set()
    with server.client() as http:
        again = [http.get("/dashboard/live", headers=header).status_code for header in headers[:2]]

    assert [401, 404] == again


def test_the_stream_outlives_the_listener_s_connection(
    server: Server, http: httpx.Client, napoli: UUID, menu: Menu, as_admin: dict[str, str]
) -> None:
    with open_stream(server, as_admin) as stream:
        stream.next("tiles", within=10)
        with psycopg.connect(server.installation.admin_url, autocommit=True) as connection:
            (killed,) = _listeners(connection)
            connection.execute("select pg_terminate_backend(%s)", [killed])
            _until(lambda: set(_listeners(connection)) - {killed})
        began = time.monotonic()
        _order(http, napoli, menu)

        assert stream.next("order", within=AT_ONCE).came_at - began < AT_ONCE


def _listeners(connection: psycopg.Connection[Any]) -> list[int]:
    found = connection.execute(
        "select pid from pg_stat_activity where datname = current_database() and query = 'listen flow_live'"
    )
    return [row[0] for row in found.fetchall()]


def _until(met: Any) -> None:
    deadline = time.monotonic() + 10
    while not met() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert met()
