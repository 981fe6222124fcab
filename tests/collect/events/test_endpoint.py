"""The endpoint itself: who may send, from where, how much, and how it answers."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from flow.collect.events.endpoint import MAX_BODY_BYTES, PATH, BatchEndpoint
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.ids import parse_id
from flow.settings import Settings
from tests.business.menus import make_site_key
from tests.collect.events.sending import BROWSER, KEY, Shop, event, open_shop
from tests.factories import make_restaurant

OTHER_KEY = "fk_other_other_other_other"


def _code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an error, which has the one shape."""
    error = answer.json()["error"]
    assert {"code", "message", "details", "request_id"} == error.keys()
    assert parse_id(error["request_id"]) is not None
    assert error["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, error["code"]


async def test_the_answer_tells_each_event_apart_in_the_order_sent(shop: Shop) -> None:
    good, bad = event(), event("no_such_event")
    answer = await shop.post(good, bad, good)

    assert "application/json" == answer.headers["content-type"]
    body = answer.json()
    assert {"accepted": 1, "duplicate": 1, "rejected": 1} == {name: body[name] for name in body if name != "results"}
    assert [{"id": good["id"], "status": "accepted"}, {"id": good["id"], "status": "duplicate"}] == body["results"][::2]
    assert {"id", "status", "code", "message"} == body["results"][1].keys()


async def test_an_empty_batch_is_fine(shop: Shop) -> None:
    assert {"accepted": 0, "duplicate": 0, "rejected": 0, "results": []} == (await shop.post()).json()


@pytest.mark.parametrize(
    "media_type", ["application/json", "text/plain", "text/plain;charset=UTF-8", "Application/JSON"]
)
async def test_json_and_plain_text_are_taken(shop: Shop, media_type: str) -> None:
    assert 200 == (await shop.post(event(), headers={"content-type": media_type})).status_code


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"])
async def test_another_media_type_is_not(shop: Shop, media_type: str) -> None:
    assert (415, "unsupported_media_type") == _code(await shop.post(event(), headers={"content-type": media_type}))


async def test_other_methods_are_told_which_there_are(shop: Shop) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD"):
        answer = await shop.http.request(method, PATH)
        assert (405, "POST, OPTIONS") == (answer.status_code, answer.headers["allow"])


async def test_a_preflight_lets_any_page_send_without_credentials(shop: Shop) -> None:
    answer = await shop.http.options(
        PATH, headers={"origin": "https://napoli.example", "access-control-request-method": "POST"}
    )

    assert (204, "*", "POST") == (
        answer.status_code,
        answer.headers["access-control-allow-origin"],
        answer.headers["access-control-allow-methods"],
    )
    assert "content-type" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_page_may_read_every_answer(shop: Shop) -> None:
    for answer in (await shop.post(event()), await shop.post(event(), key=OTHER_KEY)):
        assert "*" == answer.headers["access-control-allow-origin"]


async def test_an_unknown_key_is_refused(shop: Shop) -> None:
    assert (401, "unknown_site_key") == _code(await shop.post(event(), key=OTHER_KEY))
    assert (401, "unknown_site_key") == _code(await shop.post(event(), restaurant_id=str(uuid4())))


async def test_the_key_of_another_restaurant_is_refused(shop: Shop) -> None:
    url = shop.installation.owner_url
    make_site_key(url, make_restaurant(url, "Roma"), key=OTHER_KEY)

    assert (401, "unknown_site_key") == _code(await shop.post(event(), key=OTHER_KEY))


async def test_a_revoked_key_is_refused_by_a_process_that_does_not_know_it_yet(shop: Shop) -> None:
    shop.run("update public.site_keys set revoked_at = now()")

    assert (401, "unknown_site_key") == _code(await shop.post(event()))


async def test_a_revoked_key_is_refused_within_seconds(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flow.collect.events.sites._FRESH_SECONDS", 0.05)
    assert 200 == (await shop.post(event())).status_code
    shop.run("update public.site_keys set revoked_at = now()")
    await asyncio.sleep(0.1)

    assert (401, "unknown_site_key") == _code(await shop.post(event()))


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://napoli.example", True),
        ("https://NAPOLI.example", True),
        ("https://evil.example", False),
        ("http://napoli.example", False),
        ("https://napoli.example.evil.example", False),
        ("null", False),
        (None, True),
    ],
)
async def test_a_key_is_bound_to_its_origins(shop: Shop, origin: str | None, allowed: bool) -> None:
    shop.run("update public.site_keys set allowed_origins = '{https://napoli.example}'")
    headers = {name: value for name, value in BROWSER.items() if name != "origin"}
    body = {"restaurant_id": str(shop.restaurant), "key": KEY, "events": [event()]}
    answer = await shop.http.post(PATH, json=body, headers=headers | ({"origin": origin} if origin else {}))

    assert allowed == answer.is_success
    if not allowed:
        assert (403, "origin_not_allowed") == _code(answer)


