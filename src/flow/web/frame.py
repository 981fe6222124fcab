"""The frame around every request: its id, the security headers of its answer, and one line in the log.

The log line holds nothing personal: the route's template instead of the path, no query, no address.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flow.kit.ids import new_id
from flow.web.headers import security_headers

REQUEST_ID = b"x-request-id"
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_log = logging.getLogger("flow.web.requests")


class AnswerBrokenOff(Exception):
    """An error struck after the answer had begun, so the connection has to be cut."""


class Frame:
    """ASGI middleware. A header that the answer already has is left alone.

    `on_error` answers what nobody foresaw: from here nothing is raised to the server, whose log would quote it.
    """

    def __init__(
        self, app: ASGIApp, *, on_error: Callable[[Request, Exception], Awaitable[Response]], https: bool = False
    ) -> None:
        self._app = app
        self._on_error = on_error
        self._headers = security_headers(https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *self._missing(message, request_id)]
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        except Exception as error:
            answer = await self._on_error(Request(scope), error)
            if status:
                raise AnswerBrokenOff from None
            await answer(scope, receive, send_framed)
        finally:
            _note(scope, status, time.perf_counter() - began, request_id)

    def _missing(self, message: Message, request_id: str) -> list[tuple[bytes, bytes]]:
        given = {name.lower() for name, _ in message.get("headers", ())}
        return [(REQUEST_ID, request_id.encode()), *(header for header in self._headers if header[0] not in given)]


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
    return given.decode() if _GIVEN_ID.fullmatch(given) else str(new_id())


def _note(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    if not _log.isEnabledFor(logging.INFO):
        return
    route = getattr(scope.get("route"), "path", None) or "-"
    fields = {
        "method": scope["method"],
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "request_id": request_id,
    }
    _log.info("%s %s %s", scope["method"], route, status, extra={"fields": fields})
