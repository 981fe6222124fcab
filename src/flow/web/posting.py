"""Many small POSTs to addresses that somebody else chose, under the guard of flow.web.outbound.

For what sends by the thousand: one connection is used again and again, and picking it costs nothing, however many there
are. HTTP/1.1 is spoken by h11. Redirects are not followed, and of an answer only the beginning is kept.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

import h11
import httpx

from flow.web.outbound import Network, Resolve, check_url, reachable_address

__all__ = ["NoAnswer", "Poster", "Reply"]

_CONNECT_SECONDS: Final = 5.0
_KEPT_SECONDS: Final = 4.0  # receivers commonly hang up after five
_MOST_IDLE: Final = 10
_READ_BYTES: Final = 64 * 1024
_KEPT_BYTES: Final = 2_000

Origin = tuple[str, str, int]


class NoAnswer(Exception):
    """The other side could not be reached, hung up, or spoke no HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: header names in lower case, and the first 2,000 bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    http: h11.Connection = field(default_factory=lambda: h11.Connection(h11.CLIENT))
    idle_since: float = 0.0

    def is_fresh(self) -> bool:
        """Whether the other side has, as far as one can tell, not hung up."""
        return time.monotonic() - self.idle_since < _KEPT_SECONDS and not self.reader.at_eof()


class Poster:
    """Sends, and keeps connections for the next time; `also` are networks that count as public."""

    def __init__(self, *, also: Sequence[Network] = (), resolve: Resolve | None = None) -> None:
        self._also = also
        self._resolve = resolve
        self._tls = ssl.create_default_context()
        self._idle: dict[Origin, list[_Connection]] = defaultdict(list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.writer.close()
        self._idle.clear()

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Reply:
        """The answer to a POST. ForbiddenAddress before a byte is sent; NoAnswer; the caller sets the time limit."""
        check_url(url, also=self._also)
        parts = urlsplit(url)
        origin = (parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        request = _request(parts, body, headers)
        if kept := self._kept(origin):
            # The other side may have hung up at this very moment; a new connection will tell.
            with suppress(NoAnswer):
                return await self._use(kept, origin, request, body)
        return await self._use(await self._connect(origin), origin, request, body)

    async def _use(self, connection: _Connection, origin: Origin, request: h11.Request, body: bytes) -> Reply:
        try:
            reply = await _exchange(connection, request, body)
        except (OSError, h11.ProtocolError, EOFError) as error:
            connection.writer.close()
            raise NoAnswer(type(error).__name__) from error
        except BaseException:
            connection.writer.close()
            raise
        self._keep(origin, connection)
        return reply

    def _kept(self, origin: Origin) -> _Connection | None:
        connections = self._idle[origin]
        while connections:
            connection = connections.pop()
            if connection.is_fresh():
                return connection
            connection.writer.close()
        return None

    def _keep(self, origin: Origin, connection: _Connection) -> None:
        connections = self._idle[origin]
        is_reusable = connection.http.our_state is h11.DONE and connection.http.their_state is h11.DONE
        if not is_reusable or len(connections) >= _MOST_IDLE:
            connection.writer.close()
            return
        connection.http.start_next_cycle()
        connection.idle_since = time.monotonic()
        connections.append(connection)

    async def _connect(self, origin: Origin) -> _Connection:
        scheme, host, port = origin
        is_tls = scheme == "https"
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                address = await reachable_address(host, port, resolve=self._resolve, also=self._also)
                reader, writer = await asyncio.open_connection(
                    address, port, ssl=self._tls if is_tls else None, server_hostname=host if is_tls else None
                )
        except TimeoutError:
            raise
        except (OSError, httpx.TransportError) as error:
            raise NoAnswer(type(error).__name__) from error
        return _Connection(reader, writer)


def _request(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> h11.Request:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    netloc = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    sent = [("host", netloc), *headers.items(), ("content-length", str(len(body)))]
    return h11.Request(method="POST", target=target.encode("ascii", "replace"), headers=sent)


async def _exchange(connection: _Connection, request: h11.Request, body: bytes) -> Reply:
    http = connection.http
    sent = [http.send(request), http.send(h11.Data(data=body)), http.send(h11.EndOfMessage())]
    connection.writer.write(b"".join(each or b"" for each in sent))
    head: h11.Response | None = None
    kept, taken = b"", 0
    while taken <= _READ_BYTES:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await connection.reader.read(_READ_BYTES))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            kept += event.data[: _KEPT_BYTES - len(kept)]
            taken += len(event.data)
        elif isinstance(event, h11.EndOfMessage):
            break
        elif not isinstance(event, h11.InformationalResponse):
            raise EOFError
    if head is None:
        raise EOFError
    return Reply(head.status_code, {name.decode(): value.decode("latin-1") for name, value in head.headers}, kept)
