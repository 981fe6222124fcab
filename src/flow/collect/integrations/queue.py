"""Queueing an effect on another system, in the transaction that decides on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flow.collect.integrations import store
from flow.database.transaction import Transaction

__all__ = ["enqueue"]


async def enqueue(
    service: Transaction,
    restaurant_id: UUID,
    provider: str,
    kind: str,
    key: str,
    arguments: Mapping[str, object],
    *,
    now: datetime,
    at: datetime | None = None,
) -> bool:
    """Queues a call, at once or at a time; False where this key is queued, or was carried out, already.

    `service` is a transaction as the service: people may read provider_calls but not write them. `arguments` are ids
    and numbers as JSON. A job hands the row to the provider's `facts`, `perform` and `conclude` after the commit.
    """
    is_new = await store.enqueue(
        service,
        restaurant_id,
        provider=provider,
        kind=kind,
        key=key,
        arguments=arguments,
        at=at or now,
        now=now,
    )
    if is_new:
        await store.ring_calls(service)
    return is_new
