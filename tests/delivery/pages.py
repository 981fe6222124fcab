"""Reads what pages say, as a person would: texts without their tags, links, tables."""

from __future__ import annotations

import csv
import html
import io
import re

import httpx

DASHBOARD = "/api/dashboards/executive"


def text_of(page: str) -> str:
    """The words of a page, with single spaces; ordinary ones instead of those that do not break."""
    bare = re.sub(r"<(script|style|title|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(bare)).strip()


def links_of(page: str, path: str) -> list[str]:
    """The addresses of the links that begin with `path`."""
    return [html.unescape(link) for link in re.findall(r'<a [^>]*href="([^"]*)"', page) if link.startswith(path)]


async def tiles_of(http: httpx.AsyncClient, query: str = "") -> dict[str, dict[str, object]]:
    """The tiles of a dashboard as data."""
    answer = await http.get(f"{DASHBOARD}?{query}")
    assert 200 == answer.status_code, answer.text
    return answer.json()["tiles"]  # type: ignore[no-any-return]


async def rows_of(http: httpx.AsyncClient, href: str) -> list[dict[str, str]]:
    """The rows of the file behind a list's address."""
    path, _, query = href.partition("?")
    answer = await http.get(f"{path}/export.csv?{query}")
    assert 200 == answer.status_code, answer.text
    return read_csv(answer.content)


def read_csv(body: bytes) -> list[dict[str, str]]:
    """A CSV file, which begins with a byte order mark, as Excel reads it."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
