"""HTTP/1.1 as uvicorn speaks it, with what it leaves open: an answer is one packet, and a request's head has limits."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["HttpProtocol"]

_LARGEST_HEAD: Final = 65_536  # bytes; the body's limit is the application's
_HEAD_SECONDS: Final = 30.0
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class HttpProtocol(HttpToolsProtocol):
    """One connection. A head that is too large is refused with 431, one that takes too long with 408.

    A connection that says nothing at all is closed without a word: browsers open some ahead of need, and would take a
    408 that lies there for the answer to the request they send later.
    """

    _head_bytes = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(_GatheredWrites(transport, self.loop))
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Passes bytes to the parser, which keeps a head of any length."""
        before = self.cycle
        body_is_coming = before is not None and before.more_body
        super().data_received(data)
        if self.cycle is not before:
            self._head_is_complete()
        if self.cycle is None or self.cycle.scope is not self.scope:
            # How much of a read that ends one request and begins the next belongs to the second is not told.
            is_head_alone = self.cycle is before and not body_is_coming
            self._head_is_growing(len(data) if is_head_alone else 1)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_complete()
        super().connection_lost(exc)

    def _head_is_growing(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > _LARGEST_HEAD:
            self._refuse(_TOO_LARGE)
        elif self._head_timer is None:
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._give_up)

    def _head_is_complete(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        if self._head_bytes:
            self._refuse(_TOO_SLOW)
        else:
            self.transport.close()

    def _refuse(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()


class _GatheredWrites(asyncio.Transport):
    """Sends together what is written in one turn of the event loop: a short answer's head and body are one packet.

    uvicorn writes them apart: two system calls for the server, and the client is woken twice.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        if not self._waiting:
            self._loop.call_soon(self._send)
        self._waiting.append(bytes(data))

    def close(self) -> None:
        self._send()
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._transport.is_closing():
            self._transport.write(b"".join(waiting))
