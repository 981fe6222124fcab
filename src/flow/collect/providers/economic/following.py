"""Watches orders that are completed or paid back: each of ours gets an invoice, and each refund a credit note, once."""

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
    """Claims completed orders and what was paid back of invoiced ones, and queues their drafts; how many."""
    return await _invoices(service, since=now - recent, now=now) + await _credits(service, since=now - recent, now=now)


async def _invoices(service: Transaction, *, since: datetime, now: datetime) -> int:
    claimed = await store.claim_orders(service, since=since, most=_AT_ONCE, now=now)
    for order in claimed:
        key, arguments = f"draft:{order.order_id}", {"order_id": str(order.order_id)}
        await enqueue(service, order.restaurant_id, "economic", "draft", key, arguments, now=now)
    return len(claimed)


async def _credits(service: Transaction, *, since: datetime, now: datetime) -> int:
    claimed = await store.claim_credits(service, since=since, most=_AT_ONCE, now=now)
    for credit in claimed:
        key = f"credit:{credit.order_id}:{credit.number}"
        arguments = {"order_id": str(credit.order_id), "number": credit.number}
        await enqueue(service, credit.restaurant_id, "economic", "credit", key, arguments, now=now)
    return len(claimed)
