"""Watches orders that are completed: each of ours gets an invoice, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flow.collect.integrations.queue import enqueue
from flow.collect.providers.economic import store
from flow.database.transaction import Transaction

__all__ = ["follow"]

_AT_ONCE: Final = 200
_RECENT: Final = timedelta(hours=12)  # what took longer is found at night


async def follow(service: Transaction, *, now: datetime, recent: timedelta = _RECENT) -> int:
    """Claims completed orders and queues their drafts; how many."""
    claimed = await store.claim_orders(service, since=now - recent, most=_AT_ONCE, now=now)
    for order in claimed:
        key, arguments = f"draft:{order.order_id}", {"order_id": str(order.order_id)}
        await enqueue(service, order.restaurant_id, "economic", "draft", key, arguments, now=now)
    return len(claimed)
