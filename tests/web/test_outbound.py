"""Addresses that somebody else chose lead to the public internet and nowhere else."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from ipaddress import ip_address, ip_network
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.web import outbound
from flow.web.outbound import (
    ForbiddenAddress,
    check_url,
    is_name_known,
    is_public,
    outbound_client,
    reachable_address,
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::", "2002:a00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_no_address_of_a_house_or_a_cloud_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_private_address_becomes_public_as_ipv6(address: object) -> None:
    assert not is_public(ip_address(f"::ffff:{address}"))


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/flow?x=1", "https://1.1.1.1/", "https://example.com:8443/a"]
)
def test_an_address_of_the_internet_may_be_kept(url: str) -> None:
    assert url == check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd", "gopher://example.com",
        "javascript:alert(1)", "http://example.com/", "https://", "https:///x", "https://localhost/",
        "https://a.localhost/", "https://printer.local/", "https://metadata.google.internal/", "https://127.0.0.1/",
        "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/meta-data/",
        "https://[fe80::1%25eth0]/", "https://user@example.com/", "https://user:word@example.com/",
        "https://example.com:0/", "https://example.com:99999/", "https://example.com/\r\nX-Injected: 1",
        "https://example.com\\@127.0.0.1/", "https://example.com/" + "a" * 2_000, "https://[::1",
    ],
)  # fmt: skip
def test_an_address_that_could_never_be_called_is_refused_at_once(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_url(url)


def test_http_is_taken_where_it_is_asked_for() -> None:
    assert "http://example.com/" == check_url("http://example.com/", https_only=False)


@pytest.fixture
async def inside() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server within the house: its port, and what reached it."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "017700000001"]
)
async def test_a_server_within_the_house_is_not_reached(inside: tuple[int, list[bytes]], name: str) -> None:
    port, heard = inside
    async with outbound_client(https_only=False) as client:
        with pytest.raises((ForbiddenAddress, httpx.ConnectError)):
            await client.get(f"http://{name}:{port}/")
    assert [] == heard


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["10.0.0.1", "1.1.1.1"], []])
async def test_a_name_is_judged_by_every_address_it_has(inside: tuple[int, list[bytes]], answers: list[str]) -> None:
    port, heard = inside

    async def resolve(host: str, port: int) -> list[str]:
        return answers

    async with outbound_client(https_only=False, resolve=resolve) as client:
        with pytest.raises(ForbiddenAddress):
            await client.get(f"http://hooks.example.com:{port}/")
    assert [] == heard


async def test_a_name_that_changes_its_mind_gains_nothing(
    inside: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, heard = inside
    opened: list[str] = []
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    async def connect(self: object, host: str, port: int, *rest: object) -> None:
        opened.append(host)
        raise httpx.ConnectError("no network in tests")

    monkeypatch.setattr(outbound.httpcore.AnyIOBackend, "connect_tcp", connect)
    async with outbound_client(https_only=False, resolve=resolve) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://rebinding.example.com:{port}/")
    assert (["rebinding.example.com"], ["93.184.216.34"], []) == (asked, opened, heard)


async def _public(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_a_redirect_is_not_followed_and_a_long_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if b"/away" in asked:
            writer.write(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n" + b"a" * 3_000_000)
        await writer.drain()
        writer.close()

    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with outbound_client(https_only=False, resolve=_public) as client:
            assert 302 == (await client.get(f"http://hooks.example.com:{port}/away")).status_code
            with pytest.raises(httpx.ReadError, match="too large"):
                await client.get(f"http://hooks.example.com:{port}/long")


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with outbound_client(https_only=False, resolve=_public) as client:
        with pytest.raises(ForbiddenAddress):
            await client.get("http://hooks.example.com/")


def _answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Lets every name have these addresses; none: nobody knows it."""

    def getaddrinfo(host: str, port: int, **_: object) -> list[Any]:
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port)) for answer in answers]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["10.0.0.1", "192.168.1.5"], ["169.254.169.254"], ["fd00::1", "::1"], ["1.1.1.1", "10.1.1.1"]],
)
async def test_a_name_is_refused_beforehand_where_it_would_be_when_called(
    monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    _answering(monkeypatch, *answers)
    with pytest.raises(ForbiddenAddress):
        await is_name_known("https://till.example/flow")


async def test_a_name_of_the_internet_or_of_an_allowed_network_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    _answering(monkeypatch, "93.184.216.34")
    assert await is_name_known("https://till.example/flow")
    _answering(monkeypatch, "192.168.7.20")
    assert await is_name_known("https://till.example:8443/flow", also=[ip_network("192.168.7.0/24")])


@pytest.mark.parametrize("url", ["https://till.example/", "https://a..b/", f"https://{'a' * 64}.example/"])
async def test_a_name_that_nobody_knows_yet_is_no_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "till" in url:
        _answering(monkeypatch)
    assert not await is_name_known(url)


async def test_a_name_server_that_is_silent_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2.0 == outbound._NAME_SECONDS
    monkeypatch.setattr(outbound, "_NAME_SECONDS", 1.0)
    is_over, known = threading.Event(), socket.getaddrinfo

    def getaddrinfo(host: str, *rest: Any, **more: Any) -> Any:
        return is_over.wait(20) if host == "silent.example" else known(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    began = time.monotonic()
    try:
        asked = [asyncio.create_task(is_name_known("https://silent.example/")) for _ in range(40)]
        await asyncio.sleep(0.05)
        assert "1.1.1.1" == await reachable_address("1.1.1.1", 443)
        assert not any(each.done() for each in asked), "another name waited"
        assert [False] * 40 == await asyncio.gather(*asked)
        assert time.monotonic() - began < 10
    finally:
        is_over.set()
