"""A courier's delivery of an order, as FLOW keeps it. Amounts are øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

__all__ = ["CourierDelivery", "CourierStatus", "Wanted"]

CourierStatus = Literal[
    "requested",
    "received",
    "pickup_started",
    "pickup_arrival",
    "picked_up",
    "dropoff_started",
    "dropoff_arrival",
    "handshake_delivery",
    "dropoff_completed",
    "delivered",
    "rejected",
    "customer_no_show",
    "cancelled",
    "failed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierDelivery:
    """A row of `courier_deliveries`. `reference` is Wolt's number; it is not known before Wolt has taken it."""

    restaurant_id: UUID
    id: UUID
    order_id: UUID
    status: CourierStatus = "requested"
    reference: str | None = None
    tracking_url: str | None = None
    price: int | None = None
    currency: str | None = None
    pickup_at: datetime | None = None
    dropoff_at: datetime | None = None
    reason: str | None = None
    requested_by: UUID | None = None
    created_at: datetime
    delivered_at: datetime | None = None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order for which a courier is to be sent without anybody asking."""

    restaurant_id: UUID
    order_id: UUID
