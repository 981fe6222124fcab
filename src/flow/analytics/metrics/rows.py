"""The rows of an answer: by time, by hour, and by anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from uuid import UUID

from flow.analytics.facts.types import Facts
from flow.analytics.health.types import WHOLE_FACTS
from flow.analytics.metrics import blanks
from flow.analytics.metrics.catalogue import TIMES
from flow.analytics.metrics.material import Figures, Material, added, as_currency, figures, no_figures, value
from flow.analytics.metrics.questions import Which
from flow.analytics.metrics.types import AnswerRow, Metric, Value
from flow.analytics.metrics.windows import Bucket, buckets
from flow.kit.money import Money
from flow.kit.period import Period

_HOURS = 24


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows shown, how many are not, and the figures of those together."""

    shown: tuple[AnswerRow, ...] = ()
    omitted: int = 0
    rest: Figures | None = None


def rows(material: Material) -> Rows:
    """The rows of the question's breakdown."""
    breakdown = material.plan.question.breakdown
    if breakdown is None:
        return Rows()
    if breakdown in TIMES:
        return Rows(tuple(_by_time(material)))
    if breakdown == "hour":
        return Rows(tuple(_by_hour(material)))
    return _largest(material)


def _by_time(material: Material) -> Iterator[AnswerRow]:
    plan, breakdown = material.plan, material.plan.question.breakdown or ""
    other = plan.windows.get("full")
    ours = buckets(breakdown, plan.question.period)
    theirs = buckets(breakdown, other.period) if other else []
    for bucket, matching in zip_longest(ours, theirs):
        if bucket is not None:
            yield _time_row(material, bucket, matching)


def _time_row(material: Material, bucket: Bucket, matching: Bucket | None) -> AnswerRow:
    todays = material.scope.todays.values()
    is_running = any(bucket.first <= today <= bucket.last for today in todays)
    return AnswerRow(
        key=bucket.key,
        label=None,
        values=_time_figures(material, "asked", bucket),
        is_running=is_running,
        compared_key=matching.key if matching else None,
        compared=_time_figures(material, "full", matching) if matching else None,
        compared_so_far=_time_figures(material, "so_far", matching) if matching and is_running else None,
    )


def _time_figures(material: Material, which: Which, bucket: Bucket) -> Figures:
    if bucket.first > max(material.scope.todays.values()):
        return no_figures(material.plan.metrics)  # what has not happened yet is not zero
    wanted = material.plan.question.filter
    facts = material.cell(which, bucket.key, wanted.value if wanted else "")
    return _known_figures(material, which, facts, facts, Period(bucket.first, bucket.last))


def _known_figures(material: Material, which: Which, facts: Facts, whole: Facts, days: Period) -> Figures:
    """The figures of some days of a window; blank where no data were collected then."""
    plan, scope, currency = material.plan, material.scope, material.currency
    return {
        metric.key: value(metric, facts, whole, currency)
        if blanks.is_collected(metric, plan, which, scope, days)
        else None
        for metric in plan.metrics
    }


def _by_hour(material: Material) -> Iterator[AnswerRow]:
    """24 rows from the cut-off hour on; hours to come of a single running day are blank."""
    plan, scope = material.plan, material.scope
    restaurant = scope.restaurants[plan.question.restaurants[0]]
    now = scope.now.astimezone(restaurant.calendar.zone).hour
    today = scope.todays[restaurant.id]
    is_today = plan.question.period.first == plan.question.period.last == today
    passed = (now - restaurant.cutoff_hour) % _HOURS
    for place in range(_HOURS):
        key = f"{(restaurant.cutoff_hour + place) % _HOURS:02}"
        yield AnswerRow(
            key=key,
            label=None,
            values=no_figures(plan.metrics) if is_today and place > passed else _figures(material, "asked", key),
            is_running=is_today and place == passed,
            compared_key=key if "full" in plan.windows else None,
            compared=_figures(material, "full", key) if "full" in plan.windows else None,
        )


def _largest(material: Material) -> Rows:
    """Rows by value, the largest of the first metric first, up to the question's limit."""
    plan = material.plan
    first, limit = plan.metrics[0].key, plan.question.limit
    found = sorted(_by_value(material), key=lambda row: (-_size(row.values[first]), row.label or row.key))
    shown, hidden = (found, []) if limit is None else (found[:limit], found[limit:])
    if not hidden:
        return Rows(tuple(shown))
    facts = added(_facts(material, "asked", row.key) for row in hidden)
    for name in WHOLE_FACTS.intersection(facts):
        del facts[name]  # quantiles of several rows do not add up
    rest = figures(plan.metrics, facts, material.totals["asked"], material.currency)
    return Rows(tuple(shown), len(hidden), rest)


def _by_value(material: Material) -> Iterator[AnswerRow]:
    plan, scope = material.plan, material.scope
    if plan.question.breakdown == "restaurant":
        for restaurant in dict.fromkeys(plan.question.restaurants):
            yield _value_row(material, str(restaurant), scope.restaurants[restaurant].name)
    else:
        for _, key in material.cells["asked", "rows"]:
            yield _value_row(material, key, None)


def _value_row(material: Material, key: str, label: str | None) -> AnswerRow:
    is_compared = "full" in material.plan.windows
    return AnswerRow(
        key=key,
        label=label,
        values=_row_figures(material, "asked", key),
        compared_key=key if is_compared else None,
        compared=_row_figures(material, "full", key) if is_compared else None,
    )


def _row_figures(material: Material, which: Which, key: str) -> Figures:
    if material.plan.question.breakdown == "restaurant":
        return _restaurant_figures(material, which, UUID(key))
    return _figures(material, which, key)


def _restaurant_figures(material: Material, which: Which, restaurant: UUID) -> Figures:
    """A restaurant's figures in its own currency; blank before its own first day of data."""
    scope, window = material.scope, material.plan.windows[which]
    wanted = material.plan.question.filter
    facts = material.cell(which, str(restaurant), wanted.value if wanted else "")
    currency = as_currency(scope.restaurants[restaurant].currency)
    begun_by = window.period.last if which == "asked" else window.period.first
    return {
        metric.key: value(metric, facts, facts, currency)
        if blanks.is_about_now(metric) or _has_begun(material, metric, restaurant, begun_by)
        else None
        for metric in material.plan.metrics
    }


def _has_begun(material: Material, metric: Metric, restaurant: UUID, day: date) -> bool:
    first = material.scope.first_day(metric.source, restaurant)
    return first is not None and first <= day


def _figures(material: Material, which: Which, key: str) -> Figures:
    """The figures of one value of a dimension over the whole window."""
    days = material.plan.windows[which].period
    return _known_figures(material, which, material.cell(which, "", key), material.totals[which], days)


def _facts(material: Material, which: Which, key: str) -> Facts:
    is_by_restaurant = material.plan.question.breakdown == "restaurant"
    return material.cell(which, key) if is_by_restaurant else material.cell(which, "", key)


def _size(figure: Value) -> float:
    if figure is None:
        return float("-inf")
    return float(figure.amount if isinstance(figure, Money) else figure)
