"""Why a figure is left blank: honest blanks instead of zeros and misleading percentages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flow.analytics.facts.types import GROUP_OF
from flow.analytics.health.types import HEALTH_FACTS
from flow.analytics.metrics.formulas import ABOUT_NOW, SPECIAL_FACTS, Uncollected
from flow.analytics.metrics.questions import Plan, Which
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.types import HEALTH_SOURCES, Blank, Metric, Source
from flow.analytics.metrics.windows import Window
from flow.kit.period import Period

_ADDED_UP_FROM_ROWS = frozenset({"cart_adds", "cart_removals"})
_NEED_ROWS = frozenset({"active_customers", "orders_underway"})


def of_totals(plan: Plan, which: Which, scope: Scope, known: Iterable[str]) -> dict[str, Blank]:
    """Metric → why its total is blank. `known` are the facts that were found."""
    found = frozenset(known)
    reasons = ((metric.key, _of_total(metric, plan, which, scope, found)) for metric in plan.metrics)
    return {key: reason for key, reason in reasons if reason is not None}


def is_collected(metric: Metric, plan: Plan, which: Which, scope: Scope, days: Period) -> bool:
    """Whether a row of these days has a figure: data had begun by their end; for a comparison, by their beginning."""
    if is_about_now(metric):
        return True
    firsts = _firsts_of_those_with_data(metric.source, plan, scope)
    if not firsts:
        return False
    return min(firsts) <= days.last if which == "asked" else max(firsts) <= days.first


def is_about_now(metric: Metric) -> bool:
    """Whether the metric is about this moment, whatever the period."""
    return not ABOUT_NOW.isdisjoint(metric.formula.needs)


def _of_total(metric: Metric, plan: Plan, which: Which, scope: Scope, known: frozenset[str]) -> Blank | None:
    return (
        _of_metric(metric, plan, which, scope)
        or _of_caller(metric, plan, which, scope, known)
        or _of_time(metric, plan, which, scope)
    )


def _of_metric(metric: Metric, plan: Plan, which: Which, scope: Scope) -> Blank | None:
    needs = frozenset(metric.formula.needs)
    if isinstance(metric.formula, Uncollected):
        return "not_collected"
    if which != "asked" and is_about_now(metric):
        return "not_kept"
    if not _adds_up(needs, plan):
        return "not_additive"
    return "mixed_currencies" if metric.unit == "money" and _has_currencies(plan, scope) else None


def _of_caller(metric: Metric, plan: Plan, which: Which, scope: Scope, known: frozenset[str]) -> Blank | None:
    if metric.source in HEALTH_SOURCES or _may_read(plan.windows[which], scope):
        return None  # who may not read them may not ask
    needs_rows = _NEED_ROWS.intersection(metric.formula.needs)
    return "not_permitted" if which == "so_far" or not needs_rows <= known else None


def _of_time(metric: Metric, plan: Plan, which: Which, scope: Scope) -> Blank | None:
    if is_about_now(metric):
        return None
    source, window = metric.source, plan.windows[which]
    firsts = _firsts_of_those_with_data(source, plan, scope)
    if which == "asked":
        return None if firsts else "no_data_then"
    if not firsts or min(firsts) > window.period.last:
        return "no_data_then"
    if max(firsts) > window.period.first:
        return "partial_data_then"
    if which == "so_far" and source == "visits" and not _keeps_visits(window, scope):
        return "not_kept"
    return None


def _firsts_of_those_with_data(source: Source, plan: Plan, scope: Scope) -> list[date]:
    firsts = ((stretch, scope.first_day(source, stretch.restaurant.id)) for stretch in plan.windows["asked"].stretches)
    return [first for stretch, first in firsts if first and first <= stretch.last]


def _keeps_visits(window: Window, scope: Scope) -> bool:
    return all(
        scope.keeps_visits(stretch.restaurant.id, stretch.last)
        for stretch in window.stretches
        if stretch.until is not None
    )


def _may_read(window: Window, scope: Scope) -> bool:
    return {stretch.restaurant.id for stretch in window.stretches} <= scope.readable


def _adds_up(needs: frozenset[str], plan: Plan) -> bool:
    return plan.question.filter is not None or needs <= (
        GROUP_OF.keys() | HEALTH_FACTS | SPECIAL_FACTS | _ADDED_UP_FROM_ROWS
    )


def _has_currencies(plan: Plan, scope: Scope) -> bool:
    return len(currencies(plan.question.restaurants, scope)) > 1


def currencies(restaurants: Iterable[UUID], scope: Scope) -> set[str]:
    """The currencies of these restaurants."""
    return {scope.restaurants[restaurant].currency for restaurant in restaurants}
