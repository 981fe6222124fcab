"""The API as its own documentation tells it: complete, and never answering with a 5xx, whatever is sent."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.routes import application, routes_of
from tests.serving import Server

_APP = application(Path(tempfile.gettempdir()))
_DOCUMENT = _APP.openapi()
_SCHEMA = schemathesis.openapi.from_dict(_DOCUMENT)
_EXAMPLES = 20
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_the_document_is_served_and_says_what_it_is(http: httpx.Client) -> None:
    document = http.get("/api/openapi.json").json()

    assert ("FLOW", True) == (document["info"]["title"], document["openapi"].startswith("3."))
    assert _DOCUMENT["paths"] == document["paths"]


def test_every_operation_documents_the_error_shape_and_what_it_is_for() -> None:
    for path, operations in _DOCUMENT["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            for status in ("4XX", "5XX"):
                shape = answers[status]["content"]["application/json"]["schema"]
                assert {"$ref": "#/components/schemas/ErrorAnswer"} == shape, (method, path)
            assert operation.get("description") or operation.get("summary"), (method, path)


def test_an_operation_asks_for_a_log_in_where_its_route_does() -> None:
    documented = {
        f"{method.upper()} {path}": "security" in operation
        for path, operations in _DOCUMENT["paths"].items()
        for method, operation in operations.items()
    }

    assert documented == {route.name: route.needs_log_in for route in routes_of(_APP) if route.name in documented}
    assert {"HTTPBearer", "APIKeyCookie"} == _DOCUMENT["components"]["securitySchemes"].keys()


def test_no_operation_is_left_out_of_the_document_by_mistake() -> None:
    in_schema = {route.name for route in routes_of(_APP) if route.in_schema}
    api = {route.name for route in routes_of(_APP) if route.path.startswith("/api/") and route.path not in _APP.direct}

    assert {"GET /api/openapi.json"} == api - in_schema


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_there_is_no_page_that_loads_scripts_from_elsewhere(http: httpx.Client, path: str) -> None:
    assert 404 == http.get(path).status_code


@_SCHEMA.parametrize()
@settings(
    max_examples=_EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
def test_nothing_that_is_sent_makes_a_server_error(
    case: schemathesis.Case[Any], server: Server, as_admin: dict[str, str]
) -> None:
    answer = case.call(base_url=server.url, headers=as_admin)

    case.validate_response(answer, checks=_CHECKS)


def test_after_all_of_that_the_server_lives_and_its_log_holds_no_traceback(server: Server, http: httpx.Client) -> None:
    log = server.log.read_text()

    assert 200 == http.get("/api/health/ready").status_code
    assert ("Traceback" in log, "unexpected error" in log) == (False, False)
