"""Reads the address of a dashboard: which restaurants, which period, against what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from flow.analytics.metrics.types import ComparisonName
from flow.delivery.dashboards import labels
from flow.delivery.dashboards.choices import choose, groups
from flow.delivery.dashboards.types import (
    ComparisonKey,
    DashboardRestaurant,
    PeriodKey,
    Selected,
    Selection,
    ShownComparison,
    ShownPeriod,
)
from flow.errors import InvalidInput
from flow.kit.period import Period, PeriodName
from flow.web.i18n import Translator

LONGEST_DAYS = 366 * 3
_WEEK = 7
_NAMES: dict[str, tuple[PeriodKey, PeriodName]] = {
    "": ("today", "today"),
    "today": ("today", "today"),
    "yesterday": ("yesterday", "yesterday"),
    "7d": ("7d", "last_7_days"),
    "30d": ("30d", "last_30_days"),
    "month": ("month", "this_month"),
    "last_month": ("last_month", "last_month"),
    "12m": ("12m", "last_12_months"),
}
_COMPARISONS: dict[str, tuple[ComparisonKey, ComparisonName | None]] = {
    "last_week": ("last_week", "same_weekday_last_week"),
    "last_year": ("last_year", "same_weekday_last_year"),
    "previous": ("previous", "previous_period"),
    "none": ("none", None),
}


def read_selection(
    choices: Sequence[DashboardRestaurant], parameters: Mapping[str, str], *, now: datetime, words: Translator
) -> Selection:
    """What the address says; NotFound for a restaurant that is not among the choices, InvalidInput for a bad date."""
    selected = choose(choices, parameters.get("restaurant", ""), words)
    today = max(restaurant.calendar.business_day(now) for restaurant in selected.restaurants)
    key, days = _period(parameters, today)
    comparison = _comparison(parameters.get("compare", ""), days, words)
    period = ShownPeriod(
        key=key,
        label=labels.period(key, days, words),
        days=days,
        is_today=days.first == days.last == today,
        includes_today=today in days,
        previous_href=_address(days.shift(-len(days)), selected, comparison, today),
        next_href=_address(days.shift(len(days)), selected, comparison, today) if days.last < today else None,
    )
    return Selection(
        selected=selected,
        choices=tuple(choices),
        groups=tuple(groups(choices, words)),
        period=period,
        comparison=comparison,
        today=Period(today, today),
        query=_query(selected, key, days, comparison),
    )


def read_day(text: str) -> date:
    """A day as in 2026-01-31; InvalidInput for anything else, and for years outside 1990 to 2199."""
    try:
        return Period.parse(text).first
    except ValueError:
        raise InvalidInput("from and to are days, such as 2026-01-31.") from None


def read_days(first: date, last: date) -> Period:
    """The days from first to last; InvalidInput when there are none, or too many."""
    if last < first:
        raise InvalidInput("The last day lies before the first.")
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInput("A period holds three years at most.")
    return Period(first, last)


def _period(parameters: Mapping[str, str], today: date) -> tuple[PeriodKey, Period]:
    wanted = parameters.get("period", "")
    if wanted == "custom":
        days = (read_day(parameters.get(name, "")) for name in ("from", "to"))
        return "custom", read_days(*sorted(days))
    if wanted not in _NAMES:
        raise InvalidInput(f"There is no such period; choose one of {', '.join(filter(None, _NAMES))} or custom.")
    key, name = _NAMES[wanted]
    return key, Period.named(name, today)


def _comparison(wanted: str, days: Period, words: Translator) -> ShownComparison:
    # Weekdays matter for days; a month is held against the days before it.
    usual = "last_week" if len(days) <= _WEEK else "previous"
    if wanted and wanted not in _COMPARISONS:
        raise InvalidInput(f"There is no such comparison; choose one of {', '.join(_COMPARISONS)}.")
    key, name = _COMPARISONS[wanted or usual]
    return ShownComparison(key, labels.comparison(key, days, words), name, is_usual=key == usual)


def _address(days: Period, selected: Selected, comparison: ShownComparison, today: date) -> str:
    key: PeriodKey = "today" if days.first == days.last == today else "custom"
    return "?" + _query(selected, key, days, comparison)


def _query(selected: Selected, key: PeriodKey, days: Period, comparison: ShownComparison) -> str:
    chosen: dict[str, str] = {"restaurant": selected.id, "period": key}
    if not comparison.is_usual:
        chosen["compare"] = comparison.key
    if key == "custom":
        chosen |= {"from": days.first.isoformat(), "to": days.last.isoformat()}
    return urlencode(chosen)
