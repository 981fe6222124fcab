"""Carries what happens to orders to the providers of their payments.

The kitchen, the till and the order's page only move orders and ask for refunds; what follows from that at a provider is
found here, a few seconds later, and queued once. So nothing is lost when a process dies in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from flow.business.orders.errors import IllegalMove
from flow.business.orders.moves import move
from flow.business.orders.paying import hear
from flow.business.payments.types import Told
from flow.business.restaurants.store import find_restaurant
from flow.collect.integrations.queue import enqueue
from flow.collect.payments import store
from flow.collect.payments.types import Errand
from flow.database.transaction import Transaction
from flow.jobs.types import JobContext
from flow.web.i18n import N_

__all__ = ["follow", "give_up"]

_MOST: Final = 200
_PATIENCE: Final = timedelta(minutes=75)  # a provider's page is open for an hour
_KINDS: Final = {"capture": "capture", "cancel": "cancel", "release": "cancel", "refund": "refund", "look": "look"}


async def follow(context: JobContext) -> None:
    """Queues captures, cancellations, refunds and looks that are due."""
    now = context.clock.now()
    async with context.database.as_service() as transaction:
        for find in (store.to_capture, store.to_cancel, store.to_refund):
            await _queue(context, transaction, await find(transaction, most=_MOST))
        await _queue(context, transaction, await store.to_look_at(transaction, most=_MOST, now=now))


async def give_up(context: JobContext) -> None:
    """Cancels orders whose guests did not pay, and ends payments that never began."""
    now = context.clock.now()
    async with context.database.as_service() as transaction:
        unpaid = await store.unpaid_orders(transaction, before=now - _PATIENCE, most=_MOST)
    for order in unpaid:
        async with context.database.as_service() as transaction:
            restaurant = await find_restaurant(transaction, order.restaurant_id)
            try:
                await move(
                    transaction, restaurant, order.id, "cancelled", reason=N_("not paid in time"), clock=context.clock
                )
            except IllegalMove:  # it was paid, or somebody moved it, just now
                continue
    async with context.database.as_service() as transaction:
        for payment in await store.never_opened(transaction, most=_MOST):
            await hear(transaction, payment, Told(at=now, status="cancelled"), clock=context.clock)


async def _queue(context: JobContext, transaction: Transaction, errands: Iterable[Errand]) -> None:
    for errand in errands:
        arguments = {"payment_id": str(errand.payment_id)}
        if errand.refund_id is not None:
            arguments["refund_id"] = str(errand.refund_id)
        await enqueue(
            transaction,
            errand.restaurant_id,
            errand.provider,
            _KINDS[errand.key.partition(":")[0]],
            errand.key,
            arguments,
            now=context.clock.now(),
        )
