"""The nightly look at orders of Wolt's that are not over: a notice is lost for good when it cannot be delivered."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flow.collect.integrations.queue import enqueue
from flow.collect.providers.wolt import store
from flow.jobs.types import Job, JobContext

__all__ = ["JOBS"]

_BACK: Final = timedelta(days=3)
_MOST: Final = 2_000


async def reconcile(context: JobContext) -> None:
    """Fetches every order that has not reached its end there, once a night; ours catch up with what Wolt says."""
    now = context.clock.now()
    async with context.database.as_service() as transaction:
        for order in await store.unfinished_orders(transaction, since=now - _BACK, most=_MOST):
            key, arguments = f"nightly:{order.wolt_id}:{now.date()}", {"wolt_id": order.wolt_id}
            await enqueue(transaction, order.restaurant_id, "wolt", "fetch", key, arguments, now=now)


JOBS: Final = (Job("wolt.reconcile", reconcile),)
