"""What the tracker and the banner are told, and what is kept of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.database.installation import Installation
from flow.kit.ids import new_id
from flow.privacy.subjects import pseudonym
from tests.business.menus import make_site_key
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import running_app


@dataclass
class Site:
    """A page of the restaurant's, as FLOW sees it."""

    installation: Installation
    http: httpx.AsyncClient
    restaurant: UUID
    key: str
    visitor: UUID

    async def answer(self, *, granted: bool = True, **fields: object) -> httpx.Response:
        body = {
            "restaurant_id": str(self.restaurant),
            "key": self.key,
            "visitor_id": str(self.visitor),
            "granted": granted,
            **fields,
        }
        headers = {"content-type": "text/plain;charset=UTF-8", "origin": "https://napoli.example"}
        return await self.http.post("/api/consents/analytics", content=json.dumps(body), headers=headers)

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(f"select {columns} from public.user_consents order by number".encode()).fetchall()


@pytest.fixture
async def site(installation: Installation, tmp_path: Path) -> AsyncIterator[Site]:
    restaurant = make_restaurant(installation.owner_url, "Napoli")
    key = make_site_key(installation.owner_url, restaurant)
    async with running_app(installation, tmp_path) as app, app.client() as http:
        yield Site(installation, http, restaurant, key, new_id())


async def test_the_question_comes_in_the_language_asked_for_with_its_version(site: Site) -> None:
    answers = [
        await site.http.get(
            "/api/consents/banner", params={"restaurant_id": str(site.restaurant), "language": language}
        )
        for language in ("da", "sv", "en")
    ]
    texts = [answer.json()["text"] for answer in answers]
    assert 3 == len(set(texts))
    assert ["Må Napoli", "Får Napoli", "May Napoli"] == [text[: len("xx Napoli") + 1].strip() for text in texts]
    assert {365} == {answer.json()["valid_days"] for answer in answers}


async def test_any_site_may_ask_and_answer_without_cookies(site: Site) -> None:
    headers = {"origin": "https://napoli.example"}
    asked = await site.http.get("/api/consents/banner", params={"restaurant_id": str(site.restaurant)}, headers=headers)
    answered = await site.answer()
    assert {"*"} == {answer.headers["access-control-allow-origin"] for answer in (asked, answered)}
    assert "set-cookie" not in {*asked.headers, *answered.headers}


async def test_a_yes_is_kept_with_the_text_that_was_shown(site: Site) -> None:
    asked = await site.http.get(
        "/api/consents/banner", params={"restaurant_id": str(site.restaurant), "language": "sv"}
    )
    shown = asked.json()
    assert 204 == (await site.answer(version=shown["version"], language="sv")).status_code
    [row] = site.rows(
        "subject, consent_type, channel, granted, status, consent_version, consent_text, language, collection_method, "
        "expires_at - created_at = interval '365 days'"
    )
    subject = pseudonym(site.installation.secret, str(site.visitor))
    expected = ("analytics", "web", True, "confirmed", shown["version"], shown["text"], "sv", "cookie_banner", True)
    assert (subject, *expected) == row


async def test_the_same_answer_twice_is_one_piece_of_evidence_and_another_one_is_another(site: Site) -> None:
    for granted in (True, True, False, False, True):
        assert 204 == (await site.answer(granted=granted)).status_code
    assert [(True,), (False,), (True,)] == site.rows("granted")


async def test_a_banner_of_the_sites_own_sends_its_words(site: Site) -> None:
    await site.answer(text="Må vi måle?", language="da")
    assert [("own-banner", "Må vi måle?")] == site.rows("consent_version, consent_text")


async def test_what_was_asked_in_words_unknown_says_so(site: Site) -> None:
    await site.answer()
    [(version, text)] = site.rows("consent_version, consent_text")
    assert ("own-banner", True) == (version, text.startswith("The site asked"))


async def test_an_unknown_version_is_refused_for_a_yes_and_never_for_a_no(site: Site) -> None:
    refused = await site.answer(version="flow-web-da-00000000")
    assert (422, "unknown_consent_text") == (refused.status_code, refused.json()["error"]["code"])
    assert 204 == (await site.answer(granted=False, version="flow-web-da-00000000")).status_code
    assert [(False,)] == site.rows("granted")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"key": "fk_" + "x" * 32}, 401),
        ({"restaurant_id": str(new_id())}, 401),
        ({"visitor_id": "anna@example.dk"}, 422),
        ({"version": "x' or 1=1"}, 422),
        ({"text": "x" * 2001}, 422),
        ({"granted": None}, 422),
    ],
)
async def test_bad_input_is_refused_and_nothing_kept(site: Site, fields: dict[str, Any], status: int) -> None:
    assert status == (await site.answer(**fields)).status_code
    assert [] == site.rows("id")


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b"{", 400), (b"\xff", 400), (b"[]", 422), (b'{"granted": true}', 422)]
)
async def test_what_is_no_answer_is_an_error(site: Site, body: bytes, status: int) -> None:
    assert status == (await site.http.post("/api/consents/analytics", content=body)).status_code


async def test_a_page_of_another_origin_may_not_use_the_key(site: Site) -> None:
    with kept_connection(site.installation.owner_url) as connection:
        connection.execute("update public.site_keys set allowed_origins = '{https://other.example}'")
    assert 403 == (await site.answer()).status_code
