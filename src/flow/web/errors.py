"""One shape for every error: {"error": {"code", "message", "details", "request_id"}}."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from flow.errors import FlowError, TooManyRequests, Unavailable

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


def error_response(
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    details: object = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The one error body."""
    request_id = getattr(request.state, "request_id", None)
    body = {"error": {"code": code, "message": message, "details": details or {}, "request_id": request_id}}
    return JSONResponse(body, status_code=status, headers=dict(headers or {}))


def install_error_handlers(app: FastAPI) -> None:
    """Every error that leaves the app passes one of these."""
    app.add_exception_handler(FlowError, _flow_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(psycopg.OperationalError, _database_away)
    app.add_exception_handler(psycopg.DataError, _refused_by_database)
    app.add_exception_handler(Exception, _unexpected)


async def _flow_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FlowError)
    headers = {}
    if isinstance(error, TooManyRequests | Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return error_response(request, error.status, error.code, error.message, details=error.details, headers=headers)


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Where and what, without echoing the value: it may be somebody's phone number.
    faults = [{"at": ".".join(map(str, fault["loc"])), "problem": fault["msg"]} for fault in error.errors()]
    return error_response(request, 422, "invalid_input", "The request is not valid.", details={"faults": faults})


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "error")
    return error_response(request, error.status_code, code, str(error.detail), headers=error.headers)


async def _database_away(request: Request, error: Exception) -> JSONResponse:
    _log.error("database unavailable: %s", type(error).__name__)
    return await _flow_error(request, Unavailable("The database is away; try again shortly.", retry_after_seconds=2))


async def _refused_by_database(request: Request, error: Exception) -> JSONResponse:
    _log.warning("database refused a value: %s", type(error).__name__)
    return error_response(request, 422, "invalid_input", "A value cannot be stored as it is.")


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _log.exception("unexpected error", exc_info=error)
    return error_response(request, 500, "internal_error", "Something went wrong on our side; nothing was changed.")
