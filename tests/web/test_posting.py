"""Posting to addresses that somebody else chose: never into the house, whatever a name says; connections are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest

from flow.web.outbound import ForbiddenAddress
from flow.web.posting import NoAnswer, Poster

HERE = (ip_network("127.0.0.0/8"),)
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Inside:
    """A server within the house: what reached it, over how many connections."""

    def __init__(self, answers: Iterable[bytes]) -> None:
        self.port = 0
        self.connections = 0
        self.heard: list[bytes] = []
        self._answers = iter(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.heard.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2))
                writer.write(next(self._answers, OK))
                await writer.drain()
                if writer.get_extra_info("peername") and self.heard[-1].startswith(b"POST /bye"):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def inside(*answers: bytes) -> AsyncIterator[Inside]:
    server = Inside(answers)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def _resolver(*turns: list[str]):  # type: ignore[no-untyped-def]
    """A name server that answers something else at every question."""
    left = list(turns)

    async def resolve(host: str, port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["fd00::1"], ["::ffff:10.0.0.1"],
        ["64:ff9b::7f00:1"], ["93.184.216.34", "10.0.0.1"], [],
    ],
)  # fmt: skip
async def test_a_name_that_leads_into_the_house_is_refused_before_a_byte_is_sent(addresses: list[str]) -> None:
    async with Poster(resolve=_resolver(addresses)) as poster:
        with pytest.raises(ForbiddenAddress):
            await poster.post("https://till.example/", b"{}", headers={})


async def test_a_name_that_changes_its_mind_is_looked_at_for_every_connection() -> None:
    async with inside() as server:
        poster = Poster(also=HERE, resolve=_resolver(["127.0.0.1"], ["10.0.0.1"]))
        await poster.post(f"http://127.0.0.1:{server.port}/bye", b"{}", headers={})
        await asyncio.sleep(0.05)  # it hung up, so the next one connects anew
        with pytest.raises(ForbiddenAddress):
            await poster.post(f"http://127.0.0.1:{server.port}/", b"{}", headers={})

    assert 1 == len(server.heard)


@pytest.mark.parametrize(
    "url", ["http://till.example/", "https://10.0.0.1/", "https://localhost/", "file:///etc/passwd", "https://a\r\nb/"]
)
async def test_an_address_that_may_not_be_kept_may_not_be_called_either(url: str) -> None:
    async with Poster() as poster:
        with pytest.raises(ForbiddenAddress):
            await poster.post(url, b"{}", headers={})


async def test_a_connection_is_used_again_and_a_lost_one_replaced() -> None:
    async with inside() as server, Poster(also=HERE) as poster:
        url = f"http://127.0.0.1:{server.port}"
        for path in ("/", "/", "/bye", "/"):
            assert 200 == (await poster.post(url + path, b"{}", headers={})).status

    assert 4 == len(server.heard)
    assert 2 == server.connections


async def test_a_redirect_is_an_answer_like_any_other() -> None:
    answer = b"HTTP/1.1 302 X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
    async with inside(answer) as server, Poster(also=HERE) as poster:
        reply = await poster.post(f"http://127.0.0.1:{server.port}/", b"{}", headers={})

    assert 302 == reply.status
    assert 1 == len(server.heard)


async def test_only_the_beginning_of_a_long_answer_is_kept() -> None:
    answer = b"HTTP/1.1 500 X\r\ncontent-length: 500000\r\n\r\n" + b"x" * 500_000
    async with inside(answer) as server, Poster(also=HERE) as poster:
        reply = await poster.post(f"http://127.0.0.1:{server.port}/", b"{}", headers={})

    assert (500, b"x" * 2_000) == (reply.status, reply.body)


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\r\n\r\n"])
async def test_what_speaks_no_http_is_no_answer(answer: bytes) -> None:
    async with inside(answer) as server, Poster(also=HERE) as poster:
        with pytest.raises(NoAnswer):
            await asyncio.wait_for(poster.post(f"http://127.0.0.1:{server.port}/", b"{}", headers={}), 5)
