"""An event of Wolt Drive's takes effect on the delivery that bears our id."""

from __future__ import annotations

from flow.collect.providers.wolt_drive import concluding, store
from flow.collect.providers.wolt_drive.payload import parsed
from flow.collect.webhooks.types import Applying, Item, Outcome
from flow.kit.ids import parse_id
from flow.web.i18n import N_

__all__ = ["apply"]


async def apply(applying: Applying, item: Item) -> Outcome:
    """Parked for another venue; ignored for a delivery that was not sent for here."""
    event = parsed(item.payload)
    venue = applying.integration.account
    if venue and event.details.venue_id and event.details.venue_id != venue:
        return Outcome("parked", N_("The delivery belongs to another venue than the one that is connected."))
    ours = parse_id(event.details.merchant_order_reference_id)
    delivery = await store.lock_delivery(applying.transaction, item.restaurant_id, ours) if ours else None
    if delivery is None:
        return Outcome("ignored", N_("The delivery was not sent for by FLOW."))
    await concluding.take_in(applying.transaction, delivery, event, now=applying.now)
    return Outcome("done")
