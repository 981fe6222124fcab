"""What the audit log is made of: links of the chain, signed checkpoints, and what a check of them finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChainState:
    """The last link (`seq`, `hash`), and the last one deleted after seven years (0 and None without)."""

    seq: int
    hash: bytes
    expired_through: int
    expired_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Link:
    """One link and its entry: `fields` are the entry's columns as text, in the order in which they are hashed."""

    seq: int
    entry_id: UUID
    entry_hash: bytes
    hash: bytes
    has_entry: bool
    fields: list[str | None]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain's state at a moment, signed (Ed25519) with the key whose id it names."""

    seq: int
    hash: bytes
    made_at: datetime
    key_id: str
    signature: bytes


class Fault(StrEnum):
    """What can be wrong with a log."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    FORGED_CHECKPOINT = "forged_checkpoint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the link and the entry it is at, where they are known, and a sentence about it."""

    fault: Fault
    says: str
    seq: int | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found; `entries` and `checkpoints` were looked at."""

    entries: int
    checkpoints: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Shop:
    """A restaurant whose log the reader may see."""

    id: UUID
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote entries."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the page shows it."""

    id: UUID
    restaurant_id: UUID | None
    action: str
    description: str
    reason: str | None
    performed_by: UUID | None
    performed_by_role: str | None
    subject: str | None
    legal_basis: str | None
    after: dict[str, object] | None
    request_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader wants to see: a restaurant or the platform (None), some time, and what narrows it."""

    restaurant_id: UUID | None
    since: datetime
    until: datetime
    action: str | None = None
    performed_by: UUID | None = None
    subjects: tuple[str, ...] | None = None
    before: tuple[datetime, UUID] | None = None
