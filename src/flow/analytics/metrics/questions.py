"""Checks a question against the catalogue, and plans the slices that answer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from flow.analytics.health.types import HEALTH_FACTS
from flow.analytics.metrics import windows
from flow.analytics.metrics.catalogue import FACTS_BY, METRICS, TIMES, facts_of
from flow.analytics.metrics.errors import BreakdownNotPossible, InvalidQuestion, UnknownMetric
from flow.analytics.metrics.formulas import ABOUT_NOW, SPECIAL_FACTS
from flow.analytics.metrics.reading import Grouping, Slice
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.types import BREAKDOWNS, COMPARISONS, Filter, Metric, Question
from flow.analytics.metrics.windows import Window

_LONGEST_DAYS = 3_660
_MOST_METRICS = 100

Which = Literal["asked", "full", "so_far"]
Role = tuple[Which, Literal["totals", "rows"]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A question with its windows and the slices to read. `full` and `so_far` are the comparison's."""

    question: Question
    metrics: tuple[Metric, ...]
    windows: dict[Which, Window]
    slices: dict[Role, Slice]


def check(question: Question) -> tuple[Metric, ...]:
    """The question's metrics; raises UnknownMetric, BreakdownNotPossible or InvalidQuestion in plain words."""
    if not question.metrics or len(question.metrics) > _MOST_METRICS:
        raise InvalidQuestion(f"A question asks for 1 to {_MOST_METRICS} metrics.")
    if not question.restaurants:
        raise InvalidQuestion("A question asks about at least one restaurant.")
    if len(question.period) > _LONGEST_DAYS:
        raise InvalidQuestion(f"A period has at most {_LONGEST_DAYS} days.")
    if question.limit is not None and question.limit < 1:
        raise InvalidQuestion("A limit is at least 1.")
    if question.comparison not in (None, *COMPARISONS):
        raise InvalidQuestion(f"There is no comparison {question.comparison!r}.", details={"known": COMPARISONS})
    metrics = tuple(_metric(key) for key in question.metrics)
    _check_breakdown(question, metrics)
    return metrics


def plan(question: Question, metrics: Sequence[Metric], scope: Scope) -> Plan:
    """The slices of a checked question."""
    restaurants = [scope.restaurants[restaurant] for restaurant in dict.fromkeys(question.restaurants)]
    found: dict[Which, Window] = {"asked": windows.asked(question.period, restaurants, scope.now)}
    if question.comparison is not None:
        other = windows.compared(question.period, question.comparison)
        found["full"] = windows.asked(other, restaurants, scope.now)
        if found["asked"].is_running:
            found["so_far"] = windows.so_far(found["asked"], other, scope.now)
    slices = {
        (which, part): slice_
        for which, window in found.items()
        for part, slice_ in _slices(question, facts_of(metrics), which, window)
    }
    return Plan(question, tuple(metrics), found, slices)


def _slices(
    question: Question, facts: frozenset[str], which: Which, window: Window
) -> Iterable[tuple[Literal["totals", "rows"], Slice]]:
    needs = facts if which == "asked" else facts - ABOUT_NOW
    if "active_customers" in needs:
        needs |= {"customers"}  # the same, where a row is a single day
    dimension, value = _filter(question.filter)
    yield "totals", Slice(window, needs, "", dimension, value)
    breakdown = question.breakdown
    if breakdown is None or (which == "so_far" and breakdown not in TIMES):
        return
    if breakdown in FACTS_BY:
        yield "rows", Slice(window, needs, "", breakdown)
    else:
        yield "rows", Slice(window, needs, _grouping(breakdown), dimension, value)


def _grouping(breakdown: str) -> Grouping:
    match breakdown:
        case "day" | "week" | "month" | "restaurant":
            return breakdown
        case _:
            return ""


def _filter(wanted: Filter | None) -> tuple[str, str | None]:
    return (wanted.dimension, wanted.value) if wanted else ("", None)


def _metric(key: str) -> Metric:
    if key not in METRICS:
        raise UnknownMetric(f"There is no metric {key!r}.", details={"metric": key, "known": sorted(METRICS)})
    return METRICS[key]


def _check_breakdown(question: Question, metrics: Iterable[Metric]) -> None:
    breakdown, wanted = question.breakdown, question.filter
    if breakdown is not None and breakdown not in BREAKDOWNS:
        raise BreakdownNotPossible(f"There is no breakdown {breakdown!r}.", details={"known": BREAKDOWNS})
    if wanted is not None and wanted.dimension not in FACTS_BY:
        raise InvalidQuestion(f"There is no filter {wanted.dimension!r}.", details={"known": sorted(FACTS_BY)})
    for metric in metrics:
        possible = metric.breakdowns if wanted is None else _breakdowns_within(metric, wanted)
        if breakdown is not None and breakdown not in possible:
            raise BreakdownNotPossible(
                f"{metric.key} cannot be broken down by {breakdown}.",
                details={"metric": metric.key, "possible": sorted(possible)},
            )


def _breakdowns_within(metric: Metric, wanted: Filter) -> frozenset[str]:
    """Within one value of a dimension, what that dimension splits can be seen over time and by restaurant."""
    needs = frozenset(metric.formula.needs)
    is_known = needs <= FACTS_BY[wanted.dimension] and wanted.dimension in metric.breakdowns
    if is_known and needs <= HEALTH_FACTS:
        return metric.breakdowns & {*TIMES, "restaurant"}
    if needs & SPECIAL_FACTS or not is_known:
        raise InvalidQuestion(f"{metric.key} is not known for one {wanted.dimension}.", details={"metric": metric.key})
    return frozenset({*TIMES, "restaurant"})
