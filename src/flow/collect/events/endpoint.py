"""POST /api/events/batch as a bare ASGI application: the framework would take longer than the work."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from starlette.types import Receive, Scope, Send

from flow.collect.events.errors import BodyTooLarge, Status, UnsupportedType
from flow.collect.events.pipeline import Delivery
from flow.collect.events.service import Ingest
from flow.collect.events.types import Event, Item, Rejected, Submission
from flow.errors import FlowError, TooManyRequests, Unavailable
from flow.kit.ids import new_id
from flow.settings import Settings
from flow.web.addresses import client_address

__all__ = ["MAX_BODY_BYTES", "PATH", "Answer", "BatchEndpoint", "Result"]

PATH: Final = "/api/events/batch"
MAX_BODY_BYTES: Final = 512 * 1024
_TYPES: Final = (b"application/json", b"text/plain")
_BROWSERS_SEND: Final = frozenset({b"accept-language", b"sec-fetch-site", b"sec-fetch-mode"})
_ROBOT: Final = "This looks like a robot; robots are counted, not stored."
_log = logging.getLogger("flow.collect.events")

_Header = tuple[bytes, bytes]
# Any page may read the answer: there are no cookies, and whether the page's origin may send is checked by its key.
_SHARED: Final[tuple[_Header, ...]] = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_PREFLIGHT: Final[tuple[_Header, ...]] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type, x-flow-key, x-flow-restaurant"),
    (b"access-control-max-age", b"86400"),
)


class Result(msgspec.Struct, omit_defaults=True, gc=False):
    """What became of one event."""

    id: UUID | str | None
    status: Status
    code: str | None = None
    message: str | None = None


class Answer(msgspec.Struct, gc=False):
    """What became of a batch, with its events in the order sent."""

    accepted: int
    duplicate: int
    rejected: int
    results: list[Result]


class _ClientGone(Exception):
    """The client hung up before its body had arrived."""


class BatchEndpoint:
    """The ASGI application. `ingest` is set while the process serves; without it the answer is 503."""

    def __init__(self, settings: Settings) -> None:
        self.ingest: Ingest | None = None
        self._trusted = settings.trusted_proxy_addresses
        self._country_header = settings.country_header.lower().encode() if settings.country_header else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            match scope["method"]:
                case "POST":
                    await _answer(send, 200, await self._take(scope, receive), _SHARED)
                case "OPTIONS":
                    await _answer(send, 204, b"", _PREFLIGHT)
                case _:
                    await _refuse(send, _MethodNotAllowed(), ((b"allow", b"POST, OPTIONS"),))
        except FlowError as error:
            await _refuse(send, error)
        except _ClientGone:
            pass
        except Exception as error:
            _log.exception("a batch of events met an unexpected error", exc_info=error)
            await _refuse(send, Unavailable())

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        media_type = headers.get(b"content-type", _TYPES[0])
        if media_type not in _TYPES and media_type.partition(b";")[0].strip().lower() not in _TYPES:
            raise UnsupportedType
        delivery = self._delivery(scope, headers, await _body(headers, receive))
        if self.ingest is None:
            raise Unavailable
        return answer_of(await self.ingest.take(delivery))

    def _delivery(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> Delivery:
        address = client_address(scope, self._trusted)
        delivery = Delivery(
            body,
            address="" if address in self._trusted else address,
            user_agent=_told(headers, b"user-agent") or "",
            origin=_told(headers, b"origin"),
            country=self._country(headers),
            is_bare=_BROWSERS_SEND.isdisjoint(headers),
            restaurant=_told(headers, b"x-flow-restaurant"),
            key=_told(headers, b"x-flow-key"),
        )
        if scope["query_string"]:
            _claim_by_query(delivery, scope["query_string"])
        return delivery

    def _country(self, headers: Mapping[bytes, bytes]) -> str | None:
        """The two letters in the trusted header, if there are such."""
        told = headers.get(self._country_header, b"") if self._country_header else b""
        return told.decode().upper() if len(told) == 2 and told.isalpha() else None


def answer_of(submission: Submission) -> bytes:
    """The JSON that says what became of each item."""
    results = [_result(item) for item in submission.items]
    statuses = [result.status for result in results]
    accepted, duplicate = statuses.count("accepted"), statuses.count("duplicate")
    return _encode(Answer(accepted, duplicate, len(results) - accepted - duplicate, results))


_encode = msgspec.json.Encoder().encode


def _result(item: Item) -> Result:
    if isinstance(item, Event):
        return Result(item.id, item.status)
    message = item.message if isinstance(item, Rejected) else _ROBOT
    return Result(item.id, "rejected", item.code, message)


def _told(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _claim_by_query(delivery: Delivery, query: bytes) -> None:
    told = dict(parse_qsl(query.decode("latin-1"), max_num_fields=20))
    delivery.restaurant = delivery.restaurant or told.get("restaurant")
    delivery.key = delivery.key or told.get("key")


async def _body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The request's body; BodyTooLarge as soon as that is known, without reading on."""
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared) > MAX_BODY_BYTES:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise BodyTooLarge
        if not message.get("more_body") and not chunks:
            return chunk
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


class _MethodNotAllowed(FlowError):
    """Events are sent by POST."""

    code = "method_not_allowed"
    status = 405


async def _refuse(send: Send, error: FlowError, headers: tuple[_Header, ...] = ()) -> None:
    """The one error body."""
    request_id = str(new_id())
    body = {"error": {"code": error.code, "message": error.message, "details": error.details, "request_id": request_id}}
    extra: list[_Header] = [(b"x-request-id", request_id.encode())]
    if isinstance(error, TooManyRequests | Unavailable):
        extra.append((b"retry-after", str(error.retry_after_seconds).encode()))
        extra.append((b"access-control-expose-headers", b"retry-after"))
    await _answer(send, error.status, _encode(body), (*_SHARED, *extra, *headers))


async def _answer(send: Send, status: int, body: bytes, headers: tuple[_Header, ...]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
