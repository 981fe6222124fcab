"""A guest, and what guests say of themselves when they order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A row of `customers`; `phone` is E.164, `email` lower case."""

    restaurant_id: UUID
    id: UUID
    user_id: UUID | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    first_order_at: datetime | None = None
    last_order_at: datetime | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach a guest; normalised by `flow.kit.contact` before it reaches the database."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
