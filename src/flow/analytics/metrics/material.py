"""What one answer is made of, and how facts become figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from flow.analytics.facts.types import Facts, add
from flow.analytics.metrics.formulas import fraction
from flow.analytics.metrics.questions import Plan, Role, Which
from flow.analytics.metrics.reading import Cells
from flow.analytics.metrics.scope import Scope
from flow.analytics.metrics.types import Metric, Value
from flow.kit.money import Currency, Money, is_currency

_ADDED_UP_FROM_ROWS = ("cart_adds", "cart_removals")
Figures = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Material:
    """A plan, the cells read for it, and the facts of each whole window."""

    plan: Plan
    scope: Scope
    cells: Mapping[Role, Cells]
    totals: Mapping[Which, Facts]

    @classmethod
    def of(cls, plan: Plan, scope: Scope, cells: Mapping[Role, Cells]) -> Self:
        return cls(plan, scope, cells, {which: _total(cells, which) for which in plan.windows})

    def cell(self, which: Which, key: str, value: str = "") -> Facts:
        """The facts of one row; none where nothing happened."""
        return self.cells.get((which, "rows"), {}).get((key, value), {})

    @property
    def currency(self) -> Currency | None:
        """The one currency of the restaurants asked, if it is one."""
        found = {self.scope.restaurants[restaurant].currency for restaurant in self.plan.question.restaurants}
        return as_currency(found.pop()) if len(found) == 1 else None


def _total(cells: Mapping[Role, Cells], which: Which) -> Facts:
    """The facts of a whole window; cart events are known by product alone, and their rows do not overlap."""
    total = added(cells[which, "totals"].values())
    rows = added(cells.get((which, "rows"), {}).values())
    return total | {name: rows[name] for name in _ADDED_UP_FROM_ROWS if name in rows}


def figures(metrics: Iterable[Metric], facts: Facts, whole: Facts, currency: Currency | None) -> Figures:
    """Each metric's value; `whole` is what shares are taken of."""
    return {metric.key: value(metric, facts, whole, currency) for metric in metrics}


def value(metric: Metric, facts: Facts, whole: Facts, currency: Currency | None) -> Value:
    """The metric's value out of these facts; None where it is not known, or money has no one currency."""
    parts = fraction(metric.formula, facts, whole=whole)
    if parts is None:
        return None
    over, under = parts
    match metric.unit:
        case "money":
            return Money(_rounded(over, under), currency) if currency else None
        case "count":
            return over
        case _:
            return over / under


def no_figures(metrics: Iterable[Metric]) -> Figures:
    """Blanks for every metric."""
    return dict.fromkeys((metric.key for metric in metrics), None)


def added(many: Iterable[Facts]) -> Facts:
    """All of them added up."""
    total: Facts = {}
    for facts in many:
        add(total, facts)
    return total


def as_currency(code: str) -> Currency:
    """`code` as a currency that FLOW knows; ValueError for others."""
    if not is_currency(code):
        raise ValueError(f"unknown currency {code!r}")
    return code


def _rounded(over: int, under: int) -> int:
    """Half an øre goes away from zero, as tills do."""
    whole, rest = divmod(abs(over), under)
    rounded = whole + (2 * rest >= under)
    return rounded if over >= 0 else -rounded
