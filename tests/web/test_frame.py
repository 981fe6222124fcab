"""The frame around every request: id, headers, log, unforeseen errors."""

from __future__ import annotations

import logging
from uuid import UUID

import httpx
import pytest

from tests.serving import App


async def test_an_answer_carries_a_request_id_of_its_own(http: httpx.AsyncClient) -> None:
    ids = {(await http.get("/api/health/live")).headers["x-request-id"] for _ in range(2)}

    assert [7, 7] == [UUID(request_id).version for request_id in ids]


async def test_a_given_request_id_is_kept_in_header_and_body(http: httpx.AsyncClient) -> None:
    answer = await http.get("/nowhere", headers={"X-Request-Id": "till-7.receipt_42"})

    assert "till-7.receipt_42" == answer.headers["x-request-id"] == answer.json()["error"]["request_id"]


@pytest.mark.parametrize("given", ["x", "a" * 65, "<script>alert(1)</script>", "new\\nline", "æøåæøåæøå"])
async def test_a_strange_request_id_is_replaced(http: httpx.AsyncClient, given: str) -> None:
    answer = await http.get("/api/health/live", headers={b"X-Request-Id": given.encode()})

    assert 7 == UUID(answer.headers["x-request-id"]).version


@pytest.mark.parametrize(
    "path", ["/", "/login", "/api/health/live", "/api/openapi.json", "/static/base.css", "/nowhere"]
)
async def test_every_answer_carries_the_security_headers(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path, headers={"accept": "text/html"})).headers
    policy = headers["content-security-policy"]

    assert "nosniff" == headers["x-content-type-options"]
    assert "same-origin" == headers["referrer-policy"]
    assert "permissions-policy" in headers
    assert "unsafe" not in policy
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert rule in policy


async def test_what_is_personal_is_not_kept_by_caches_on_the_way(http: httpx.AsyncClient) -> None:
    assert "private, no-cache" == (await http.get("/login")).headers["cache-control"]


async def test_the_log_names_the_route_and_nothing_personal(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flow.web.requests")
    secret = "01a20074-0000-7000-8000-000000000001"
    await http.post(f"/orders/{secret}/moves?email=anna@napoli.example", json={"phone": "20123456"})
    written = [str(vars(record)) for record in caplog.records if record.name == "flow.web.requests"]

    assert 1 == len(written)
    assert "/orders/{order_id}/moves" in written[0]
    for personal in (secret, "anna", "20123456", "127.0.0.1"):
        assert personal not in written[0]


async def test_an_unforeseen_error_is_a_500_without_a_word_of_its_text(
    app: App, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.asgi.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError("duplicate key (anna@napoli.example)")

    answer = await http.get("/breaks")

    assert (500, "internal_error") == (answer.status_code, answer.json()["error"]["code"])
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "anna" not in answer.text + caplog.text
    assert "RuntimeError" in str([vars(record) for record in caplog.records])


async def test_a_browser_sees_a_page_for_an_unforeseen_error(app: App, http: httpx.AsyncClient) -> None:
    @app.asgi.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError

    answer = await http.get("/breaks", headers={"accept": "text/html", "accept-language": "en"})

    assert 500 == answer.status_code
    assert "Something went wrong on our side" in answer.text
    assert answer.headers["x-request-id"] in answer.text
