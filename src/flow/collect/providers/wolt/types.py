"""An order at Wolt, as FLOW keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flow.business.orders.types import Fulfillment, Status

__all__ = ["Followed", "Linked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A row of `wolt_orders`: what Wolt said last, and which status of ours it was compared with."""

    restaurant_id: UUID
    order_id: UUID
    wolt_number: str | None = None
    kind: str = "instant"
    delivery_type: str = "homedelivery"
    is_carried_by_us: bool = False
    wolt_status: str = "received"
    seen_status: Status = "pending"
    accept_until: datetime | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An order of ours beside Wolt's view of it."""

    restaurant_id: UUID
    order_id: UUID
    wolt_id: str
    kind: str
    is_carried_by_us: bool
    wolt_status: str
    status: Status
    fulfillment_type: Fulfillment
    cancel_reason: str | None
    accept_until: datetime | None
