"""What retention passes along: how far back it reaches where, who is held back, what would go and what went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from flow.kit.days import BusinessCalendar
from flow.privacy.catalogue import Key

__all__ = ["EVERYWHERE", "Due", "Held", "Hold", "Month", "Past", "Place", "Run", "Tally"]

EVERYWHERE: Final = UUID(int=0)
"""Stands for no restaurant in tallies: what is done for all of them at once, or belongs to none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A restaurant as retention sees it. `oldest_stale_day` is the first business day that waits for a roll-up."""

    id: UUID
    time_zone: str
    business_day_cutoff_hour: int
    financial_year_first_month: int
    oldest_stale_day: date | None

    @property
    def calendar(self) -> BusinessCalendar:
        return BusinessCalendar(self.time_zone, self.business_day_cutoff_hour)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold; in force while it has not ended."""

    restaurant_id: UUID
    id: UUID
    subject: str
    reason: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """What identifies the persons who are held back, by kind of id; as text."""

    values: Mapping[Key, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.values.values())

    def of(self, key: Key) -> list[str]:
        """The ids of one kind; a contact is a phone number or an e-mail address."""
        kinds = (Key.CONTACT, Key.PHONE, Key.EMAIL) if key is Key.CONTACT else (key,)
        return sorted(frozenset().union(*(self.values.get(kind, frozenset()) for kind in kinds)))


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a partitioned table, `part` its partition; it ends before `until`."""

    part: str
    first_day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of a table that were done, in a restaurant or EVERYWHERE."""

    table_name: str
    restaurant_id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class Due:
    """What would go now: rows of a table from before a moment. `months` are partitions that would be dropped."""

    table: str
    restaurant_id: UUID
    rows: int
    before: datetime
    months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What was done before: facts are {"category", "rows": {table: count}}."""

    created_at: datetime
    facts: dict[str, Any]


@dataclass(slots=True)
class Run:
    """What one run has done: rows by table, months dropped, months that wait and why, the longest batch in seconds."""

    rows: dict[str, int] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    longest_batch: float = 0.0
    longest_drop: float = 0.0

    def add(self, table: str, rows: int) -> None:
        if rows:
            self.rows[table] = self.rows.get(table, 0) + rows
