"""What a guest sees of themself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Where an own order is."""

    restaurant_id: UUID
    id: UUID


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """What a restaurant knows of its guest; `points` is null for who is no member."""

    restaurant_id: UUID
    restaurant_name: str
    name: str | None
    phone: str | None
    email: str | None
    first_order_at: datetime | None
    last_order_at: datetime | None
    points: int | None


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A restaurant where the caller ordered."""

    id: UUID
    name: str
