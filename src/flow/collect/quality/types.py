"""What owners see of the quality of their data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flow.collect.events.errors import RejectionCode, Status

__all__ = ["Captured", "CapturedDay", "Dropped", "RejectedEvent", "Replayed", "ToReplay"]

Day = date
"""A date under another name, for a field called `date` hides the class's own from pydantic."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many events of robots were dropped in one hour; `detail` is the robot's family."""

    hour: datetime
    reason: str
    detail: str
    count: int


@dataclass(frozen=True, slots=True)
class RejectedEvent:
    """An event in the quarantine; `raw` is what was sent, `context` the visit it belongs to."""

    id: UUID
    received_at: datetime
    reason: str
    message: str
    event_name: str | None
    raw: str
    context: dict[str, Any]
    replayed_at: datetime | None
    replay_outcome: str | None


@dataclass(frozen=True, slots=True)
class ToReplay:
    """A row of the quarantine as the pipeline needs it; `context` is JSON text."""

    id: UUID
    received_at: datetime
    reason: RejectionCode
    raw: str
    context: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a replayed event."""

    id: UUID
    outcome: Status


@dataclass(frozen=True, slots=True)
class Captured:
    """Counts of one span, numbered from 1."""

    span: int
    events_expected: int
    events_captured: int
    web_orders: int
    web_orders_captured: int


@dataclass(frozen=True, slots=True)
class CapturedDay:
    """One business day, measured twice: by the pages' own numbering of their events, and by orders FLOW took itself.

    Rates are shares from 0 to 1, None where there was nothing to capture.
    """

    date: Day
    events_expected: int
    events_captured: int
    event_rate: float | None
    web_orders: int
    web_orders_captured: int
    order_rate: float | None
