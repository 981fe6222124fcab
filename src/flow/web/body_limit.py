"""Refuses a request whose declared length is too large before any of it is read.

One that does not declare its length is cut off by FastAPI's own `max_body_size` while it is read.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from flow.web.errors import TOO_LARGE, error_response

MAX_BODY_BYTES = 1024 * 1024


class DeclaredBodyLimit:
    """ASGI middleware: 413 for a Content-Length above `most` bytes."""

    def __init__(self, app: ASGIApp, *, most: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _declared_bytes(scope) > self._most:
            answer = error_response(Request(scope), 413, "too_large", TOO_LARGE, headers={"Connection": "close"})
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _declared_bytes(scope: Scope) -> int:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(declared) if declared.isdigit() else 0
