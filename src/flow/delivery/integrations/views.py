"""What the integration pages show, read as the person who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flow.analytics.metrics.types import Value
from flow.collect.integrations import store
from flow.collect.integrations.types import Integration, System, WaitingCall
from flow.database.transaction import Transaction
from flow.delivery.connections.week import SYSTEM_METRICS, figures_of_week
from flow.delivery.integrations.labels import NAMES
from flow.kit.clock import Clock

__all__ = ["Card", "cards", "failed_calls", "title_of"]

_MOST_CALLS: Final = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One system: whether it is connected, and its metrics of the last seven days and of now, by key."""

    system: System
    title: str
    integration: Integration | None
    health: Mapping[str, Value]

    @property
    def state(self) -> str:
        return self.integration.status if self.integration else "inactive"

    @property
    def is_connected(self) -> bool:
        return self.state != "inactive"


async def cards(
    transaction: Transaction, restaurant_id: UUID, *, systems: Iterable[System], clock: Clock
) -> list[Card]:
    """Every system that FLOW knows, in their order."""
    integrations = {each.integration_name: each for each in await store.integrations_of(transaction, restaurant_id)}
    health = await figures_of_week(transaction, restaurant_id, "provider", SYSTEM_METRICS, clock=clock)
    nothing = dict.fromkeys(SYSTEM_METRICS)
    return [
        Card(system, title_of(system.name), integrations.get(system.name), health.get(system.name, nothing))
        for system in systems
    ]


async def failed_calls(transaction: Transaction, restaurant_id: UUID, provider: str) -> list[WaitingCall]:
    """What was to be done at this provider and was not, the newest first."""
    return await store.troubled_calls(transaction, restaurant_id, provider, most=_MOST_CALLS)


def title_of(name: str) -> str:
    """How people call it."""
    return NAMES.get(name, name)
