"""Tricks with the Host header gain nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from flow.database.installation import Installation
from tests.serving import App, running_app

MALFORMED = [
    "evil.example/path",
    "a@evil.example",
    "evil.example:80:80",
    "evil example",
    "<script>",
    "",
    "evil.example:x",
    "[::1",
]


@pytest.fixture(scope="module")
def installation(untouched: Installation) -> Installation:
    """What the tests here leave behind is in nobody's way."""
    return untouched


@pytest.fixture
async def named(installation: Installation, tmp_path: Path) -> AsyncIterator[App]:
    async with running_app(
        installation, tmp_path, public_url="https://flow.example", hosts="flow.example, [::1], flow.internal"
    ) as app:
        yield app


@pytest.mark.parametrize("host", MALFORMED)
async def test_a_malformed_host_is_refused(http: httpx.AsyncClient, host: str) -> None:
    assert 400 == (await http.get("/login", headers={"host": host})).status_code


async def test_a_second_host_is_refused(http: httpx.AsyncClient) -> None:
    headers = [("host", "flow.example"), ("host", "evil.example")]
    assert 400 == (await http.get("/login", headers=headers)).status_code


@pytest.mark.parametrize("host", ["flow.example", "FLOW.example:443", "[::1]:8010", "flow.internal:80"])
async def test_a_host_of_the_settings_is_served(named: App, host: str) -> None:
    async with named.client(headers={"host": host}) as client:
        assert 200 == (await client.get("/login")).status_code


@pytest.mark.parametrize("host", ["evil.example", "flow.example.evil.example", "127.0.0.1:8010", "xflow.example"])
async def test_another_host_is_refused_where_the_settings_name_them(named: App, host: str) -> None:
    async with named.client(headers={"host": host}) as client:
        assert 421 == (await client.get("/login")).status_code
        assert 200 == (await client.get("/api/health/live")).status_code


@pytest.mark.parametrize(
    "header", ["host", "x-forwarded-host", "forwarded", "x-host", "x-original-url", "x-rewrite-url"]
)
async def test_no_answer_repeats_a_host_that_was_made_up(http: httpx.AsyncClient, header: str) -> None:
    for path in ("/", "/login", "/dashboard", "/nowhere", "/api/openapi.json", "/.well-known/jwks.json"):
        answer = await http.get(path, headers={header: "evil.example", "accept": "text/html"})
        assert "evil.example" not in answer.text + str(answer.headers), path
