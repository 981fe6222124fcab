"""A lean HTTP/1.1 client for measuring: prepared requests over a fixed number of connections, one by one on each."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import uvloop

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass
class Result:
    """How a run went; `answers` holds the body of each answer, to be checked afterwards."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    answers: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return sum(self.statuses.values()) / self.seconds


def request(path: str, body: bytes, *, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """The bytes of a POST."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: bench",
        "Content-Type: text/plain;charset=UTF-8",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + _HEAD_END + body


def run(port: int, requests: Sequence[bytes], *, connections: int) -> Result:
    """Sends every request once and waits for all answers."""
    return uvloop.run(_run(port, requests, connections))


async def _run(port: int, requests: Sequence[bytes], connections: int) -> Result:
    loop = asyncio.get_running_loop()
    result, waiting = Result(), iter(requests)
    clients = [_Client(waiting, result) for _ in range(connections)]
    began = time.perf_counter()
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(client.done for client in clients))
    result.seconds = time.perf_counter() - began
    return result


class _Client(asyncio.Protocol):
    """One connection: takes the next request when the last was answered."""

    def __init__(self, waiting: Iterator[bytes], result: Result) -> None:
        self._waiting = waiting
        self._result = result
        self._buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(_HEAD_END)
        if head_end < 0:
            return
        head = self._buffer[:head_end].lower()
        body_at, length = head_end + len(_HEAD_END), _content_length(head)
        if len(self._buffer) - body_at < length:
            return
        self._result.statuses[int(head[9:12])] += 1
        self._result.answers.append(self._buffer[body_at : body_at + length])
        self._buffer = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))

    def _next(self) -> None:
        following = next(self._waiting, None)
        if following is None:
            self.done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(following)


def _content_length(head: bytes) -> int:
    at = head.find(_LENGTH)
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
