"""Replaying the quarantine, and the capture rate of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from flow.collect.events import store as events
from flow.collect.events.errors import Status
from flow.collect.events.replay import Quarantined
from flow.collect.events.types import SiteKey
from flow.collect.quality import store
from flow.collect.quality.types import Captured, CapturedDay, Replayed
from flow.database.transaction import Transaction
from flow.kit.days import BusinessCalendar

__all__ = ["Replays", "capture_of_days", "replay"]


class Replays(Protocol):
    """Event ingest, as far as replaying needs it."""

    async def replay(self, kept: Quarantined, site: SiteKey) -> Status:
        """Sends what was kept through the pipeline; what became of it."""
        ...


async def replay(
    transaction: Transaction, ingest: Replays, restaurant_id: UUID, ids: Sequence[UUID], *, now: datetime
) -> list[Replayed]:
    """Sends events of the quarantine through the pipeline again and notes what became of each.

    An event is stored by the pipeline's own transaction before the note is: should the note be lost, the next replay
    finds a duplicate. Ids that are unknown, or that have got in already, are left out of the answer.
    """
    site = await events.find_site(transaction, restaurant_id)
    replayed: list[Replayed] = []
    for row in await store.to_replay(transaction, restaurant_id, ids):
        kept = Quarantined(row.reason, row.raw, row.context, row.received_at)
        replayed.append(Replayed(row.id, await ingest.replay(kept, site)))
    if replayed:
        await store.mark_replayed(transaction, restaurant_id, replayed, now=now)
    return replayed


async def capture_of_days(
    transaction: Transaction, restaurant_id: UUID, calendar: BusinessCalendar, *, first: date, last: date
) -> list[CapturedDay]:
    """How much of each business day from `first` to `last` was captured."""
    days = list(calendar.days(first, last))
    counts = await store.captured(transaction, restaurant_id, [(start, end) for _, start, end in days])
    return [_captured_day(day, count) for (day, _, _), count in zip(days, counts, strict=True)]


def _captured_day(day: date, counts: Captured) -> CapturedDay:
    return CapturedDay(
        date=day,
        events_expected=counts.events_expected,
        events_captured=counts.events_captured,
        event_rate=_rate(counts.events_captured, counts.events_expected),
        web_orders=counts.web_orders,
        web_orders_captured=counts.web_orders_captured,
        order_rate=_rate(counts.web_orders_captured, counts.web_orders),
    )


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
