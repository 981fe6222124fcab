"""Questions that cannot be answered get a clear error; the catalogue says what can be asked."""

from __future__ import annotations

from datetime import date

import pytest

from flow.analytics.facts.types import GROUP_OF
from flow.analytics.metrics.catalogue import FACTS_BY, METRICS, facts_of
from flow.analytics.metrics.errors import BreakdownNotPossible, InvalidQuestion, UnknownMetric
from flow.analytics.metrics.formulas import SPECIAL_FACTS, Ratio, Share, Sum, Uncollected, fraction
from flow.analytics.metrics.questions import check
from flow.analytics.metrics.types import Filter, Metric, Question, relative_change
from flow.kit.ids import new_id
from flow.kit.money import Money
from flow.kit.period import Period

DAY = Period(date(2026, 6, 19), date(2026, 6, 19))
RESTAURANT = (new_id(),)


def test_an_unknown_metric_is_named_with_those_that_exist() -> None:
    with pytest.raises(UnknownMetric, match="'turnover'") as refused:
        check(Question(("revenue", "turnover"), RESTAURANT, DAY))

    assert "turnover" == refused.value.details["metric"]
    assert "revenue" in refused.value.details["known"]  # type: ignore[operator]


def test_a_breakdown_that_is_not_possible_is_refused_with_those_that_are() -> None:
    with pytest.raises(BreakdownNotPossible, match="revenue cannot be broken down by product") as refused:
        check(Question(("revenue",), RESTAURANT, DAY, breakdown="product"))

    assert "order_channel" in refused.value.details["possible"]  # type: ignore[operator]


@pytest.mark.parametrize(
    "question",
    [
        Question((), RESTAURANT, DAY),
        Question(("orders",) * 101, RESTAURANT, DAY),
        Question(("orders",), (), DAY),
        Question(("orders",), RESTAURANT, Period(date(2000, 1, 1), date(2026, 1, 1))),
        Question(("orders",), RESTAURANT, DAY, limit=0),
        Question(("orders",), RESTAURANT, DAY, breakdown="weather"),  # type: ignore[arg-type]
        Question(("orders",), RESTAURANT, DAY, comparison="last_century"),  # type: ignore[arg-type]
        Question(("orders",), RESTAURANT, DAY, filter=Filter("day", "2026-06-19")),
        Question(("active_customers",), RESTAURANT, DAY, filter=Filter("order_channel", "web")),
        Question(("sessions",), RESTAURANT, DAY, filter=Filter("order_channel", "web")),
        Question(("orders",), RESTAURANT, DAY, breakdown="hour", filter=Filter("order_channel", "web")),
    ],
    ids=[
        "no metric",
        "too many metrics",
        "no restaurant",
        "too long a period",
        "limit of none",
        "unknown breakdown",
        "unknown comparison",
        "filter by day",
        "customers by channel",
        "visits by order channel",
        "two dimensions",
    ],
)
def test_what_cannot_be_answered_is_refused(question: Question) -> None:
    with pytest.raises(InvalidQuestion):
        check(question)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_is_made_of_facts_that_are_counted(metric: Metric) -> None:
    known = set(GROUP_OF) | SPECIAL_FACTS | {fact for facts in FACTS_BY.values() for fact in facts}

    assert facts_of([metric]) <= known
    assert metric.definition.endswith(".")
    assert metric.breakdowns


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Sum(("orders", "cancelled_orders")), (5, 1)),
        (Ratio(("orders",), ("orders", "cancelled_orders"), less=("first_orders",)), (2, 5)),
        (Ratio(("orders",), ("sessions",)), None),
        (Share("orders"), (4, 16)),
        (Uncollected(), None),
        (Sum(("active_customers",)), None),
    ],
)
def test_a_formula_divides_sums_and_never_by_nothing(
    formula: Sum | Ratio | Share | Uncollected, expected: tuple[int, int] | None
) -> None:
    facts = {"orders": 4, "cancelled_orders": 1, "first_orders": 2}

    assert expected == fraction(formula, facts, whole={"orders": 16})


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (Money(150), Money(100), 0.5),
        (50, 100, -0.5),
        (5, -10, 1.5),
        (5, 0, None),
        (None, 5, None),
        (5, None, None),
    ],
)
def test_a_change_needs_a_base(now: Money | int | None, then: Money | int | None, expected: float | None) -> None:
    assert expected == relative_change(now, then)
