"""Watches orders that were made at Wolt: what happens to them here is told there; the undecided are looked up."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flow.collect.integrations.queue import enqueue
from flow.collect.providers.wolt import store
from flow.collect.providers.wolt.concluding import queue_step
from flow.collect.providers.wolt.states import steps_due
from flow.database.transaction import Transaction

__all__ = ["follow"]

_AT_ONCE: Final = 100


async def follow(service: Transaction, *, now: datetime) -> int:
    """Queues what Wolt is to be told of orders that moved; how many orders were looked at."""
    moved = await store.moved_orders(service, most=_AT_ONCE)
    for order in moved:
        for step in steps_due(order.status, order.wolt_status, is_carried_by_us=order.is_carried_by_us):
            await queue_step(service, order, step, now=now)
        await store.note_seen(service, order, now=now)
    return len(moved) + await _look_up_undecided(service, now=now)


async def _look_up_undecided(service: Transaction, *, now: datetime) -> int:
    """Fetches orders whose time is over: Wolt's notice that it gave one up may have been lost."""
    undecided = await store.undecided_orders(service, now=now, most=_AT_ONCE)
    for order in undecided:
        key, arguments = f"overdue:{order.wolt_id}", {"wolt_id": order.wolt_id}
        await enqueue(service, order.restaurant_id, "wolt", "fetch", key, arguments, now=now)
        await store.note_decided(service, order, now=now)
    return len(undecided)
