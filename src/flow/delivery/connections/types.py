"""Rows behind the figures about other systems, and the tables of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

__all__ = ["Behind", "ConnectionRow", "Line", "LineTable"]

Behind = Literal["calls", "incoming", "outgoing"]
"""Which rows: calls made, webhooks received, webhooks sent."""


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A call, or a webhook in or out. `outcome`: answered, refused, or the status of the inbox or of the delivery."""

    id: UUID
    restaurant_id: UUID
    at: datetime
    party: str
    what: str
    outcome: str
    detail: str | None
    took_ms: int | None
    endpoint_id: UUID | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a system or an endpoint, with a text for each column; some lead to the rows behind them."""

    name: str
    href: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table; `columns` are (title, definition)."""

    key: str
    title: str
    first: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    empty: str
