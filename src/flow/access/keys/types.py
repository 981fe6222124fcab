"""What an API key is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as people see it; `ending` are its last four characters."""

    restaurant_id: UUID
    id: UUID
    name: str
    ending: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class UsedKey:
    """A key that was shown and holds."""

    restaurant_id: UUID
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key taken apart: where to look for it, and what it must hash to."""

    restaurant_id: UUID
    id: UUID
    key_hash: bytes
