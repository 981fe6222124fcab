"""/api/webhooks/… as a bare ASGI application: the framework would take longer than the work."""

from __future__ import annotations

import logging
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.types import Receive, Scope, Send

from flow.collect.webhooks.errors import BodyTooLarge, MethodNotAllowed
from flow.collect.webhooks.receiving import Receiving
from flow.collect.webhooks.types import Request
from flow.errors import FlowError, TooManyRequests, Unavailable
from flow.kit.ids import new_id
from flow.settings import Settings
from flow.web.addresses import client_address
from flow.web.logs import places

__all__ = ["MAX_BODY_BYTES", "WebhookEndpoint"]

MAX_BODY_BYTES: Final = 1024 * 1024
_MOST_PARAMETERS: Final = 50
_log = logging.getLogger("flow.collect.webhooks")

_Header = tuple[bytes, bytes]
_PLAIN: Final[_Header] = (b"content-type", b"text/plain; charset=utf-8")
_JSON: Final[_Header] = (b"content-type", b"application/json")
_SHARED: Final[tuple[_Header, ...]] = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class _ClientGone(Exception):
    """The client hung up before its body had arrived."""


class WebhookEndpoint:
    """The ASGI application. `receiving` is set while the process serves; without it the answer is 503."""

    def __init__(self, settings: Settings) -> None:
        self.receiving: Receiving | None = None
        self._trusted = settings.trusted_proxy_addresses
        self._host = urlsplit(settings.base_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._take(scope, receive)
            await _answer(send, 200, body, _JSON if scope["method"] == "POST" else _PLAIN)
        except FlowError as error:
            await _refuse(send, error)
        except _ClientGone:
            pass
        except Exception as error:
            # Its name and place alone: a provider's words could be in its text.
            _log.error(
                "a delivery met an unexpected error: %s", type(error).__name__, extra={"fields": {"at": places(error)}}
            )
            await _refuse(send, Unavailable())

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        method: str = scope["method"]
        if method not in ("GET", "POST"):
            raise MethodNotAllowed
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(headers, receive)
        if self.receiving is None:
            raise Unavailable
        return await self.receiving.take(scope["path"], self._request(scope, method, headers, body))  # type: ignore[arg-type]

    def _request(self, scope: Scope, method: Literal["GET", "POST"], headers: dict[str, str], body: bytes) -> Request:
        query = scope["query_string"].decode("latin-1")
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        return Request(
            method=method,
            target=f"{path}?{query}" if query else path,
            host=self._host,
            headers=headers,
            query=_parameters(query),
            body=body,
            address=client_address(scope, self._trusted),
        )


def _parameters(query: str) -> dict[str, str]:
    if not query:
        return {}
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        return {}


async def _body(headers: dict[str, str], receive: Receive) -> bytes:
    """The request's body; BodyTooLarge as soon as that is known, without reading on."""
    declared = headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > MAX_BODY_BYTES:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _ClientGone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY_BYTES:
            raise BodyTooLarge
        if not message.get("more_body"):
            return b"".join(chunks)


async def _refuse(send: Send, error: FlowError) -> None:
    """The one error body."""
    request_id = str(new_id())
    told = {"error": {"code": error.code, "message": _sentence(error), "details": {}, "request_id": request_id}}
    extra: list[_Header] = [_JSON, (b"x-request-id", request_id.encode())]
    if isinstance(error, TooManyRequests | Unavailable):
        extra.append((b"retry-after", str(error.retry_after_seconds).encode()))
    if isinstance(error, MethodNotAllowed):
        extra.append((b"allow", b"GET, POST"))
    await _answer(send, error.status, msgspec.json.encode(told), *extra)


def _sentence(error: FlowError) -> str:
    """What is told of an error: what it is by its kind, not what was found out about this delivery."""
    return (type(error).__doc__ or "").strip()


async def _answer(send: Send, status: int, body: bytes, *headers: _Header) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_SHARED, length]})
    await send({"type": "http.response.body", "body": body})
