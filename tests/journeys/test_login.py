"""Logging in and out of a real web process."""

from __future__ import annotations

import re
import time
from html import unescape
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import get_args
from uuid import UUID

import httpx
import jwt
import pytest

from flow.access.types import RestaurantRole
from tests.journeys.conftest import ADMIN
from tests.serving import PASSWORD, Server, bearer, log_in, make_login, running_server

PAGE = {"accept": "text/html", "accept-language": "en"}
WHO = "/auth/v1/user"


def _cookie(answer: httpx.Response, name: str = "flow_session") -> Morsel[str]:
    return SimpleCookie(answer.headers["set-cookie"])[name]


def _session_ids(page: httpx.Response) -> list[str]:
    """The sessions that the page offers to end: all but the one that looks at it."""
    return [
        part.split("/end")[0] for part in page.text.split("/settings/security/sessions/")[1:] if part.startswith("0")
    ]


@pytest.mark.usefixtures("admin")
def test_a_person_logs_in_sees_a_page_and_logs_out(http: httpx.Client) -> None:
    asked = http.get("/settings/security", headers=PAGE)
    form = http.get(asked.headers["location"], headers=PAGE)
    entered = http.post(
        "/login", data={"email": ADMIN, "password": PASSWORD, "next": "/settings/security"}, headers=PAGE
    )
    page = http.get(entered.headers["location"], headers=PAGE)
    left = http.post("/auth/logout", headers=PAGE)
    after = http.get("/settings/security", headers=PAGE)

    assert 'name="next" value="/settings/security"' in form.text
    assert (303, "/settings/security") == (entered.status_code, entered.headers["location"])
    assert (200, True) == (page.status_code, "This one" in page.text)
    assert (303, "/login", {}) == (left.status_code, left.headers["location"], dict(http.cookies))
    assert (303, True) == (after.status_code, after.headers["location"].startswith("/login?next="))


@pytest.mark.usefixtures("admin")
def test_a_wrong_password_shows_the_form_again_with_the_address_but_not_the_password(http: httpx.Client) -> None:
    answer = http.post("/login", data={"email": ADMIN, "password": "wrong horse battery"}, headers=PAGE)

    assert (401, False) == (answer.status_code, "set-cookie" in answer.headers)
    assert "E-mail or password is wrong" in answer.text
    assert ADMIN in answer.text
    assert "wrong horse" not in answer.text


@pytest.mark.usefixtures("admin")
def test_the_front_page_leads_to_the_log_in_and_then_to_the_dashboard(http: httpx.Client) -> None:
    before = http.get("/", headers=PAGE).headers["location"]
    log_in(http, ADMIN)

    assert ("/login", "/dashboard") == (before, http.get("/", headers=PAGE).headers["location"])


@pytest.mark.parametrize("role", [*get_args(RestaurantRole), "none"])
def test_every_role_begins_at_a_page_of_which_no_link_is_dead(server: Server, napoli: UUID, role: str) -> None:
    place = None if role == "none" else napoli
    make_login(server.installation.owner_url, f"{role}@napoli.example", restaurant=place, role=role)
    with server.client() as http:
        http.headers.update(PAGE)
        form = {"email": f"{role}@napoli.example", "password": PASSWORD}
        first = http.post("/login", data=form, follow_redirects=True)
        links = {unescape(link) for link in re.findall(r'<a [^>]*href="(/[^"]*)"', first.text)}
        answers = {link: http.get(link, follow_redirects=True).status_code for link in links}

    assert (200, True) == (first.status_code, len(links) > 1)
    assert {} == {link: status for link, status in answers.items() if status != 200}


@pytest.mark.usefixtures("admin")
def test_a_program_logs_in_by_json_or_form(http: httpx.Client) -> None:
    credentials = {"email": ADMIN, "password": PASSWORD}
    by_json = http.post("/auth/login", json=credentials)
    by_form = http.post("/auth/login", data=credentials)

    assert [200, 200] == [by_json.status_code, by_form.status_code]
    assert ADMIN == by_json.json()["user"]["email"] == by_form.json()["user"]["email"]


