"""What is larger than anybody needs is refused, and the server goes on serving."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from flow.database.embedded import EmbeddedServer
from tests.conftest import new_database
from tests.serving import Server, running_server

MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    for installation in new_database(postgres):
        with running_server(installation, tmp_path_factory.mktemp("oversized")) as running:
            yield running


def _status(server: Server, request: bytes) -> int | None:
    """The status of the answer to these very bytes; None when the connection was closed without one."""
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as connection:
        try:
            connection.sendall(request)
            answer = connection.recv(64)
        except (BrokenPipeError, ConnectionResetError):
            return None
    return int(answer.split(b" ")[1]) if answer else None


def _refused(status: int | None) -> bool:
    return status is None or 400 <= status < 500


@pytest.fixture(autouse=True)
def still_serving(server: Server) -> Iterator[None]:
    yield
    with server.client() as http:
        assert 200 == http.get("/api/health/live").status_code


@pytest.mark.parametrize(
    "head",
    [
        b"GET /login HTTP/1.1\r\nhost: x\r\nx-a: " + b"a" * 8 * MEBIBYTE,
        b"GET /" + b"a" * 8 * MEBIBYTE + b" HTTP/1.1\r\nhost: x",
        b"GET /login HTTP/1.1\r\nhost: x\r\n" + b"\r\n".join(b"x-%d: a" % number for number in range(20_000)),
        b"GET /login HTTP/1.1\r\nhost: x\r\ncookie: flow_session=" + b"a" * 2 * MEBIBYTE,
        b"GET /login HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6",
        b"GET /login HTTP/1.1\r\nhost : x",
        b"GET /login HTTP/1.1\r\nhost: x\r\nx-a: b\x00c",
        b"GET /login HTTP/1.1\r\nhost: a\r\nhost: b",
        b"GET /login HTTP/9.9\r\nhost: x",
    ],
    ids=["header", "address", "count", "cookie", "two lengths", "blank in a name", "nul", "two hosts", "version"],
)
def test_a_head_that_is_too_large_or_malformed_is_refused(server: Server, head: bytes) -> None:
    assert _refused(_status(server, head + b"\r\n\r\n"))


def test_no_second_request_is_smuggled_in_by_two_ways_to_tell_a_length(server: Server) -> None:
    place = urlsplit(server.url)
    first = b"POST /preferences HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as connection:
        connection.sendall(first + b"GET /api/health/live HTTP/1.1\r\nhost: x\r\n\r\n")
        answers = b"".join(iter(lambda: connection.recv(4_096), b""))
    assert 1 == answers.count(b"HTTP/1.1 ")


@pytest.mark.parametrize(
    "path", ["/login", "/auth/login", "/api/orders", "/api/events/batch", "/preferences", "/nowhere"]
)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(server: Server, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {10**12}\r\n\r\n"
    assert 413 == _status(server, head.encode())


@pytest.mark.parametrize("path", ["/login", "/auth/login", "/api/orders", "/api/events/batch"])
def test_a_body_of_unknown_length_is_refused_while_it_is_read(server: Server, path: str) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"a" * 64 * 1024

    with server.client() as http:
        answer = http.post(path, content=chunks(), headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (413, 415, 400)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("&".join(f"field{number}=1" for number in range(50_000)), "application/x-www-form-urlencoded"),
        ("".join(f'--b\r\ncontent-disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(5_000)) + "--b--",
         "multipart/form-data; boundary=b"),
        ("[" * 200_000, "application/json"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "application/json"),
        ('{"email": "' + "a" * 900_000 + '", "password": "x"}', "application/json"),
        ('{"email": "a@b.dk", "password": "' + "a" * 900_000 + '"}', "application/json"),
    ],
    ids=["fields", "parts", "depth", "nesting", "e-mail", "password"],
)  # fmt: skip
def test_a_body_made_to_cost_much_costs_little(server: Server, body: str, media_type: str) -> None:
    with server.client() as http:
        answer = http.post("/auth/login", content=body.encode(), headers={"content-type": media_type})
    assert 400 <= answer.status_code < 500
    assert answer.elapsed.total_seconds() < 2
