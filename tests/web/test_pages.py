"""Pages in the reader's language and appearance."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from flow.database.installation import Installation
from tests.serving import running_app

HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("query", "cookie", "header", "language"),
    [
        ("", "", "", "da"),
        ("", "", "sv-SE,sv;q=0.9", "sv"),
        ("", "en", "sv", "en"),
        ("?lang=sv", "en", "da", "sv"),
        ("?lang=xx", "", "fr", "da"),
    ],
)
async def test_the_language_is_chosen_by_address_cookie_and_browser_in_this_order(
    http: httpx.AsyncClient, query: str, cookie: str, header: str, language: str
) -> None:
    headers = {**HTML, "accept-language": header, "cookie": f"flow_lang={cookie}"}
    answer = await http.get(f"/login{query}", headers=headers)

    assert language == answer.headers["content-language"]
    assert f'<html lang="{language}"' in answer.text


async def test_a_choice_is_remembered_and_leads_back(http: httpx.AsyncClient) -> None:
    answer = await http.post("/preferences", data={"language": "sv", "theme": "dark", "next": "/login?next=%2F"})
    page = await http.get("/login", headers=HTML)

    assert (303, "/login?next=%2F") == (answer.status_code, answer.headers["location"])
    assert '<html lang="sv" data-theme="dark"' in page.text


@pytest.mark.parametrize("wish", [{"language": "xx"}, {"theme": "<script>"}])
async def test_a_choice_that_does_not_exist_is_refused(http: httpx.AsyncClient, wish: dict[str, str]) -> None:
    answer = await http.post("/preferences", data=wish)

    assert (422, False) == (answer.status_code, "set-cookie" in answer.headers)


async def test_preferences_do_not_lead_elsewhere(http: httpx.AsyncClient) -> None:
    answer = await http.post("/preferences", data={"theme": "dark", "next": "//evil.example"})

    assert "/" == answer.headers["location"]


async def test_another_sites_page_cannot_change_preferences(http: httpx.AsyncClient) -> None:
    answer = await http.post("/preferences", data={"theme": "dark"}, headers={"origin": "http://evil.example"})

    assert (403, "foreign_page") == (answer.status_code, answer.json()["error"]["code"])


async def test_what_is_typed_into_an_address_is_escaped(http: httpx.AsyncClient) -> None:
    answer = await http.get('/login?next=/"><script>alert(1)</script>', headers=HTML)

    assert "<script>alert" not in answer.text


async def test_a_long_page_is_compressed(http: httpx.AsyncClient) -> None:
    answer = await http.get("/login", headers=HTML)

    assert ("gzip", True) == (answer.headers["content-encoding"], "Accept-Encoding" in answer.headers["vary"])


async def test_a_demonstration_shows_its_log_ins(installation: Installation, tmp_path: Path) -> None:
    demo = {"email": "anna@napoli.example", "password": "correct horse battery", "what": "Owner <of> three"}
    async with running_app(installation, tmp_path, demo_logins=[demo]) as app, app.client() as http:
        page = (await http.get("/login", headers=HTML)).text

    assert 'name="password" value="correct horse battery"' in page
    assert "Owner &lt;of&gt; three" in page


async def test_elsewhere_the_log_in_page_shows_none(http: httpx.AsyncClient) -> None:
    assert "demo" not in (await http.get("/login", headers=HTML)).text.lower()
