"""Reports of what became of messages: they move a status forward, never back."""

from __future__ import annotations

from flow.collect.messages import store
from flow.collect.messages.types import Delivery
from flow.collect.webhooks.types import Applying, Outcome

__all__ = ["take_report"]

_OF_SENDS = ("sent", "delivered", "failed")


async def take_report(applying: Applying, message_id: str, delivery: Delivery) -> Outcome:
    """Applies a report on the message that the provider knows by `message_id`."""
    service, integration = applying.transaction, applying.integration
    provider = integration.integration_name
    moved = await store.report(service, integration.restaurant_id, provider, message_id, delivery)
    if moved is None:
        known = await store.find_by_provider_id(service, integration.restaurant_id, provider, message_id)
        return Outcome("ignored", "unknown_message" if known is None else "old_report")
    if delivery.status in _OF_SENDS:
        await store.report_send(service, integration.restaurant_id, moved, delivery)
    return Outcome("done")
