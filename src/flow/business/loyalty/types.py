"""A member's balance and what changed it. Points are whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyPoints:
    """A row of `loyalty_points`; having one makes a guest a member."""

    restaurant_id: UUID
    customer_id: UUID
    points: int = 0
    lifetime_points: int = 0
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyTransaction:
    """A row of `loyalty_transactions`; `points` is signed and never zero."""

    restaurant_id: UUID
    id: UUID
    customer_id: UUID
    order_id: UUID | None = None
    kind: Literal["earned", "redeemed", "adjusted", "expired"]
    points: int
    reason: str | None = None
    created_at: datetime
