"""What the question who sees a row works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role that reaches a restaurant. `door_until` is the end of an open access of support."""

    user_id: UUID
    email: str
    name: str
    role: str
    on_platform: bool
    since: datetime | None
    door_until: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as it was found: its key, column by column as text, whose restaurant it is, and whom it is about."""

    table: str
    key: Mapping[str, str]
    restaurant_id: UUID | None
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Reason:
    """What would let somebody see it: the role as held, the permission, the rows that it means, and the policy."""

    role: str
    on_platform: bool
    since: datetime | None
    permission: str
    rule: str
    policy: str
    door_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody who sees the row, as the database itself said, and why."""

    user_id: UUID
    name: str
    email: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class KeyOf:
    """A table as the catalog has it; `policy` is the one by which people read it, if they do."""

    schema: str
    name: str
    key: list[str]
    restaurant_column: str | None
    has_user: bool
    policy: str | None