@pytest.mark.usefixtures("admin")
def test_the_token_endpoint_answers_as_supabase_does(http: httpx.Client, server: Server) -> None:
    answer = http.post("/auth/v1/token?grant_type=password", json={"email": ADMIN, "password": PASSWORD}).json()
    jwks = http.get("/.well-known/jwks.json").json()
    claims = jwt.decode(
        answer["access_token"], jwt.PyJWK.from_dict(jwks["keys"][0]), algorithms=["ES256"], audience="authenticated"
    )
    who = http.get(WHO, headers={"Authorization": f"Bearer {answer['access_token']}"})

    assert ("bearer", 3600, ADMIN) == (answer["token_type"], answer["expires_in"], answer["user"]["email"])
    assert {
        "sub", "role", "aud", "iss", "exp", "iat", "email", "phone", "session_id", "aal", "amr", "is_anonymous",
        "app_metadata", "user_metadata",
    } == claims.keys()  # fmt: skip
    assert f"{server.url}/auth/v1" == claims["iss"]
    assert jwks == http.get("/auth/v1/.well-known/jwks.json").json()
    assert (200, answer["user"]) == (who.status_code, who.json())


@pytest.mark.usefixtures("admin")
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(http: httpx.Client) -> None:
    cookie = _cookie(log_in(http, ADMIN))

    assert (True, "lax", "/", "") == (cookie["httponly"], cookie["samesite"].lower(), cookie["path"], cookie["domain"])
    assert 29 * 24 * 3600 < int(cookie["max-age"]) <= 30 * 24 * 3600


def test_the_cookie_is_secure_where_people_come_by_https(server: Server, tmp_path: Path) -> None:
    make_login(server.installation.owner_url, "secure@napoli.example")
    with (
        running_server(server.installation, tmp_path, FLOW_PUBLIC_URL="https://flow.example") as behind_https,
        behind_https.client() as http,
    ):
        answer = log_in(http, "secure@napoli.example")

    assert (True, True) == (
        _cookie(answer, "__Host-flow_session")["secure"],
        "strict-transport-security" in answer.headers,
    )


def test_another_process_with_the_same_secret_takes_the_token(
    server: Server, http: httpx.Client, tmp_path: Path
) -> None:
    make_login(server.installation.owner_url, "two@napoli.example")
    token = bearer(http, "two@napoli.example")
    with (
        running_server(server.installation, tmp_path, FLOW_PUBLIC_URL=server.url) as second,
        second.client() as elsewhere,
    ):
        assert 200 == elsewhere.get(WHO, headers=token).status_code


