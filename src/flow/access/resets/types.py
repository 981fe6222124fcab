"""Wishes for a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that no job has looked at yet."""

    id: UUID
    email_sealed: bytes
    language: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class OpenReset:
    """A link that holds, and whose password it changes."""

    id: UUID
    user_id: UUID
    email: str
