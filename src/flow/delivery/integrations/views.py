"""What the integration pages show, read as the person who looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.types import CallHealth, Integration, QueueHealth, System, WaitingCall
from flow.collect.webhooks import store as inbox
from flow.collect.webhooks.types import InboxHealth
from flow.database.transaction import Transaction
from flow.delivery.integrations.labels import NAMES

__all__ = ["Card", "cards", "failed_calls", "title_of"]

_HEALTH_OF: Final = timedelta(hours=24)
_MOST_CALLS: Final = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One system: whether it is connected, and how the last day went."""

    system: System
    title: str
    integration: Integration | None
    calls: CallHealth | None
    inbox: InboxHealth | None
    queue: QueueHealth | None

    @property
    def state(self) -> str:
        return self.integration.status if self.integration else "inactive"

    @property
    def is_connected(self) -> bool:
        return self.state != "inactive"


async def cards(
    transaction: Transaction, restaurant_id: UUID, *, systems: Iterable[System], now: datetime
) -> list[Card]:
    """Every system that FLOW knows, in their order."""
    since = now - _HEALTH_OF
    integrations = {each.integration_name: each for each in await store.integrations_of(transaction, restaurant_id)}
    calls = {each.provider: each for each in await store.call_health(transaction, restaurant_id, since=since)}
    arrived = {each.provider: each for each in await inbox.inbox_health(transaction, restaurant_id, since=since)}
    queued = {each.provider: each for each in await store.queue_health(transaction, restaurant_id, now=now)}
    return [
        Card(
            system,
            title_of(system.name),
            integrations.get(system.name),
            calls.get(system.name),
            arrived.get(system.name),
            queued.get(system.name),
        )
        for system in systems
    ]


async def failed_calls(transaction: Transaction, restaurant_id: UUID, provider: str) -> list[WaitingCall]:
    """What was to be done at this provider and was not, the newest first."""
    return await store.troubled_calls(transaction, restaurant_id, provider, most=_MOST_CALLS)


def title_of(name: str) -> str:
    """How people call it."""
    return NAMES.get(name, name)
