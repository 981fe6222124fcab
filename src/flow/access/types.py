"""What log-in works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

RestaurantRole = Literal["admin", "manager", "employee", "analytics", "support", "compliance"]
PlatformRole = Literal["super_admin", "support", "compliance"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is held against; `is_barred` is a user who was banned or deleted."""

    user_id: UUID
    email: str
    name: str
    is_barred: bool
    password_hash: str
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A log-in that has not ended, and whose it is; `aal2` is one with a second factor."""

    id: UUID
    user_id: UUID
    email: str
    name: str
    created_at: datetime
    expires_at: datetime
    aal: str = "aal1"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A restaurant whose people or keys somebody looks after."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A log-in as its owner sees it; `device` is browser and system in words."""

    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    aal: str
