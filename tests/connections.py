"""Connections with which tests prepare and look, kept for as long as their database is there.

A new connection takes longer than most of what is asked over it, and a run of the tests asks some ten thousand times.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

_kept: dict[str, psycopg.Connection[Any]] = {}


@contextmanager
def kept_connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    """The kept connection to this address. Each statement is a transaction; what is set in the session stays set."""
    connection = _kept.get(url)
    if connection is None or connection.closed:
        connection = _kept[url] = psycopg.connect(url, autocommit=True)
    yield connection


def forget(*urls: str) -> None:
    """Closes what is kept of these addresses."""
    for url in urls:
        if connection := _kept.pop(url, None):
            connection.close()
