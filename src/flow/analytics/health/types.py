"""Stretches of time to count in, and what is counted. Durations of calls in milliseconds, of waiting in seconds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

__all__ = [
    "DIMENSIONS",
    "HEALTH_FACTS",
    "NOW_FACTS",
    "TABLES",
    "WHOLE_FACTS",
    "CallFacts",
    "EndpointName",
    "FirstSigns",
    "HealthTable",
    "HeardFacts",
    "IncomingFacts",
    "OutgoingFacts",
    "Place",
    "QueueFacts",
    "Stretch",
    "TryFacts",
    "fact_names",
    "known_facts",
]

HealthTable = Literal["calls", "incoming", "outgoing", "tries", "queue", "heard"]


@dataclass(frozen=True, slots=True)
class Place:
    """A restaurant that belongs to a cell; rows of all places of one cell are counted together."""

    cell: int
    restaurant_id: UUID


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `starts_at` up to but not including `ends_at` in one restaurant; several may belong to one cell."""

    cell: int
    restaurant_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CallFacts:
    """Calls to other systems; `calls_answered` with success. Times are those of every call that was made."""

    cell: int
    value: str
    calls: int
    calls_answered: int
    call_p50_ms: int | None
    call_p95_ms: int | None


@dataclass(frozen=True, slots=True)
class IncomingFacts:
    """What other systems told FLOW, by when it came; times are from arrival to the end of its work.

    `incoming_refused`: deliveries in their name that were refused, which are among none of the others.
    """

    cell: int
    value: str
    incoming: int
    incoming_settled: int
    incoming_applied: int
    incoming_parked: int
    incoming_refused: int
    incoming_p50_ms: int | None
    incoming_p95_ms: int | None


@dataclass(frozen=True, slots=True)
class OutgoingFacts:
    """What endpoints were to be told, by when it was put on its way; times are from the event to the delivery."""

    cell: int
    value: str
    outgoing: int
    outgoing_delivered: int
    outgoing_p50_ms: int | None
    outgoing_p95_ms: int | None


@dataclass(frozen=True, slots=True)
class TryFacts:
    """Tries to tell endpoints; times are of those that were answered."""

    cell: int
    value: str
    tries: int
    tries_answered: int
    try_p50_ms: int | None
    try_p95_ms: int | None


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What waits now, and for how long the oldest has been due; 0 where nothing waits."""

    cell: int
    value: str
    queue_waiting: int
    queue_lag_seconds: int


@dataclass(frozen=True, slots=True)
class HeardFacts:
    """Signs of life of connected systems now. `usual_deliveries`: the fewest in these three hours, of three weeks."""

    cell: int
    value: str
    silence_seconds: int | None
    recent_deliveries: int
    usual_deliveries: int
    quiet_systems: int


@dataclass(frozen=True, slots=True)
class FirstSigns:
    """When the oldest row that is kept was written, or None."""

    restaurant_id: UUID
    first_call_at: datetime | None
    first_incoming_at: datetime | None
    first_outgoing_at: datetime | None


@dataclass(frozen=True, slots=True)
class EndpointName:
    """How people call an endpoint: what it is for, else its address."""

    id: UUID
    name: str


TABLES: dict[HealthTable, type] = {
    "calls": CallFacts,
    "incoming": IncomingFacts,
    "outgoing": OutgoingFacts,
    "tries": TryFacts,
    "queue": QueueFacts,
    "heard": HeardFacts,
}
DIMENSIONS: dict[str, tuple[HealthTable, ...]] = {
    "provider": ("calls", "incoming", "queue", "heard"),
    "provider_endpoint": ("calls",),
    "webhook_endpoint": ("outgoing", "tries", "queue"),
}
"""Which tables each dimension splits."""


def fact_names(row: type) -> tuple[str, ...]:
    """The figures among the fields of one of the dataclasses above."""
    return tuple(field.name for field in fields(row) if field.name not in {"cell", "value"})


def known_facts(row: Any) -> dict[str, int]:
    """The figures of a row; one that is not known is left out."""
    found = {name: getattr(row, name) for name in fact_names(type(row))}
    return {name: figure for name, figure in found.items() if figure is not None}


HEALTH_FACTS = frozenset(name for row in TABLES.values() for name in fact_names(row))
NOW_FACTS = frozenset(fact_names(QueueFacts) + fact_names(HeardFacts))
"""About this moment, whatever the period."""
WHOLE_FACTS = frozenset(name for name in HEALTH_FACTS if name.endswith(("_ms", "_seconds")))
"""Quantiles and maxima: known of the whole that was asked for, never added up from parts."""
