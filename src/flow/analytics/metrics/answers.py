"""Makes an answer out of its material: totals, rows, comparison, freshness, coverage."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

from flow.analytics.metrics import blanks
from flow.analytics.metrics.material import Figures, Material, figures
from flow.analytics.metrics.questions import Plan, Which
from flow.analytics.metrics.rows import rows
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.types import HEALTH_SOURCES, Answer, Blank, Comparison, Coverage, Freshness, Source


def answer(material: Material) -> Answer:
    """The answer to a planned question whose cells have been read."""
    totals, reasons = _totals(material, "asked")
    found = rows(material)
    return Answer(
        question=material.plan.question,
        rows=found.shown,
        totals=totals,
        blanks=reasons,
        comparison=_comparison(material),
        freshness=_freshness(material.plan, material.scope),
        coverage=_coverage(material.plan, material.scope),
        currency=material.currency,
        omitted=found.omitted,
        rest=found.rest,
    )


def _totals(material: Material, which: Which) -> tuple[Figures, dict[str, Blank]]:
    total = material.totals[which]
    reasons = blanks.of_totals(material.plan, which, material.scope, total)
    found = figures(material.plan.metrics, total, total, material.currency)
    return {key: None if key in reasons else value for key, value in found.items()}, reasons


def _comparison(material: Material) -> Comparison | None:
    plan = material.plan
    if plan.question.comparison is None:
        return None
    full, reasons = _totals(material, "full")
    so_far = None
    if "so_far" in plan.windows:
        so_far, more = _totals(material, "so_far")
        reasons |= more
    return Comparison(plan.question.comparison, plan.windows["full"].period, full, so_far, reasons)


def _freshness(plan: Plan, scope: Scope) -> Freshness:
    if all(metric.source in HEALTH_SOURCES for metric in plan.metrics):  # of this moment, always
        return Freshness(scope.now, scope.now, live=plan.windows["asked"].is_running)
    stretches = [stretch for window in plan.windows.values() for stretch in window.stretches]
    unread: dict[tuple[object, date], datetime | None] = {}
    for stretch in stretches:
        restaurant = stretch.restaurant.id
        counted = set(scope.live_days(restaurant, stretch.first, stretch.last))
        for day, marked_at in scope.waiting.get(restaurant, {}).items():
            if stretch.first <= day <= stretch.last and day not in counted:
                unread[restaurant, day] = marked_at
    marks = [marked_at for marked_at in unread.values() if marked_at]
    is_live = any(
        stretch.restaurant.id in scope.readable and stretch.last == scope.todays[stretch.restaurant.id]
        for stretch in plan.windows["asked"].stretches
    )
    return Freshness(min([scope.now, *marks]), scope.now, is_live, len(unread))


def _coverage(plan: Plan, scope: Scope) -> Coverage:
    def first_day(source: Source) -> date | None:
        days = (scope.first_day(source, restaurant) for restaurant in plan.question.restaurants)
        return max((day for day in days if day), default=None)

    return Coverage({source: first_day(source) for source in get_args(Source)})
