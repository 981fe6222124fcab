"""What a dashboard is made of, ready to show: every text is in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from flow.analytics.metrics.types import ComparisonName, Unit
from flow.kit.days import BusinessCalendar
from flow.kit.period import Period

Kind = Literal["number", "live", "bars", "hbars", "donut", "gauge"]
PeriodKey = Literal["today", "yesterday", "7d", "30d", "month", "last_month", "12m", "custom"]
ComparisonKey = Literal["last_week", "last_year", "previous", "none"]


@dataclass(frozen=True, slots=True)
class DashboardRestaurant:
    """A restaurant that the reader may choose; `has_figures` where their role shows its figures too."""

    id: UUID
    name: str
    simulated: bool
    currency: str
    time_zone: str
    cutoff_hour: int
    has_figures: bool

    @property
    def calendar(self) -> BusinessCalendar:
        """Its business days."""
        return BusinessCalendar(self.time_zone, self.cutoff_hour)


@dataclass(frozen=True, slots=True)
class Selected:
    """What is shown: one restaurant under its id, or several as one under `all` or `all-DKK`."""

    id: str
    name: str
    simulated: bool
    restaurants: tuple[DashboardRestaurant, ...]

    @property
    def ids(self) -> list[UUID]:
        """Its restaurants."""
        return [restaurant.id for restaurant in self.restaurants]

    @property
    def time_zone(self) -> str:
        """The zone in which times are shown."""
        return self.restaurants[0].time_zone

    @property
    def has_figures(self) -> bool:
        """Whether the reader's role shows figures of all of them."""
        return all(restaurant.has_figures for restaurant in self.restaurants)


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """The period under its key, with the addresses of its neighbours."""

    key: PeriodKey
    label: str
    days: Period
    is_today: bool
    includes_today: bool
    previous_href: str | None = None
    next_href: str | None = None

    @property
    def first(self) -> object:
        """First day."""
        return self.days.first

    @property
    def last(self) -> object:
        """Last day."""
        return self.days.last


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """What the figures are held against; `is_usual` where it is what such a period is compared with unless asked."""

    key: ComparisonKey
    label: str
    name: ComparisonName | None
    is_usual: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything that the address of a dashboard says."""

    selected: Selected
    choices: tuple[DashboardRestaurant, ...]
    groups: tuple[Selected, ...]
    period: ShownPeriod
    comparison: ShownComparison
    today: Period
    query: str


@dataclass(frozen=True, slots=True)
class Step:
    """One bar, slice, line point or row of a tile. Money is øre; None is a blank. `second` is a figure beside it."""

    label: str
    value: float | None
    value_text: str
    long_label: str = ""
    compare: float | None = None
    compare_text: str = ""
    second: float | None = None
    second_text: str = ""
    href: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class TileComparison:
    """The figure beside it, and the relative change (0.1 is +10 %)."""

    value: float | None
    value_text: str
    change: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One widget. `empty` says what will appear and how to make it so; `error` what failed.

    `measure`, `compare_label` and `second_label` name the figures of its steps; their comparison is with whole steps,
    while `comparison` is with what is fairly comparable so far.
    """

    key: str
    title: str
    kind: Kind
    unit: Unit
    definition: str
    value: float | None = None
    value_text: str = ""
    comparison: TileComparison | None = None
    comparison_blank: str | None = None
    series: tuple[Step, ...] = ()
    measure: str = ""
    compare_label: str = ""
    second_label: str = ""
    second_unit: Unit = "count"
    freshness_text: str = ""
    as_of: datetime | None = None
    live: bool = False
    rows_href: str = ""
    export: dict[str, str] = field(default_factory=dict)
    empty: str | None = None
    error: str | None = None
    stale: str | None = None
    cumulative: bool = False
    elapsed: float = 1.0


@dataclass(frozen=True, slots=True)
class StatusCount:
    """Active orders in one status."""

    status: str
    orders: int


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that has just arrived; `total` in øre."""

    id: UUID
    number: int
    channel: str
    total: int
    currency: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A restaurant in which nothing has happened yet; `key` is its newest site key."""

    id: UUID
    slug: str
    key: str | None
