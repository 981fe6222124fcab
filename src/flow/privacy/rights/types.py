"""A person, what they asked for, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

Scope = Sequence[UUID] | None
"""Restaurants; None is all of them."""
Kind = Literal["access", "portability", "erasure", "restriction", "objection", "offboarding"]
Status = Literal["received", "running", "completed", "refused", "held", "failed"]
IdentityMethod = Literal["logged_in", "code_to_contact", "document", "in_person", "known_order", "other"]

PERSON_KINDS: tuple[Kind, ...] = ("access", "portability", "erasure", "restriction", "objection")
IDENTITY_METHODS: tuple[IdentityMethod, ...] = get_args(IdentityMethod)
TIME_TO_ANSWER = timedelta(days=30)
MOST_EXTENSION = timedelta(days=60)
EXPORT_KEPT = timedelta(days=7)
GRACE = timedelta(days=30)
"""For how long a restaurant that leaves can still fetch its export, or stay after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose data: in one restaurant, or with FLOW itself (no restaurant). Contacts are normalised."""

    restaurant_id: UUID | None
    user_id: UUID | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    visitors: tuple[str, ...] = ()

    @property
    def contacts(self) -> tuple[str, ...]:
        """Phone numbers, then e-mail addresses."""
        return (*self.phones, *self.emails)

    @property
    def references(self) -> tuple[str, ...]:
        """All that the person is known by for good, the first one best: contacts, user, visitors' lasting ids."""
        return (*self.contacts, *([str(self.user_id)] if self.user_id else []), *self.visitors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something to a request: a user in a role, or an operator at the command line."""

    user_id: UUID | None = None
    role: str = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """A row of `privacy_requests`, without what is sealed."""

    id: UUID
    restaurant_id: UUID | None
    kind: Kind
    status: Status
    subject: str
    subject_hint: str | None
    user_id: UUID | None
    identity_method: IdentityMethod | None
    identity_note: str | None
    identity_checked_by: UUID | None
    identity_checked_at: datetime | None
    received_at: datetime
    due_at: datetime
    extended_reason: str | None
    extended_at: datetime | None
    reminded: int
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    outcome: Mapping[str, object] | None
    file_name: str | None
    file_expires_at: datetime | None
    completed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something, or a job has."""
        return self.status not in ("completed", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of `privacy_request_steps`: one rule on one table."""

    position: int
    table_name: str
    rule: str
    rows_found: int
    rows_changed: int
    rows_deleted: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """One column of the schema, as the walk over all tables needs to know it."""

    schema_name: str
    table_name: str
    column_name: str
    type_name: str
    default_value: str | None
    is_required: bool
    is_generated: bool
    key_position: int | None
    is_unique: bool
    may_update: bool
    may_delete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRow:
    """A foreign key: `column_name` is the one beside restaurant_id that points, null where restaurant_id alone does."""

    schema_name: str
    table_name: str
    column_name: str | None
    target_name: str
    target_column: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookkeeping:
    """Sums over a person's orders, in øre; erasure must leave them as they are."""

    orders: int
    subtotal: int
    total: int
    tax_amount: int
    refunded_amount: int
    line_total: int
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An erased person, by pseudonym; `restaurant_id` None is everywhere."""

    restaurant_id: UUID | None
    subject: str
    request_id: UUID
    erased_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContact:
    """A contact that the database holds, and when it was first written down."""

    restaurant_id: UUID | None
    contact: str
    first_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An open request whose deadline is near."""

    id: UUID
    restaurant_id: UUID | None
    kind: Kind
    due_at: datetime
    reminded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTable:
    """A table within an export; `stem` is the name of its files."""

    name: str
    rule: str
    stem: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OffboardedRestaurant:
    """What offboarding needs to know of a restaurant."""

    id: UUID
    name: str
    offboarded_at: datetime | None
