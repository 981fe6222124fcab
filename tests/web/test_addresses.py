"""Where a request comes from, and where a reader may be sent."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.web.addresses import client_address, local_path

PROXIES = frozenset({"127.0.0.1", "10.0.0.1"})


def _address(client: str | None, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return client_address({"client": (client, 1) if client else None, "headers": headers}, PROXIES)


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.1, 10.0.0.1"], "198.51.100.1"),
        ("127.0.0.1", ["10.0.0.1"], "127.0.0.1"),
        ("127.0.0.1", [" , ,"], "127.0.0.1"),
        (None, ["198.51.100.1"], "198.51.100.1"),
        (None, [], ""),
    ],
)
def test_the_forwarded_address_is_believed_from_a_trusted_proxy_alone(
    client: str | None, forwarded: list[str], address: str
) -> None:
    assert address == _address(client, *forwarded)


@pytest.mark.parametrize("path", ["/", "/dashboard", "/orders?from=2026-01-01&to=2026-02-01#top", "/a//b", "/æ"])
def test_a_path_of_this_site_is_followed(path: str) -> None:
    assert path == local_path(path, default="/elsewhere")


@pytest.mark.parametrize(
    "path",
    [
        None, "", "dashboard", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", "https://evil.example", "javascript:alert(1)", " //evil.example", "/ /evil.example",
        "/x\\y", "/\x00", "///evil.example",
    ],
)  # fmt: skip
def test_anything_else_leads_to_the_default(path: str | None) -> None:
    assert "/elsewhere" == local_path(path, default="/elsewhere")


@given(st.text(alphabet="/\\:\t\n\r @.?#eh", max_size=12))
def test_no_text_leads_to_another_site(text: str) -> None:
    here = httpx.URL("http://flow.example/login")

    assert "flow.example" == here.join(local_path(text)).host
