"""A hook of e-conomic's takes effect: what it names is looked at, once for all hooks of half a minute.

Bulk changes there send a hook each. A look at the end of the half minute sees what all of them were about.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from flow.collect.integrations.queue import enqueue
from flow.collect.providers.economic.payload import hint
from flow.collect.webhooks.types import Applying, Item, Outcome

__all__ = ["apply"]

_TOGETHER: Final = timedelta(seconds=30)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def apply(applying: Applying, item: Item) -> Outcome:
    """Queues the look, unless one is queued for the same thing."""
    told = hint(item.payload)
    span = (item.received_at - _EPOCH) // _TOGETHER
    await enqueue(
        applying.transaction,
        item.restaurant_id,
        "economic",
        "look",
        f"look:{told.kind}:{told.number}:{span}",
        {"kind": told.kind, "number": told.number},
        now=applying.now,
        at=_EPOCH + (span + 1) * _TOGETHER,
    )
    return Outcome("done")
