"""What the door of support works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SupportAccess:
    """When somebody of support could read a restaurant's orders and conversations, and why."""

    id: UUID
    restaurant_id: UUID
    user_id: UUID
    reason: str
    granted_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Supported:
    """A restaurant to which the caller may open the door."""

    id: UUID
    name: str
