"""Sends an event out of the quarantine through the same checks again, as of the moment when it first came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from flow.collect.events.checks import check_events
from flow.collect.events.envelope import decode, decode_event
from flow.collect.events.errors import MalformedBatch, RejectionCode, Status
from flow.collect.events.pipeline import describe
from flow.collect.events.types import Event, Item, Site, Submission, Visit, microseconds
from flow.collect.events.visitors import business_day

__all__ = ["Quarantined", "outcome_of", "submission_of"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row of the quarantine: what was refused, why and when, and `context`, its visit as JSON text."""

    reason: RejectionCode
    raw: str
    context: str
    received_at: datetime


def submission_of(kept: Quarantined, site: Site, *, now: datetime) -> Submission | None:
    """What is to be stored of it now; None when it is still no batch or no event at all."""
    visit = msgspec.json.decode(kept.context, type=Visit)
    received = microseconds(kept.received_at)
    if kept.reason == "malformed_batch":
        try:
            batch = decode(kept.raw.encode())
        except MalformedBatch:
            return None
        describe(visit, batch)
        sent = batch.events
    else:
        sent = [decode_event(kept.raw.encode())]
    items = check_events(sent, received, visit, namespace=site.namespace)
    today = business_day(site.calendar, microseconds(now))
    return Submission(visit, site, received, today.began, items)


def outcome_of(items: list[Item]) -> Status:
    """What became of it: accepted as soon as one event of a batch was."""
    statuses = {item.status if isinstance(item, Event) else "rejected" for item in items}
    return next((status for status in _BEST_FIRST if status in statuses), "rejected")


_BEST_FIRST: tuple[Status, ...] = ("accepted", "duplicate")
