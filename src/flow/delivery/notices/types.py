"""A notification as it is kept, and as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

__all__ = ["Notice", "ToldNotice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of notifications."""

    id: UUID
    kind: str
    severity: str
    title: str
    body: str
    facts: dict[str, object]
    link: str | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """The same in the reader's language."""

    notice: Notice
    title: str
    body: str
