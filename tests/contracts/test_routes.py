"""Every route asks for a log-in, or stands on this short list with the reason why it need not."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from flow.database.installation import Installation
from flow.web.issuer import Issuer
from tests.routes import application, routes_of
from tests.serving import running_app
from tests.web.tokens import SECRET, claims_of_token

PUBLIC = {
    "GET /": "leads to the log-in",
    "GET /login": "the log-in itself",
    "POST /login": "the log-in itself",
    "GET /login/code": "the second step of the log-in",
    "POST /login/code": "the second step of the log-in; bound to the ticket of the first",
    "GET /password/forgotten": "for who cannot log in",
    "POST /password/forgotten": "for who cannot log in; says nothing about anybody",
    "GET /password/reset/{link}": "bound to the link in its address",
    "POST /password/reset/{link}": "bound to the link in its address",
    "GET /invitations/{link}": "bound to the link in its address",
    "POST /invitations/{link}": "bound to the link in its address",
    "POST /auth/login": "the log-in itself",
    "POST /auth/v1/token": "the log-in itself",
    "POST /auth/logout": "looks for the session itself, and is content without one",
    "POST /preferences": "sets two cookies that hold nothing personal",
    "GET /.well-known/jwks.json": "public keys",
    "GET /auth/v1/.well-known/jwks.json": "public keys",
    "GET /api/openapi.json": "the API's documentation",
    "GET /api/health/live": "for whoever watches the process",
    "GET /api/health/ready": "for whoever watches the process",
    "GET /static/{path:path}": "styles, scripts, fonts",
    "GET /flow.js": "the tracker, for any site",
    "GET /flow.mjs": "the tracker, for any site",
    "GET /flow.core.js": "the tracker, for any site",
    "GET /flow.core.mjs": "the tracker, for any site",
    "GET /flow.{digest}.js": "the tracker, for any site",
    "GET /flow.{digest}.mjs": "the tracker, for any site",
    "GET /flow.core.{digest}.js": "the tracker, for any site",
    "GET /flow.core.{digest}.mjs": "the tracker, for any site",
    "GET /consent.js": "the consent banner, for any site",
    "GET /consent.{digest}.js": "the consent banner, for any site",
    "GET /api/consents/banner": "what a visitor is asked",
    "POST /api/consents/analytics": "a visitor's answer; bound to a site key and its origins",
    "GET /preferences/{token}": "a guest's preferences; bound to the signed link",
    "POST /preferences/{token}/choose": "a guest's preferences; bound to the signed link",
    "POST /preferences/{token}/withdraw": "a guest's preferences; bound to the signed link",
    "GET /preferences/confirm/{token}": "a guest's confirmation; bound to the signed link",
    "POST /preferences/confirm/{token}": "a guest's confirmation; bound to the signed link",
    "POST /api/events/batch": "visitors' events; bound to a site key and its origins",
    "GET /api/menu": "a menu hangs in the window",
    "POST /api/quotes": "guests ask for a price; bound to a site key or a token",
    "POST /api/orders": "guests order; bound to a site key or a token",
    "GET /shop/{slug}": "the demonstration's shop",
    "GET /shop/{slug}/orders/{order_id}": "a guest's receipt; bound to the token in its address",
    "GET /shop/{slug}/orders/{order_id}/status": "a guest's receipt; bound to the token in its address",
    "GET /shop/{slug}/orders/{order_id}/pay": "a guest's way to pay; bound to the token of the receipt",
}


def test_every_route_asks_for_a_log_in_or_says_why_not(tmp_path: Path) -> None:
    open_routes = {route.name for route in routes_of(application(tmp_path)) if not route.needs_log_in}

    assert set() == open_routes - PUBLIC.keys()


def test_the_list_names_no_route_that_asks_for_a_log_in_after_all(tmp_path: Path) -> None:
    closed = {route.name for route in routes_of(application(tmp_path)) if route.needs_log_in}

    assert set() == closed & PUBLIC.keys()


@pytest.mark.parametrize("kind", ["no token", "garbage", "another key", "service_role"])
async def test_no_closed_route_answers_a_stranger(installation: Installation, tmp_path: Path, kind: str) -> None:
    async with running_app(installation, tmp_path) as app, app.client() as http:
        headers = _headers(kind, app.asgi.state.flow.issuer)
        answers = {
            route.name: (await _ask(http, route.method, route.example, headers)).status_code
            for route in routes_of(app.asgi)
            if route.needs_log_in
        }

    assert answers
    assert set() == {name for name, status in answers.items() if status != 401}


async def test_what_a_route_shares_with_other_sites_is_not_personal(installation: Installation, tmp_path: Path) -> None:
    """Access-Control-Allow-Origin lets another site's script read an answer; with a cookie's rights it never may."""
    async with running_app(installation, tmp_path) as app, app.client() as http:
        shared = set()
        for route in routes_of(app.asgi):
            answer = await _ask(http, route.method, route.example, {"origin": "http://evil.example"})
            assert "access-control-allow-credentials" not in answer.headers
            if "access-control-allow-origin" in answer.headers and route.needs_log_in:
                shared.add(route.name)

    assert set() == shared


async def _ask(http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    return await http.request(method, path, headers=headers, json={} if method != "GET" else None)


def _headers(kind: str, issuer: Issuer) -> dict[str, str]:
    tokens = {
        "garbage": "x.y.z",
        "another key": Issuer(issuer.name, SECRET).sign(claims_of_token()),
        "service_role": issuer.sign(claims_of_token(role="service_role")),
    }
    return {"Authorization": f"Bearer {tokens[kind]}"} if kind in tokens else {}
