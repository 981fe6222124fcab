"""How the tracker is served: types, caches, compression and foreign sites."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from flow.collect.tracker.api import router
from flow.collect.tracker.build import KINDS, Kind, bundle

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://flow.test") as opened:
        yield opened


@pytest.mark.parametrize("kind", KINDS)
async def test_each_file_is_served_as_javascript_to_any_site(client: AsyncClient, kind: Kind) -> None:
    answer = await client.get(f"/{kind}", headers=GZIP)
    assert (200, bundle(kind).content) == (answer.status_code, answer.content)
    assert {
        "content-type": "text/javascript; charset=utf-8",
        "content-encoding": "gzip",
        "content-length": str(len(bundle(kind).compressed)),
        "vary": "Accept-Encoding",
        "cache-control": "public, max-age=3600, stale-while-revalidate=86400",
        "etag": f'"{bundle(kind).digest}-gzip"',
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    } == dict(answer.headers)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_name_with_the_digest_may_be_kept_for_ever(client: AsyncClient, kind: Kind) -> None:
    answer = await client.get(f"/{bundle(kind).name}")
    assert bundle(kind).content == answer.content
    assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("name", "newest"),
    [("flow.0123456789abcdef.js", "flow.js"), ("flow.core.0.js", "flow.core.js"), ("flow.x.mjs", "flow.mjs")],
)
async def test_the_name_of_another_version_leads_to_the_newest(client: AsyncClient, name: str, newest: str) -> None:
    answer = await client.get(f"/{name}")
    assert (307, newest) == (answer.status_code, answer.headers["location"])
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
        ("GZIP", True),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("", False),
    ],
)
async def test_only_who_takes_gzip_gets_it(client: AsyncClient, accepted: str, *, compressed: bool) -> None:
    answer = await client.get("/flow.js", headers={"Accept-Encoding": accepted})
    assert compressed == ("content-encoding" in answer.headers)
    assert bundle("flow.js").content == answer.content


@pytest.mark.parametrize("encoding", [GZIP, PLAIN])
async def test_what_the_browser_has_is_not_sent_again(client: AsyncClient, encoding: dict[str, str]) -> None:
    etag = (await client.get("/flow.js", headers=encoding)).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await client.get("/flow.js", headers=encoding | {"If-None-Match": known})
        assert (304, b"", etag) == (answer.status_code, answer.content, answer.headers["etag"])
        assert "max-age=3600" in answer.headers["cache-control"]
    assert 200 == (await client.get("/flow.js", headers=encoding | {"If-None-Match": '"other"'})).status_code


async def test_the_two_encodings_have_etags_of_their_own(client: AsyncClient) -> None:
    tags = {(await client.get("/flow.js", headers=encoding)).headers["etag"] for encoding in (GZIP, PLAIN)}
    assert 2 == len(tags)


async def test_a_head_request_tells_the_length_only(client: AsyncClient) -> None:
    answer = await client.head("/flow.js", headers=GZIP)
    assert (200, b"") == (answer.status_code, answer.content)
    assert str(len(gzip.compress(bundle("flow.js").content, mtime=0))) == answer.headers["content-length"]
