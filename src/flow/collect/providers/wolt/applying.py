"""A notice of Wolt's takes effect: it says only that an order is to be fetched."""

from __future__ import annotations

from flow.collect.integrations.queue import enqueue
from flow.collect.integrations.sentences import NO_USE
from flow.collect.providers.wolt.payload import ORDER_NOTICE, read_notification
from flow.collect.webhooks.types import Applying, Item, Outcome

__all__ = ["apply"]


async def apply(applying: Applying, item: Item) -> Outcome:
    """Queues the fetch of the order; parked when it is another venue's."""
    notice = read_notification(item.payload)
    if notice.type != ORDER_NOTICE or notice.order is None:
        return Outcome("ignored", NO_USE % {"kind": notice.type[:60]})
    venue = applying.integration.account
    if venue and notice.order.venue_id and notice.order.venue_id != venue:
        return Outcome("parked", "The order belongs to another venue than the one that is connected.")
    wolt_id = notice.order.id
    await enqueue(
        applying.transaction,
        item.restaurant_id,
        "wolt",
        "fetch",
        f"fetch:{wolt_id}:{item.id}",
        {"wolt_id": wolt_id},
        now=applying.now,
    )
    return Outcome("done")
