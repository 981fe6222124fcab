"""The HTTP protocol: limits of a request's head, and answers that leave in one packet. Over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from flow.web.serving import protocol
from flow.web.serving.protocol import HttpProtocol

KIBIBYTE = 1024
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"


async def answer_with_size(_: Scope, receive: Receive, send: Send) -> None:
    """Says how many bytes the body had."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"%05d" % (size % 100_000)})


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server that speaks the protocol."""
    config = uvicorn.Config(answer_with_size, http=HttpProtocol, lifespan="off", log_config=None, log_level="critical")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpProtocol(config, state, {}), host="127.0.0.1", port=0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


def head(size: int, *, body: int = 0) -> bytes:
    """The head of a POST, with a header that makes it so large."""
    start = b"POST / HTTP/1.1\r\nhost: flow\r\ncontent-length: %d\r\nx-much: " % body
    return start + b"a" * (size - len(start) - 4) + b"\r\n\r\n"


async def test_heads_below_the_limit_pass_one_after_another() -> None:
    async with connection() as (reader, writer):
        answers = []
        for _ in range(3):
            writer.write(head(60 * KIBIBYTE))
            answers.append(await reader.readexactly(len(ANSWER) + 5))

    assert answers == [ANSWER + b"00000"] * 3


async def test_a_body_is_no_part_of_the_head() -> None:
    async with connection() as (reader, writer):
        writer.write(head(200, body=300_007) + b"b" * 300_007)
        answer = await reader.readexactly(len(ANSWER) + 5)

    assert answer == ANSWER + b"00007"


async def test_a_head_is_not_charged_with_the_requests_before_it_in_the_same_read() -> None:
    request = head(200, body=5) + b"b" * 5
    expected = (ANSWER + b"00005") * 1_000
    async with connection() as (reader, writer):
        writer.write(request[:-3])
        await asyncio.sleep(0.05)
        writer.write(request[-3:] + request * 998 + request[:-3])
        await asyncio.sleep(0.05)
        writer.write(request[-3:])
        answers = await reader.readexactly(len(expected))

    assert answers == expected


async def test_a_head_that_does_not_end_is_refused_and_the_connection_closed() -> None:
    async with connection() as (reader, writer):
        writer.write(head(70 * KIBIBYTE)[:-2])
        answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_head_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEAD_SECONDS", 0.2)
    async with connection() as (reader, writer):
        for byte in b"GET /":
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_heads_that_follow_each_other_have_the_time_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEAD_SECONDS", 0.2)
    request = head(200, body=5) + b"b" * 5
    async with connection() as (reader, writer):
        writer.write(request[:20])
        for _ in range(20):
            await asyncio.sleep(0.03)
            writer.write(request[20:] + request[:20])
        answers = await reader.readexactly(20 * (len(ANSWER) + 5))

    assert answers == (ANSWER + b"00005") * 20


async def test_a_connection_that_says_nothing_is_closed_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEAD_SECONDS", 0.2)
    async with connection() as (reader, _):
        assert b"" == await asyncio.wait_for(reader.read(), 5)


async def test_a_second_head_that_takes_too_long_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_HEAD_SECONDS", 0.2)
    async with connection() as (reader, writer):
        writer.write(head(200))
        first = await reader.readexactly(len(ANSWER) + 5)
        await asyncio.sleep(0.3)
        writer.write(b"GET /")
        rest = await reader.read()

    assert first == ANSWER + b"00000"
    assert rest.startswith(b"HTTP/1.1 408 ")


class Wire(asyncio.Transport):
    """Notes each write that would be a system call."""

    def __init__(self) -> None:
        super().__init__()
        self.packets: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.packets.append(bytes(data))

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.packets.append(b"(closed)")


async def test_what_is_written_in_one_turn_leaves_in_one_packet() -> None:
    wire = Wire()
    transport = protocol._GatheredWrites(wire, asyncio.get_running_loop())
    transport.write(b"head, ")
    transport.write(b"body")
    await asyncio.sleep(0)
    transport.write(b"later")
    transport.close()
    await asyncio.sleep(0)

    assert wire.packets == [b"head, body", b"later", b"(closed)"]
