"""Bad input to every route: the right status, a clear error, no traceback, and the server lives on.

The routes and their fields are read from the application, so a new route is covered from its first day.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from tests.business.menus import make_site_key
from tests.connections import kept_connection
from tests.document import ApiDocument
from tests.routes import RouteOf, application, routes_of
from tests.serving import Server

_APP = application(Path(tempfile.gettempdir()))
_ROUTES = routes_of(_APP)
_WRITING = [route for route in _ROUTES if route.method in ("POST", "PUT", "PATCH")]
_DOCUMENT = ApiDocument(_APP)

_JSON = {"content-type": "application/json", "idempotency-key": "bad input"}
_MEDIA_TYPES = ["", "x", "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x"]
_NASTY = [
    "'; drop table public.orders; --",
    "\" or 1=1 --",
    "%' union select password_hash from app.user_credentials --",
    "<script>alert(document.cookie)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "${7*7}",
    "%(name)s %s {0}",
    "../../../../etc/passwd",
    "\u202e\u0000\ufeff",
    "\ud800",
    "💥" * 200,
    "x" * 100_000,
]  # fmt: skip
_WRONG_TYPES: list[object] = [None, True, 0, -1, 10**400, 1.5, "", "x", [], [[]], {}, {"": {}}, [None] * 3]
_MALFORMED = [b"{", b"\xff\xfe", b'{"a": 1} {"b": 2}', b'{"a": NaN']
_ALSO_MALFORMED = [
    b"}", b"[", b'"', b"{'a': 1}", b'{"a": }', b'{"a": 1,}', b"nul", b"\x00", b"<xml/>", b"a=b", b"{" * 200,
]  # fmt: skip


def _named(routes: list[RouteOf]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes, ids=lambda route: route.name)


@pytest.fixture
def send(server: Server, as_admin: dict[str, str]) -> Iterator[httpx.Client]:
    """A program that may do everything an administrator may."""
    with server.client(headers=as_admin) as client:
        yield client


def _holds(answer: httpx.Response) -> None:
    """What every answer to bad input has to be."""
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/json":
        error = answer.json()["error"]
        assert {"code", "message", "details", "request_id"} == error.keys()
        assert answer.headers["x-request-id"] == error["request_id"]


@_named(_WRITING)
def test_malformed_json_is_refused(send: httpx.Client, route: RouteOf) -> None:
    _refuses_malformed(send, route, _MALFORMED)


def test_whatever_is_wrong_with_json_is_refused(send: httpx.Client) -> None:
    """One reader reads the JSON of every route, so one route is told all else that can be wrong with it."""
    route = next(route for route in _WRITING if route.name == "POST /api/products")
    _refuses_malformed(send, route, _ALSO_MALFORMED)


def _refuses_malformed(send: httpx.Client, route: RouteOf, bodies: list[bytes]) -> None:
    for body in bodies:
        answer = send.request(
            route.method,
            route.example,
            content=body,
            headers={"content-type": "application/json", "idempotency-key": "k"},
        )
        _holds(answer)
        if _DOCUMENT.takes_json(route):
            assert 400 <= answer.status_code < 500


@_named(_WRITING)
def test_wrong_types_are_refused(send: httpx.Client, route: RouteOf) -> None:
    for value in _WRONG_TYPES:
        for body in (value, dict.fromkeys(_DOCUMENT.fields(route), value)):
            answer = send.request(
                route.method,
                route.example,
                content=json.dumps(body),
                headers={**_JSON, "idempotency-key": str(uuid4())},
            )
            _holds(answer)


@_named(_WRITING)
def test_deep_nesting_is_refused(send: httpx.Client, route: RouteOf) -> None:
    field = next(iter(_DOCUMENT.fields(route)), "a")
    for body in ("[" * 100_000, f'{{"{field}":' * 20_000, f'{{"{field}": {"[" * 50_000}{"]" * 50_000}}}'):
        _holds(send.request(route.method, route.example, content=body, headers=_JSON))


@_named(_WRITING)
def test_ten_megabytes_are_refused_before_they_are_read(send: httpx.Client, route: RouteOf) -> None:
    answer = send.request(route.method, route.example, content=b"x" * 10_000_000, headers=_JSON)

    _holds(answer)
    assert (413, "too_large") == (answer.status_code, answer.json()["error"]["code"])


@_named(_WRITING)
def test_ten_megabytes_that_do_not_say_so_are_cut_off(send: httpx.Client, route: RouteOf) -> None:
    chunks = (b'{"a": "' + b"x" * 65_536 for _ in range(150))
    answer = send.request(route.method, route.example, content=chunks, headers=_JSON)

    _holds(answer)
    if _DOCUMENT.takes_json(route):
        assert 400 <= answer.status_code < 500


@_named(_WRITING)
def test_another_media_type_is_refused(send: httpx.Client, route: RouteOf) -> None:
    for media_type in _MEDIA_TYPES:
        _holds(send.request(route.method, route.example, content=b"--x\r\n{}", headers={"content-type": media_type}))


@_named(_WRITING)
def test_sql_and_html_in_every_text_field_do_nothing(send: httpx.Client, route: RouteOf, napoli: UUID) -> None:
    """Field by field on top of an otherwise plausible body, so that each text gets past its neighbours' checks."""
    own = {"restaurant_id": str(napoli)}
    for field in _DOCUMENT.fields(route) or ["unknown_key"]:
        for text in _NASTY:
            body = {**_DOCUMENT.plausible(route, own), field: text}
            answer = send.request(
                route.method,
                route.example,
                params=own,
                content=json.dumps(body),
                headers={**_JSON, "idempotency-key": str(uuid4())},
            )
            _holds(answer)
            assert "password_hash" not in answer.text.replace(text, "")