def test_another_installation_refuses_the_token(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    make_login(server.installation.owner_url, "three@napoli.example")
    token = bearer(http, "three@napoli.example")
    with (
        running_server(server.installation, tmp_path, FLOW_PUBLIC_URL=server.url, FLOW_SECRET="x" * 40) as stranger,
        stranger.client() as elsewhere,
    ):
        assert 401 == elsewhere.get(WHO, headers=token).status_code


def test_a_session_that_somebody_ended_is_worth_nothing_at_once(server: Server, http: httpx.Client) -> None:
    make_login(server.installation.owner_url, "lost@napoli.example")
    log_in(http, "lost@napoli.example")
    with server.client() as phone:
        log_in(phone, "lost@napoli.example")
        before = phone.get(WHO).status_code
        (of_phone,) = _session_ids(http.get("/settings/security", headers=PAGE))
        ended = http.post(f"/settings/security/sessions/{of_phone}/end", headers=PAGE)

        assert (200, 303, 401) == (before, ended.status_code, phone.get(WHO).status_code)
    assert 200 == http.get(WHO).status_code


def test_ending_all_others_keeps_this_one(server: Server, http: httpx.Client) -> None:
    make_login(server.installation.owner_url, "many@napoli.example")
    log_in(http, "many@napoli.example")
    programs = [bearer(http, "many@napoli.example") for _ in range(3)]
    listed = len(_session_ids(http.get("/settings/security", headers=PAGE)))
    http.post("/settings/security/sessions/end-others", headers=PAGE)

    assert (3, 0) == (listed, len(_session_ids(http.get("/settings/security", headers=PAGE))))
    with server.client() as elsewhere:
        assert [401] * 3 == [elsewhere.get(WHO, headers=token).status_code for token in programs]


def test_nobody_ends_or_sees_the_sessions_of_others(
    server: Server, http: httpx.Client, admin: UUID, napoli: UUID
) -> None:
    make_login(server.installation.owner_url, "mallory@napoli.example", restaurant=napoli)
    victim = log_in(http, ADMIN).json()["session_id"]
    with server.client() as mallory:
        log_in(mallory, "mallory@napoli.example")
        tried = mallory.post(f"/settings/security/sessions/{victim}/end")
        mallory.post("/settings/security/sessions/end-others")

        assert (404, False) == (tried.status_code, victim in mallory.get("/settings/security", headers=PAGE).text)
    assert 200 == http.get(WHO).status_code


def test_logging_out_ends_the_session_and_not_the_cookie_alone(server: Server, http: httpx.Client) -> None:
    make_login(server.installation.owner_url, "out@napoli.example")
    stolen = _cookie(log_in(http, "out@napoli.example")).value
    http.post("/auth/logout")
    with server.client(cookies={"flow_session": stolen}) as thief:
        assert 401 == thief.get(WHO).status_code


def test_logging_out_twice_is_no_error(http: httpx.Client) -> None:
    assert [204, 204] == [http.post("/auth/logout").status_code for _ in range(2)]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.usefixtures("admin")
def test_another_sites_page_cannot_act_with_the_cookie(http: httpx.Client, headers: dict[str, str]) -> None:
    log_in(http, ADMIN)
    for path in ("/auth/logout", "/settings/security/sessions/end-others", "/auth/login", "/login", "/preferences"):
        answer = http.post(path, headers=headers)
        assert (403, "foreign_page") == (answer.status_code, answer.json()["error"]["code"])
    assert 200 == http.get(WHO).status_code


@pytest.mark.usefixtures("admin")
def test_an_own_page_may(server: Server, http: httpx.Client) -> None:
    log_in(http, ADMIN)
    for headers in ({"origin": server.url, "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {}):
        assert 303 == http.post("/settings/security/sessions/end-others", headers=headers).status_code


@pytest.mark.usefixtures("admin")
def test_a_program_with_a_token_says_no_origin(http: httpx.Client) -> None:
    token = bearer(http, ADMIN)

    answer = http.post("/settings/security/sessions/end-others", headers=token)

    assert 303 == answer.status_code


@pytest.mark.parametrize(
    "next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.usefixtures("admin")
def test_a_log_in_leads_nowhere_else(http: httpx.Client, next_page: str) -> None:
    shown = http.get("/login", params={"next": next_page}, headers=PAGE)
    answer = http.post("/login", data={"email": ADMIN, "password": PASSWORD, "next": next_page})

    assert 'name="next" value="/dashboard"' in shown.text
    assert "/dashboard" == answer.headers["location"]


def test_too_many_attempts_make_the_page_say_how_long_to_wait(server: Server, http: httpx.Client) -> None:
    make_login(server.installation.owner_url, "tired@napoli.example")
    wrong = {"email": "tired@napoli.example", "password": "wrong horse battery"}
    statuses = [http.post("/login", data=wrong).status_code for _ in range(10)]
    paused = http.post("/login", data={**wrong, "password": PASSWORD}, headers=PAGE)

    assert ([401] * 10, 429) == (statuses, paused.status_code)
    assert "Wait 15 minutes" in paused.text
    assert 0 < int(paused.headers["retry-after"]) <= 900


def test_a_supabase_token_opens_the_api(server: Server, tmp_path: Path, napoli: UUID) -> None:
    user = make_login(server.installation.owner_url, "supa@napoli.example", restaurant=napoli)
    secret, issuer = "a supabase project's secret of 32 bytes", "https://project.supabase.co/auth/v1"
    claims = {
        "sub": str(user), "role": "authenticated", "aud": "authenticated", "iss": issuer, "exp": time.time() + 60,
        "session_id": "3b0e9b9e-58a1-4c0e-9b38-0f6e2f4d9a11", "email": "supa@napoli.example",
    }  # fmt: skip
    settings = {"FLOW_JWT_ISSUER": issuer, "FLOW_JWT_SECRET": secret}
    with running_server(server.installation, tmp_path, **settings) as supabase, supabase.client() as http:
        statuses = {
            role: http.get(
                WHO, headers={"Authorization": f"Bearer {jwt.encode({**claims, 'role': role}, secret, 'HS256')}"}
            ).status_code
            for role in ("authenticated", "service_role", "anon")
        }

    assert {"authenticated": 200, "service_role": 401, "anon": 401} == statuses
