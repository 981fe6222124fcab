"""The security headers of every route, in the clear and under HTTPS; and the cookies."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from flow.database.installation import Installation
from flow.web.headers import CONTENT_SECURITY_POLICY, security_headers
from tests.routes import application, routes_of
from tests.serving import App, make_login, running_app

PASSWORD = "correct horse battery"
FOR_OTHER_SITES = re.compile(r"/(?:flow|consent)(?:\.core|\.\{digest\})*\.m?js")


@pytest.fixture
async def secure(installation: Installation, tmp_path: Path) -> AsyncIterator[App]:
    async with running_app(installation, tmp_path, public_url="https://flow.example") as app:
        yield app


async def test_every_route_carries_every_header(app: App, tmp_path: Path) -> None:
    wanted = {name.decode(): value.decode() for name, value in security_headers(https=False)}
    del wanted["cache-control"]  # static files say how long they hold
    faults = []
    async with app.client() as client:
        for route in routes_of(application(tmp_path)):
            if route.path in app.asgi.direct:
                continue  # the batch has its own test below
            headers = (await client.request(route.method, route.example)).headers
            given = {name: headers.get(name) for name in wanted}
            if FOR_OTHER_SITES.fullmatch(route.path) and given["cross-origin-resource-policy"] == "cross-origin":
                given["cross-origin-resource-policy"] = "same-origin"
            if given["referrer-policy"] == "no-referrer":  # stricter still, where the address itself is a secret
                given["referrer-policy"] = "same-origin"
            faults += [(route.name, name) for name in wanted if given[name] != wanted[name]]
    assert [] == faults


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert "'none'" == rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"]
    assert {"'self'", "'none'", "data:"} == {source for sources in rules.values() for source in sources.split()}
    assert {"img-src"} == {name for name, sources in rules.items() if "data:" in sources}


async def test_the_tracker_may_be_loaded_by_any_site(http: httpx.AsyncClient) -> None:
    for path in ("/flow.js", "/flow.core.js", "/flow.mjs"):
        headers = (await http.get(path)).headers
        assert ("cross-origin", "*") == (
            headers["cross-origin-resource-policy"],
            headers["access-control-allow-origin"],
        )
    batch = await http.post("/api/events/batch", content="{}")
    assert "cross-origin" == batch.headers["cross-origin-resource-policy"]


async def test_https_is_asked_for_only_where_people_come_by_it(http: httpx.AsyncClient, secure: App) -> None:
    assert "strict-transport-security" not in (await http.get("/login")).headers
    async with secure.client() as client:
        headers = (await client.get("/login")).headers
    assert "max-age=31536000; includeSubDomains" == headers["strict-transport-security"]
    assert headers["content-security-policy"].endswith("; upgrade-insecure-requests")


async def test_the_cookie_of_a_log_in_is_out_of_reach(app: App, installation: Installation) -> None:
    make_login(installation.owner_url, "anna@napoli.example")
    async with app.client() as client:
        answer = await client.post("/auth/login", json={"email": "anna@napoli.example", "password": PASSWORD})
    cookie = SimpleCookie(answer.headers["set-cookie"])["flow_session"]
    assert (True, "lax", "/", "") == (cookie["httponly"], cookie["samesite"].lower(), cookie["path"], cookie["domain"])


async def test_under_https_the_cookie_is_of_this_very_host(secure: App, installation: Installation) -> None:
    make_login(installation.owner_url, "anna@napoli.example")
    async with secure.client(headers={"accept": "text/html"}) as client:
        given = {"email": "anna@napoli.example", "password": PASSWORD}
        answer = await client.post("/auth/login", json=given, headers={"accept": "application/json"})
        cookie = SimpleCookie(answer.headers["set-cookie"])["__Host-flow_session"]
        token = {"cookie": f"__Host-flow_session={cookie.value}"}
        inside = await client.get("/settings/security", headers=token)
        planted = await client.get("/settings/security", headers={"cookie": f"flow_session={cookie.value}"})
        out = await client.post("/auth/logout", headers=token)
    assert (True, True, "/", "") == (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"])
    assert (200, 303) == (inside.status_code, planted.status_code)  # a sibling domain can plant only the latter
    assert "__Host-flow_session" in SimpleCookie(out.headers["set-cookie"])


@pytest.mark.parametrize(
    "value", ["x\r\nset-cookie: a=b", "x\nlocation: https://evil.example", "x\x00y", "æ\r\n\r\n<p>"]
)
async def test_no_value_becomes_a_header(http: httpx.AsyncClient, value: str) -> None:
    answers = [
        await http.get("/login", params={"next": value, "lang": value}),
        await http.post("/preferences", data={"language": "da", "next": value}),
        await http.get("/dashboard", params={"restaurant": value}, headers={"accept": "text/html"}),
        await http.get("/orders/export.csv", params={"restaurant": value}, headers={"accept": "text/html"}),
        await http.post("/auth/login", json={"email": value, "password": value}),
    ]
    for answer in answers:
        assert "a=b" not in answer.headers.get("set-cookie", "")
        assert not answer.headers.get("location", "/").startswith(("https:", "//"))
        assert all("\r" not in text and "\n" not in text for pair in answer.headers.multi_items() for text in pair)


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "\thttps://evil.example"]
)
async def test_no_log_in_and_no_preference_leads_elsewhere(
    app: App, http: httpx.AsyncClient, installation: Installation, target: str
) -> None:
    make_login(installation.owner_url, "anna@napoli.example")
    form = {"email": "anna@napoli.example", "password": PASSWORD, "next": target}
    places = [
        (await http.post("/login", data=form)).headers["location"],
        (await http.post("/preferences", data={"language": "da", "next": target})).headers["location"],
    ]
    assert ["/dashboard", "/"] == places
