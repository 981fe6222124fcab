"""Sending for a courier, and calling one off."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from flow.collect.integrations.queue import enqueue
from flow.collect.providers.wolt_drive import store
from flow.collect.providers.wolt_drive.types import CourierDelivery
from flow.database.transaction import Transaction
from flow.errors import Conflict
from flow.kit.ids import new_id

__all__ = ["NAME", "CourierUnderway", "call_off", "send_for_courier"]

NAME: Final = "wolt-drive"


class CourierUnderway(Conflict):
    """A courier is underway for this order already."""

    code = "courier_underway"


async def send_for_courier(
    service: Transaction, restaurant_id: UUID, order_id: UUID, *, by: UUID | None, now: datetime
) -> UUID:
    """Queues a courier for an order; the id of the delivery. CourierUnderway where there is one already."""
    delivery_id = new_id()
    if not await store.add_delivery(service, restaurant_id, delivery_id, order_id, by=by, now=now):
        raise CourierUnderway
    arguments = {"delivery_id": str(delivery_id)}
    await enqueue(service, restaurant_id, NAME, "create", f"create:{delivery_id}", arguments, now=now)
    return delivery_id


async def call_off(service: Transaction, delivery: CourierDelivery, *, now: datetime) -> None:
    """Queues the cancellation at Wolt, once."""
    key, arguments = f"cancel:{delivery.id}", {"delivery_id": str(delivery.id)}
    await enqueue(service, delivery.restaurant_id, NAME, "cancel", key, arguments, now=now)
