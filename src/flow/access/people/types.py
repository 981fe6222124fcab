"""Members and invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from uuid import UUID

from flow.access.types import RestaurantRole

ROLES: tuple[RestaurantRole, ...] = ("admin", "manager", "employee", "analytics", "compliance")
"""The roles that an admin gives; that of support is opened by its own door."""
assert set(ROLES) < set(get_args(RestaurantRole))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works in the restaurant; `name` may be empty."""

    user_id: UUID
    email: str
    name: str
    role: str
    since: datetime
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that waits, as the restaurant's people see it."""

    id: UUID
    email: str
    role: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation whose link somebody holds; `account` is the user of its address, if there is one."""

    restaurant_id: UUID
    restaurant: str
    id: UUID
    email: str
    role: str
    invited_by: UUID | None
    account: UUID | None


@dataclass(frozen=True, slots=True)
class LinkText:
    """A link taken apart: where to look for its invitation, and what its secret must hash to."""

    restaurant_id: UUID
    id: UUID
    token_hash: bytes