async def test_a_key_sends_so_many_events_a_minute(shop: Shop) -> None:
    shop.run("update public.site_keys set events_per_minute = 60")
    assert 200 == (await shop.post(*(event() for _ in range(80)))).status_code

    answer = await shop.post(event())
    assert (429, "too_many_requests") == _code(answer)
    assert 20 <= int(answer.headers["retry-after"]) <= 22


async def test_an_address_sends_so_many_events_a_minute(
    installation: Installation, database: Database, restaurant: Any, clock: FixedClock
) -> None:
    async with open_shop(installation, database, restaurant, clock, events_per_minute_per_address=60) as shop:
        assert 200 == (await shop.post(*(event() for _ in range(80)))).status_code

        assert (429, "too_many_requests") == _code(await shop.post(event()))
        assert 200 == (await shop.post(event(), headers={"x-forwarded-for": "203.0.113.8"})).status_code
        assert 200 == (await shop.post(event(), headers={"x-forwarded-for": "127.0.0.1"})).status_code


async def test_a_body_may_have_512_kib_and_not_a_byte_more(shop: Shop) -> None:
    headers = BROWSER | {"x-flow-restaurant": str(shop.restaurant), "x-flow-key": KEY}

    assert 400 == (await shop.http.post(PATH, content=b"x" * MAX_BODY_BYTES, headers=headers)).status_code
    answer = await shop.http.post(PATH, content=b"x" * (MAX_BODY_BYTES + 1), headers=headers)
    assert (413, "too_large") == _code(answer)


async def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further_than_that(shop: Shop) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 10 * MAX_BODY_BYTES:
            sent += 65_536
            yield b"x" * 65_536

    async def receive() -> Any:
        chunk = await anext(chunks)
        return {"type": "http.request", "body": chunk, "more_body": True}

    chunks = endless()
    statuses = await _call(shop.endpoint, receive, {"transfer-encoding": "chunked"})
    assert [413] == statuses
    assert sent <= MAX_BODY_BYTES + 65_536


async def test_a_client_that_hangs_up_is_no_error(shop: Shop) -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    assert [] == await _call(shop.endpoint, receive, {})


async def test_the_country_comes_from_the_trusted_header_alone(
    installation: Installation, database: Database, restaurant: Any, clock: FixedClock
) -> None:
    async with open_shop(installation, database, restaurant, clock, country_header="CF-IPCountry") as shop:
        for country in ("dk", "SE", "Denmark", "D1", "æ"):
            visitor = str(uuid4())
            await shop.post(event(), visitor_id=visitor, headers={"cf-ipcountry": country.encode("latin-1")})  # type: ignore[dict-item]

        assert [("DK",), ("SE",), (None,), (None,), (None,)] == shop.rows(
            "select country_code from public.sessions order by country_code is null, country_code"
        )


async def test_nobody_is_served_before_the_process_has_started() -> None:
    transport = httpx.ASGITransport(app=BatchEndpoint(Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://flow.example") as http:
        answer = await http.post(PATH, content=b"{}", headers=BROWSER)

    assert (503, "unavailable") == _code(answer)
    assert "1" == answer.headers["retry-after"]


async def _call(endpoint: BatchEndpoint, receive: Any, headers: dict[str, str]) -> list[int]:
    """The statuses that the endpoint answers with, called without a client that has opinions."""
    sent: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    raw = [(name.encode(), value.encode()) for name, value in (BROWSER | headers).items()]
    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": raw, "client": None}
    await endpoint(scope, receive, send)
    return sent
