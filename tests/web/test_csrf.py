"""What pages of other sites make a browser send is refused, whatever it is for."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from flow.database.installation import Installation
from tests.routes import AN_ID, application, routes_of
from tests.serving import App, make_login, running_app

OWN = "http://127.0.0.1:8010"
FOREIGN = (
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"origin": "http://shop.flow.example", "sec-fetch-site": "same-site"},
    {"origin": f"{OWN}.evil.example"},
    {"origin": f"https://evil.example/{OWN}"},
    {"origin": "http://127.0.0.1:8011"},
)
OPEN = {  # with a site key and without a cookie, from the pages of restaurants
    "POST /api/orders",
    "POST /api/quotes",
    "POST /api/events/batch",
    "POST /api/consents/analytics",
}


@pytest.fixture(scope="module")
def installation(untouched: Installation) -> Installation:
    """What the tests here leave behind is in nobody's way."""
    return untouched


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/login", "/auth/login", "/auth/logout", "/preferences", "/api/menu"])
async def test_a_foreign_page_changes_nothing(http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    answer = await http.post(path, headers=headers, data={"email": "anna@napoli.example", "password": "x"})
    assert (403, "foreign_page") == (answer.status_code, answer.json()["error"]["code"])
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [{"origin": OWN, "sec-fetch-site": "same-origin"}, {"origin": OWN}, {"sec-fetch-site": "none"}, {}],
    ids=str,
)
async def test_an_own_page_and_a_program_get_through(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert 303 == (await http.post("/preferences", headers=headers, data={"language": "sv"})).status_code


async def test_every_unsafe_route_refuses_a_foreign_page_but_those_for_pages(app: App, tmp_path: Path) -> None:
    async with app.client() as client:
        reached = {
            route.name
            for route in routes_of(application(tmp_path))
            if route.method not in ("GET", "HEAD", "OPTIONS")
            and (await client.request(route.method, route.example, headers=FOREIGN[0])).status_code != 403
        }
    assert OPEN >= reached


async def test_a_foreign_page_does_not_log_its_visitor_in_as_the_attacker(app: App, installation: Installation) -> None:
    make_login(installation.owner_url, "mallory@evil.example")
    async with app.client() as client:
        form = {"email": "mallory@evil.example", "password": "correct horse battery"}
        refused = await client.post("/login", data=form, headers=FOREIGN[0])
        let_in = await client.post("/login", data=form, headers={"origin": OWN})
    assert (403, None) == (refused.status_code, refused.headers.get("set-cookie"))
    assert 303 == let_in.status_code


async def test_a_link_from_elsewhere_is_followed(http: httpx.AsyncClient) -> None:
    answer = await http.get("/login", headers={"sec-fetch-site": "cross-site", "accept": "text/html"})
    assert 200 == answer.status_code


async def test_under_https_a_page_that_came_in_the_clear_is_foreign(installation: Installation, tmp_path: Path) -> None:
    async with (
        running_app(installation, tmp_path, public_url="https://flow.example") as app,
        app.client(headers={"host": "flow.example"}) as client,
    ):
        clear = await client.post("/preferences", headers={"origin": "http://flow.example"})
        secure = await client.post("/preferences", headers={"origin": "https://flow.example"})
    assert (403, 303) == (clear.status_code, secure.status_code)


async def test_a_method_in_a_header_or_a_field_is_no_method(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"/orders/{AN_ID}/moves?_method=POST", headers={"x-http-method-override": "POST"})
    assert answer.status_code in (404, 405)
