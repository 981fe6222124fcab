"""The metrics of the last seven business days and of now, for the settings pages of one restaurant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flow.analytics.metrics.service import ask
from flow.analytics.metrics.types import Breakdown, Question, Value
from flow.business.restaurants.store import find_restaurant
from flow.database.transaction import Transaction
from flow.kit.clock import Clock
from flow.kit.period import Period

__all__ = ["ENDPOINT_METRICS", "SYSTEM_METRICS", "figures_of_week"]

SYSTEM_METRICS: Final = (
    *("provider_calls", "provider_call_success_rate", "provider_call_p95"),
    *("incoming_webhooks", "incoming_applied_rate", "incoming_refused"),
    *("queue_waiting", "queue_lag", "system_silence", "quiet_systems"),
)
ENDPOINT_METRICS: Final = (
    *("webhook_tries", "webhook_try_success_rate", "webhook_answer_p50", "webhook_answer_p95"),
    *("outgoing_p50", "outgoing_p95", "queue_waiting", "queue_lag"),
)


async def figures_of_week(
    transaction: Transaction, restaurant_id: UUID, breakdown: Breakdown, metrics: tuple[str, ...], *, clock: Clock
) -> Mapping[str, Mapping[str, Value]]:
    """Key of the breakdown → metric → figure."""
    restaurant = await find_restaurant(transaction, restaurant_id)
    period = Period.named("last_7_days", restaurant.calendar.business_day(clock.now()))
    answer = await ask(transaction, Question(metrics, (restaurant_id,), period, breakdown=breakdown), clock=clock)
    return {row.key: row.values for row in answer.rows}
