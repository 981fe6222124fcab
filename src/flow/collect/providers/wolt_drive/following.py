"""Watches orders: couriers are sent for where the restaurant wishes that, and called off when it is cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flow.collect.providers.wolt_drive import store
from flow.collect.providers.wolt_drive.requesting import CourierUnderway, call_off, send_for_courier
from flow.database.transaction import Transaction

__all__ = ["follow"]

_AT_ONCE: Final = 100
_RECENT: Final = timedelta(hours=12)


async def follow(service: Transaction, *, now: datetime) -> int:
    """How many couriers were sent for or called off."""
    wanted = await store.wanted(service, since=now - _RECENT, most=_AT_ONCE)
    for order in wanted:
        try:
            await send_for_courier(service, order.restaurant_id, order.order_id, by=None, now=now)
        except CourierUnderway:
            continue  # another worker was quicker
    needless = await store.to_call_off(service, since=now - _RECENT, most=_AT_ONCE)
    for delivery in needless:
        if delivery.reference is None:
            await store.change_delivery(service, replace(delivery, status="cancelled", updated_at=now))
        else:
            await call_off(service, delivery, now=now)
    return len(wanted) + len(needless)
