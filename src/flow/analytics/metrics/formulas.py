"""How a figure is made of facts. Rates divide sums, so that a week's rate is not an average of its days' rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flow.analytics.facts.types import Facts
from flow.analytics.health.types import NOW_FACTS, WHOLE_FACTS

SPECIAL_FACTS = frozenset({"active_customers", "orders_underway", "revenue_to_date", "customers_to_date"}) | WHOLE_FACTS
"""Facts that do not add up over days; the engine asks for them apart, and leaves them out where it may not."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The facts added up."""

    facts: tuple[str, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        return self.facts


@dataclass(frozen=True, slots=True)
class Ratio:
    """The facts of `over` added up, those of `less` taken off, divided by those of `under` added up."""

    over: tuple[str, ...]
    under: tuple[str, ...]
    less: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        return self.over + self.less + self.under


@dataclass(frozen=True, slots=True)
class Share:
    """One row's part of the same fact of the whole."""

    fact: str

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantile or a maximum: measured over the whole of what is asked for, never added up from parts."""

    fact: str

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class Uncollected:
    """FLOW does not collect what this needs yet: always a blank."""

    @property
    def needs(self) -> tuple[str, ...]:
        return ()


ABOUT_NOW = NOW_FACTS | {"orders_underway"}
"""Facts about this moment, whatever the period."""

Formula = Sum | Ratio | Share | Measured | Uncollected


def fraction(formula: Formula, facts: Facts, *, whole: Mapping[str, int]) -> tuple[int, int] | None:
    """Numerator and denominator; None where a fact is not known, or there is nothing to divide by."""
    if not SPECIAL_FACTS.intersection(formula.needs) <= facts.keys():
        return None
    match formula:
        case Sum(names):
            return _sum(facts, names), 1
        case Ratio(over, under, less):
            return _whole(_sum(facts, over) - _sum(facts, less), _sum(facts, under))
        case Share(name):
            return _whole(facts.get(name, 0), whole.get(name, 0))
        case Measured(name):
            return facts[name], 1
        case Uncollected():
            return None


def _sum(facts: Mapping[str, int], names: tuple[str, ...]) -> int:
    return sum(facts.get(name, 0) for name in names)


def _whole(over: int, under: int) -> tuple[int, int] | None:
    return (over, under) if under else None
