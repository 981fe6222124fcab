"""PostgreSQL's text format of COPY: cells between tabs, \\N for null. Made-up texts need no escaping."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

__all__ = ["NULL", "cell", "moment", "moment_or_null"]

NULL = "\\N"


def cell(value: object) -> str:
    """Any value but a time; None is null."""
    return NULL if value is None else str(value)


def moment(at: int) -> str:
    """A timestamptz out of milliseconds since 1970."""
    minute, rest = divmod(at, 60_000)
    return f"{_minute(minute)}{rest // 1_000:02d}.{rest % 1_000:03d}+00"


def moment_or_null(at: int | None) -> str:
    return NULL if at is None else moment(at)


@lru_cache(maxsize=20_000)
def _minute(minute: int) -> str:
    return f"{datetime.fromtimestamp(minute * 60, UTC):%Y-%m-%d %H:%M:}"
