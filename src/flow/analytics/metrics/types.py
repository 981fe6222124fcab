"""Question and Answer: what the dashboard, the API, exports and mails ask, and what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from flow.analytics.metrics.formulas import Formula
from flow.kit.money import Currency, Money
from flow.kit.period import Period

Unit = Literal["money", "count", "ratio", "seconds", "milliseconds", "number"]
Better = Literal["up", "down"]
Source = Literal[
    "orders",
    "visits",
    "loyalty",
    "conversations",
    "provider_calls",
    "incoming_webhooks",
    "outgoing_webhooks",
    "connections",
]
HEALTH_SOURCES: frozenset[Source] = frozenset(
    {"provider_calls", "incoming_webhooks", "outgoing_webhooks", "connections"}
)
"""How the connections to other systems do: for those who hold integrations.read."""
ComparisonName = Literal["previous_period", "same_weekday_last_week", "same_weekday_last_year"]
Breakdown = Literal[
    "day",
    "week",
    "month",
    "hour",
    "restaurant",
    "product",
    "category",
    "order_channel",
    "fulfillment",
    "first_touch",
    "last_touch",
    "traffic_channel",
    "device",
    "country",
    "provider",
    "provider_endpoint",
    "webhook_endpoint",
]
BREAKDOWNS: tuple[Breakdown, ...] = get_args(Breakdown)
COMPARISONS: tuple[ComparisonName, ...] = get_args(ComparisonName)

Value = Money | int | float | None
"""Money (unit `money`), int (`count`) or float (`ratio`, where 0.25 is 25 %, `seconds`, `milliseconds`, `number`); None
is a blank."""

Blank = Literal[
    "no_data_then",
    "partial_data_then",
    "not_kept",
    "not_collected",
    "not_permitted",
    "mixed_currencies",
    "not_additive",
]
"""Why there is no figure.

no_data_then      nothing was collected before or in that period
partial_data_then collection began within that period, so a comparison would mislead
not_kept          the rows that would tell are no longer kept (visits up to this time of day, orders underway then)
not_collected     FLOW does not collect what the metric needs yet
not_permitted     the metric needs rows that the caller's role may not read
mixed_currencies  kroner and euro do not add up: only rows by restaurant have money
not_additive      rows overlap (an order with several products), so they have no total
A None without a reason is a ratio with nothing to divide by.
"""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `title` and `definition` are English msgids: translate them with gettext where they are shown."""

    key: str
    unit: Unit
    title: str
    definition: str
    better: Better | None
    source: Source
    formula: Formula
    breakdowns: frozenset[Breakdown]

    @property
    def permission(self) -> str:
        """What a reader must hold in each restaurant asked about."""
        return "integrations.read" if self.source in HEALTH_SOURCES else "analytics.read"


@dataclass(frozen=True, slots=True)
class Filter:
    """Only what has this value in one dimension, e.g. `Filter("order_channel", "wolt")`."""

    dimension: Breakdown
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures, of which restaurants, for which business days, by what, compared with what.

    `limit` keeps the largest rows by the first metric (not for breakdowns by time); `Answer.rest` sums the others.
    """

    metrics: tuple[str, ...]
    restaurants: tuple[UUID, ...]
    period: Period
    breakdown: Breakdown | None = None
    comparison: ComparisonName | None = None
    filter: Filter | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One value of the breakdown.

    `key`: ISO day (2026-11-21), ISO week (2026-W47), month (2026-11), hour ("00" to "23", local, from the cut-off on),
    a restaurant's, product's or webhook endpoint's id, a provider ("stripe"), a provider's endpoint ("stripe POST
    /v1/refunds"), or the dimension's own value ("web", "delivery", "mobile"; "" is unknown).
    `label`: name of the restaurant, product or endpoint; None where the key is what is to be translated and shown.
    `is_running`: the bucket holds the present moment, so its figures still grow.
    `compared`: figures of the matching bucket of the comparison, whole; `compared_so_far`: up to the same time of day,
    for running buckets only. Rows by time match by position, others by key.
    """

    key: str
    label: str | None
    values: Mapping[str, Value]
    is_running: bool = False
    compared_key: str | None = None
    compared: Mapping[str, Value] | None = None
    compared_so_far: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figures of another period.

    `full`: of the whole other period. `so_far`: only up to the same time of day, where the asked period is not over
    yet; None when it is. `blanks`: why a figure is None in either.
    """

    name: ComparisonName
    period: Period
    full: Mapping[str, Value]
    so_far: Mapping[str, Value] | None = None
    blanks: Mapping[str, Blank] = field(default_factory=dict)

    @property
    def like_for_like(self) -> Mapping[str, Value]:
        """What the asked period may fairly be compared with."""
        return self.full if self.so_far is None else self.so_far


@dataclass(frozen=True, slots=True)
class Freshness:
    """Everything recorded before `as_of` is counted. `live`: rows of the running day were read at `computed_at`.

    `waiting_days`: business days with changes that are not in these figures yet (0 unless the caller may not read rows,
    or very many days wait at once after an import).
    """

    as_of: datetime
    computed_at: datetime
    live: bool
    waiting_days: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """First business day from which on every restaurant asked that has data has some, per source; None without any."""

    first_day: Mapping[Source, date | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """`totals` are of the whole period, not sums of rows; `rest` sums the `omitted` rows beyond the question's limit.

    `currency` is that of every Money, or None when restaurants of several currencies were asked.
    """

    question: Question
    rows: tuple[AnswerRow, ...]
    totals: Mapping[str, Value]
    blanks: Mapping[str, Blank]
    comparison: Comparison | None
    freshness: Freshness
    coverage: Coverage
    currency: Currency | None
    omitted: int = 0
    rest: Mapping[str, Value] | None = None

    def change(self, metric: str) -> float | None:
        """Relative change against what is fairly comparable (0.1 is +10 %); None where a base is missing or zero."""
        if self.comparison is None:
            return None
        return relative_change(self.totals[metric], self.comparison.like_for_like[metric])


def relative_change(now: Value, then: Value) -> float | None:
    """(now - then) / |then|; None where either is a blank or `then` is zero."""
    if now is None or then is None:
        return None
    base = _number(then)
    return (_number(now) - base) / abs(base) if base else None


def _number(value: Money | float) -> float:
    return float(value.amount if isinstance(value, Money) else value)