@_named([route for route in _ROUTES if route.method == "GET"])
def test_sql_and_html_in_every_parameter_do_nothing(send: httpx.Client, route: RouteOf) -> None:
    for text in (each[:2_000] for each in _NASTY if each != "\ud800"):
        names = _DOCUMENT.parameters(route) or ["x"]
        for headers in ({}, {"accept": "text/html"}) if "<" in text else ({},):
            with send.stream("GET", route.example, params=dict.fromkeys(names, text), headers=headers) as answer:
                _holds_streamed(answer, text)
        if "{" in route.path:
            with send.stream("GET", route.filled(text), headers={"accept": "text/html"}) as answer:
                _holds_streamed(answer, text)


def test_what_was_stored_is_shown_escaped(send: httpx.Client, server: Server, napoli: UUID) -> None:
    make_site_key(server.installation.owner_url, napoli)
    script = "<script>alert('stored')</script>"
    product = {"restaurant_id": str(napoli), "name": script, "description": script, "category": script, "price": 100}
    stored = send.post("/api/products", json=product)
    shop = send.get("/shop/napoli", headers={"accept": "text/html"})

    assert (201, 200) == (stored.status_code, shop.status_code)
    assert (False, True) == (script in shop.text, "&lt;script&gt;alert(&#39;stored&#39;)" in shop.text)


@_named(_ROUTES)
def test_strange_headers_do_nothing(send: httpx.Client, route: RouteOf) -> None:
    """All at once, but for the origin: where it is looked at, the request goes no further."""
    strange = {
        "accept": "*" * 5_000,
        "accept-language": "da;q=x,,;;=," * 200,
        "cookie": 'flow_session="; flow_lang=<script>; =; flow_theme=\\"',
        "x-forwarded-for": "' or 1=1 --, ,::::",
        "referer": "x" * 5_000,
        "range": "bytes=0-0,9-1",
        "if-none-match": '"',
        "user-agent": "(" * 5_000,
    }
    for headers in (strange, {"origin": "http://["}):
        with send.stream(route.method, route.example, headers=headers) as answer:
            assert answer.status_code < 500


@pytest.mark.parametrize("header", ["accept", "accept-language", "cookie", "referer", "user-agent", "x-request-id"])
def test_a_strange_header_alone_does_nothing(send: httpx.Client, header: str) -> None:
    for value in ("(" * 5_000, "da;q=x,,;;=," * 200, '="; <script>; =; \\"', "\x7f", '"'):
        for path in ("/orders", "/api/orders", "/shop/napoli"):
            assert send.get(path, headers={header: value}).status_code < 500


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_an_unknown_address_or_method_is_said_so(send: httpx.Client, method: str) -> None:
    unknown = send.request(method, "/no/such/page")
    known = send.request(method, "/api/health/live")

    assert 404 == unknown.status_code
    assert (200 if method == "GET" else 405) == known.status_code


def test_a_method_that_nobody_knows_is_a_bad_request(send: httpx.Client) -> None:
    assert 400 == send.request("BREW", "/api/health/live").status_code


def test_ten_thousand_tiny_requests_are_all_answered(server: Server) -> None:
    statuses = asyncio.run(_storm(server.url, requests=10_000, connections=16))

    assert 10_000 == sum(statuses.values())
    assert {200, 400, 404} == statuses.keys()


def test_what_was_there_is_still_there(server: Server, http: httpx.Client, send: httpx.Client) -> None:
    """After all of the above: the database lost nothing, the server lives, its log holds no traceback."""
    with kept_connection(server.installation.owner_url) as connection:
        kept = connection.execute("select (select count(*) from public.restaurants), (select count(*) from auth.users)")
        assert (1, 1) == kept.fetchone()
    log = server.log.read_text()

    assert (200, 200) == (http.get("/api/health/ready").status_code, send.get("/auth/v1/user").status_code)
    assert ("Traceback" in log, "unexpected error" in log) == (False, False)


async def _storm(url: str, *, requests: int, connections: int) -> dict[int, int]:
    """Sends many requests on a few connections, each before the answer to the one before was digested."""
    target = urlsplit(url)
    kinds = [b"GET /api/health/live", b"GET /x", b"POST /auth/v1/token"]
    statuses: dict[int, int] = {}

    async def one_connection(share: int) -> None:
        reader, writer = await asyncio.open_connection(target.hostname, target.port)
        for number in range(share):
            body = b"{" if number % 3 == 2 else b""
            head = b"%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            writer.write(head % (kinds[number % 3], target.netloc.encode(), len(body)) + body)
            status, length = await _read_head(reader)
            await reader.readexactly(length)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(one_connection(requests // connections) for _ in range(connections)))
    return statuses


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, int]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
    return int(lines[0].split()[1]), length


def _holds_streamed(answer: httpx.Response, text: str) -> None:
    """For answers that may be endless: the head, and as much of the body as an error has."""
    assert answer.status_code < 500
    if not answer.headers.get("content-type", "").startswith("text/event-stream"):
        body = answer.read().decode(errors="replace")
        assert "Traceback" not in body
        if "<script>" in text or "<img" in text:
            assert text not in body
