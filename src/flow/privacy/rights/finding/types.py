"""What was found of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flow.privacy.rights.types import Person

Keys = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """The person with all that was learnt of them, and the ids that lead to their rows."""

    person: Person
    keys: Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCustomer:
    """A guest's row."""

    id: UUID
    user_id: UUID | None
    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOrder:
    """What of an order leads on."""

    id: UUID
    customer_name: str | None
    visitor_id: UUID | None
    session_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConversation:
    """What of a conversation leads on."""

    conversation_id: str
    customer_name: str | None
    visitor_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSession:
    """A visit."""

    session_id: UUID
    visitor_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user as log-in knows them."""

    id: UUID
    email: str | None
    name: str | None
