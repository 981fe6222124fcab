"""Watches orders for what other systems have to hear of: their steps for Wolt, couriers to send for, invoices to make.

The rooms below know nothing of other systems: an order's status is all they leave, and this loop finds it.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Final, Protocol

from flow.collect.providers.economic import following as invoices
from flow.collect.providers.wolt import following as wolt
from flow.collect.providers.wolt_drive import following as couriers
from flow.database.transaction import Transaction
from flow.jobs.bell import Bell
from flow.jobs.types import JobContext, Loop

__all__ = ["following"]


class Look(Protocol):
    """Finds what is new, queues what follows from it, and answers how much that was."""

    async def __call__(self, service: Transaction, *, now: datetime) -> int: ...


_QUICK: Final[tuple[Look, ...]] = (wolt.follow, couriers.follow)
_LOOKS: Final[tuple[Look, ...]] = (*_QUICK, invoices.follow)  # an invoice has a few seconds
_ORDERS_CHANGED: Final = "flow_live"
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0  # seconds


def following() -> Loop:
    """The loop; it wakes whenever an order changes."""
    return Loop("providers.follow_orders", _run)


async def _run(context: JobContext, *, once: bool) -> None:
    if once:
        await _follow(context, _LOOKS)
        return
    async with Bell(context.installation.listen_url, _ORDERS_CHANGED) as bell:
        slow_at = 0.0
        while True:
            is_slow_due = time.monotonic() >= slow_at
            await _follow(context, _LOOKS if is_slow_due else _QUICK)
            slow_at = time.monotonic() + _LONGEST_PAUSE if is_slow_due else slow_at
            await asyncio.sleep(_SHORTEST_PAUSE)  # orders come in crowds; looking costs the same for many
            await bell.wait(seconds=_LONGEST_PAUSE)


async def _follow(context: JobContext, looks: tuple[Look, ...]) -> None:
    """Looks until there is nothing new, a transaction for each look."""
    for look in looks:
        found = 1
        while found:
            async with context.database.as_service() as transaction:
                found = await look(transaction, now=context.clock.now())
