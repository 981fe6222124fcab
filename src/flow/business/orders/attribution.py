"""Which visits led to an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flow.business.orders import store
from flow.business.orders.types import Attribution, Channel, Order, PlaceOrder, Touch
from flow.database.transaction import Transaction

LOOKBACK = timedelta(days=90)  # as long as sessions are kept
VISIT_ENDS_AFTER = timedelta(minutes=30)
_LONGEST_PATH = 50
# The clocks of devices and of the server never quite agree.
_CLOCK_TOLERANCE = timedelta(minutes=5)

CHANNEL_TOUCHES: dict[Channel, tuple[str, str | None]] = {
    "sms": ("sms", None),
    "instagram": ("social", "instagram"),
    "facebook": ("social", "facebook"),
    "wolt": ("delivery_platform", "wolt"),
}
"""An order through one of these came by it, as channel and source; only pages have visits to look at."""

_PAGES: frozenset[Channel] = frozenset({"web", "app", "ai_chat"})


@dataclass(frozen=True, slots=True)
class Journey:
    """The visits before an order, oldest first."""

    touches: tuple[Touch, ...] = ()

    def session_at(self, at: datetime) -> UUID | None:
        """The visit that was still going on at `at`."""
        last = self.touches[-1] if self.touches else None
        return last.session_id if last and last.ended_at + VISIT_ENDS_AFTER >= at else None


async def journey_to(transaction: Transaction, restaurant_id: UUID, order: PlaceOrder, *, at: datetime) -> Journey:
    """The visits of whoever orders, under the lasting id if there is one and under the daily ones."""
    visitors = [*order.daily_visitor_ids, *([order.visitor_id] if order.visitor_id else [])]
    if not visitors:
        return Journey()
    touches = await store.touches_of(
        transaction, restaurant_id, visitors, since=at - LOOKBACK, until=at + _CLOCK_TOLERANCE
    )
    return Journey(tuple(touches))


def attribution_of(order: Order, journey: Journey) -> Attribution | None:
    """First touch, last touch and the path between; None for orders that come by no page and no message.

    A page's order without a known visit is direct: it came from nowhere we can see.
    """
    touches = journey.touches
    if touches:
        return _path(order, touches)
    channel, source = ("direct", None) if order.channel in _PAGES else CHANNEL_TOUCHES.get(order.channel, (None, None))
    if channel is None:
        return None
    return Attribution(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        first_touch_channel=channel,
        first_touch_source=source,
        last_touch_channel=channel,
        last_touch_source=source,
        created_at=order.recorded_at,
    )


def _path(order: Order, touches: Sequence[Touch]) -> Attribution:
    first, last = touches[0], touches[-1]
    return Attribution(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        first_touch_channel=first.channel,
        first_touch_source=first.source,
        first_touch_campaign=first.utm_campaign,
        first_touch_at=first.started_at,
        last_touch_channel=last.channel,
        last_touch_source=last.source,
        last_touch_campaign=last.utm_campaign,
        last_touch_at=last.started_at,
        touchpoint_path=[_point(touch) for touch in touches[-_LONGEST_PATH:]],
        touchpoint_count=len(touches),
        days_to_conversion=max((order.created_at - first.started_at).days, 0),
        sessions_to_conversion=len(touches),
        created_at=order.recorded_at,
    )


def _point(touch: Touch) -> dict[str, object]:
    return {"channel": touch.channel, "source": touch.source, "timestamp": touch.started_at.isoformat()}
