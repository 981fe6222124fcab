"""One shape for every error: {"error": {"code", "message", "details", "request_id"}}; a page where a browser asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import quote

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from flow.errors import Conflict, FlowError, InvalidInput, NotAllowed, NotAuthenticated, TooManyRequests, Unavailable
from flow.web.error_pages import error_page
from flow.web.logs import places
from flow.web.pages import wants_page

_log = logging.getLogger("flow.web")
_CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}
TOO_LARGE = "The request is larger than is taken here; nothing of it was kept."


class ErrorBody(BaseModel):
    """What went wrong: a code for programs, a sentence for people."""

    code: str
    message: str
    details: dict[str, object]
    request_id: str | None


class ErrorAnswer(BaseModel):
    """The one shape of an error."""

    error: ErrorBody


# For `FastAPI(responses=…)`: every route documents the error shape.
ERROR_RESPONSES: dict[int | str, dict[str, object]] = {
    "4XX": {"model": ErrorAnswer, "description": "The request cannot be answered as it is; `error.message` says why."},
    "5XX": {"model": ErrorAnswer, "description": "FLOW cannot answer now; trying again later is safe."},
}


def error_response(
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The one error answer: JSON for a program, a page for a browser."""
    request_id = getattr(request.state, "request_id", None)
    if wants_page(request):
        return error_page(request, status, message=message, request_id=request_id, headers=headers)
    body = {"error": {"code": code, "message": message, "details": details or {}, "request_id": request_id}}
    return JSONResponse(body, status_code=status, headers=dict(headers or {}))


def install_error_handlers(app: FastAPI) -> None:
    """Every expected error passes one of these; what is left passes `unexpected`, by way of flow.web.frame."""
    app.add_exception_handler(FlowError, _flow_error)
    app.add_exception_handler(NotAuthenticated, _not_authenticated)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(psycopg.Error, _database_error)
    app.add_exception_handler(UnicodeEncodeError, _not_storable)


async def unexpected(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody foresaw; the log gets its type and places, never its text."""
    fields = {"error": type(error).__name__, "places": places(error)}
    _log.error("unexpected error", extra={"fields": fields})
    return error_response(request, 500, "internal_error", "Something went wrong on our side; nothing was changed.")


async def _flow_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, FlowError)
    headers = {}
    if isinstance(error, TooManyRequests | Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return error_response(request, error.status, error.code, error.message, details=error.details, headers=headers)


async def _not_authenticated(request: Request, error: Exception) -> Response:
    if request.method == "GET" and wants_page(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}", status_code=303)
    answer = await _flow_error(request, error)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Where and what, without echoing the value: it may be somebody's phone number.
    faults = [{"at": ".".join(map(str, fault["loc"])), "problem": fault["msg"]} for fault in error.errors()]
    malformed = any(fault["type"] == "json_invalid" for fault in error.errors())
    status, code = (400, "malformed_json") if malformed else (422, "invalid_input")
    return error_response(request, status, code, "The request is not valid.", details={"faults": faults})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "error")
    message = TOO_LARGE if error.status_code == 413 else str(error.detail)
    return error_response(request, error.status_code, code, message, headers=error.headers)


async def _database_error(request: Request, error: Exception) -> Response:
    """What reaches this is not expected, but the class of the error says whose fault it is."""
    assert isinstance(error, psycopg.Error)
    _log.warning("database error", extra={"fields": {"error": type(error).__name__, "places": places(error)}})
    found = _as_flow_error(error)
    return await unexpected(request, error) if found is None else await _flow_error(request, found)


def _as_flow_error(error: psycopg.Error) -> FlowError | None:
    match error:
        case psycopg.errors.QueryCanceled():
            return Unavailable("This took too long; ask for less, or try again shortly.", retry_after_seconds=5)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return Unavailable("The database is away; try again shortly.", retry_after_seconds=2)
        case psycopg.errors.UniqueViolation() | psycopg.errors.ForeignKeyViolation():
            return Conflict()
        case psycopg.errors.InsufficientPrivilege():
            return NotAllowed()
        case psycopg.DataError() | psycopg.IntegrityError():
            return InvalidInput("A value cannot be stored as it is.")
        case _:
            return None


async def _not_storable(request: Request, _: Exception) -> Response:
    return await _flow_error(request, InvalidInput("A text holds characters that are none."))
