"""Refuses a request that is too large: before any of it is read where its length is declared, else while it is read."""

from __future__ import annotations

from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flow.web.errors import TOO_LARGE, error_response

MAX_BODY_BYTES = 1024 * 1024


class BodyLimit:
    """ASGI middleware: 413 for a body above `most` bytes.

    What the application does not read of a smaller one is read before the answer leaves: an HTTP server closes a
    connection with something unread in it, and the client's next request would be lost.
    """

    def __init__(self, app: ASGIApp, *, most: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = _declared_bytes(scope)
        if declared > self._most:
            await error_response(Request(scope), 413, "too_large", TOO_LARGE)(scope, receive, send)
            return
        body = _Body(receive, self._most, unread=declared > 0 or _is_chunked(scope))

        async def send_after_body(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.read_rest()
            await send(message)

        await self._app(scope, body.receive, send_after_body)


class _Body:
    """A request's body on its way in, counted."""

    def __init__(self, receive: Receive, most: int, *, unread: bool) -> None:
        self._receive = receive
        self._most = most
        self._taken = 0
        self._unread = unread

    async def receive(self) -> Message:
        message = await self._receive()
        self._unread = message.get("more_body", False)
        self._taken += len(message.get("body", b""))
        if self._taken > self._most:
            self._unread = False
            raise HTTPException(413)  # reaches the error handlers by way of whoever reads the body
        return message

    async def read_rest(self) -> None:
        with suppress(HTTPException):
            while self._unread:
                await self.receive()


def _declared_bytes(scope: Scope) -> int:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(declared) if declared.isdigit() else 0


def _is_chunked(scope: Scope) -> bool:
    return any(name == b"transfer-encoding" for name, _ in scope["headers"])
