"""One shape for every error, whatever raised it."""

from __future__ import annotations

import httpx
import psycopg
import pytest

from flow.database.installation import Installation
from flow.errors import Conflict, FlowError, NotAllowed, TooManyRequests, Unavailable
from tests.serving import App


@pytest.fixture(scope="module")
def installation(untouched: Installation) -> Installation:
    """What the tests here leave behind is in nobody's way."""
    return untouched


async def _answer(app: App, http: httpx.AsyncClient, error: Exception, **headers: str) -> httpx.Response:
    @app.asgi.get("/raises")
    async def raises() -> None:
        raise error

    return await http.get("/raises", headers=headers)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict(), 409, "conflict"),
        (NotAllowed(), 403, "not_allowed"),
        (FlowError("odd"), 500, "error"),
        (Unavailable(), 503, "unavailable"),
        (psycopg.errors.UniqueViolation("Key (email)=(anna@napoli.example)"), 409, "conflict"),
        (psycopg.errors.ForeignKeyViolation("x"), 409, "conflict"),
        (psycopg.errors.CheckViolation("x"), 422, "invalid_input"),
        (psycopg.errors.NumericValueOutOfRange("x"), 422, "invalid_input"),
        (psycopg.errors.InsufficientPrivilege("x"), 403, "not_allowed"),
        (psycopg.errors.QueryCanceled("x"), 503, "unavailable"),
        (psycopg.OperationalError("the connection is closed"), 503, "unavailable"),
        (psycopg.errors.UndefinedTable("relation"), 500, "internal_error"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogate"), 422, "invalid_input"),
        (ZeroDivisionError("x"), 500, "internal_error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_an_error_has_the_one_shape(
    app: App, http: httpx.AsyncClient, error: Exception, status: int, code: str
) -> None:
    answer = await _answer(app, http, error)
    body = answer.json()["error"]

    assert (status, code) == (answer.status_code, body["code"])
    assert {"code", "message", "details", "request_id"} == body.keys()
    assert "anna" not in answer.text


async def test_a_pause_says_for_how_long(app: App, http: httpx.AsyncClient) -> None:
    answer = await _answer(app, http, TooManyRequests(retry_after_seconds=17))

    assert (429, "17") == (answer.status_code, answer.headers["retry-after"])


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotAllowed(), 403, "Ask an administrator"),
        (Unavailable(), 503, "What was saved before is safe"),
        (TooManyRequests(), 429, "Wait a while"),
        (Conflict(), 409, "Go back and check"),
    ],
)
async def test_a_browser_reads_what_happened_and_what_to_do(
    app: App, http: httpx.AsyncClient, error: Exception, status: int, words: str
) -> None:
    answer = await _answer(app, http, error, **{"accept": "text/html", "accept-language": "en"})

    assert (status, True) == (answer.status_code, words in answer.text)


async def test_a_page_behind_the_log_in_leads_to_it_and_back(http: httpx.AsyncClient) -> None:
    answer = await http.get("/orders?x=1&y=2", headers={"accept": "text/html"})

    assert (303, "/login?next=%2Forders%3Fx%3D1%26y%3D2") == (
        answer.status_code,
        answer.headers["location"],
    )


async def test_a_program_without_a_token_gets_a_401(http: httpx.AsyncClient) -> None:
    answer = await http.get("/auth/v1/user")

    assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])


async def test_the_faulty_value_is_not_echoed(http: httpx.AsyncClient) -> None:
    answer = await http.post("/auth/v1/token", json={"email": ["anna@napoli.example"], "password": "x"})

    assert (422, "invalid_input") == (answer.status_code, answer.json()["error"]["code"])
    assert "body.email" == answer.json()["error"]["details"]["faults"][0]["at"]
    assert "anna" not in answer.text
