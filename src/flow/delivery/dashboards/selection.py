"""Reads the address of a dashboard: which restaurants, which period, against what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flow.analytics.metrics.types import ComparisonName
from flow.delivery.dashboards.types import (
    ComparisonKey,
    DashboardRestaurant,
    PeriodKey,
    Selected,
    Selection,
    ShownComparison,
    ShownPeriod,
)
from flow.errors import InvalidInput, NotFound
from flow.kit.ids import parse_id
from flow.kit.period import Period, PeriodName
from flow.web.i18n import Translator

ALL = "all"
LONGEST_DAYS = 366 * 3
_NAMES: dict[PeriodKey, PeriodName] = {
    "today": "today",
    "yesterday": "yesterday",
    "7d": "last_7_days",
    "30d": "last_30_days",
    "month": "this_month",
    "last_month": "last_month",
    "12m": "last_12_months",
}
_COMPARISONS: dict[ComparisonKey, ComparisonName | None] = {
    "last_week": "same_weekday_last_week",
    "last_year": "same_weekday_last_year",
    "previous": "previous_period",
    "none": None,
}


def read_selection(
    choices: Sequence[DashboardRestaurant], parameters: Mapping[str, str], *, now: datetime, words: Translator
) -> Selection:
    """What the address says; NotFound for a restaurant that is not among the choices, InvalidInput for a bad date."""
    selected = _selected(choices, parameters.get("restaurant"), words)
    today = max(restaurant.calendar.business_day(now) for restaurant in selected.restaurants)
    comparison = _comparison(parameters.get("compare"), words)
    period = _period(parameters, today, words)
    query = _query(selected, period, comparison)
    return Selection(
        selected=selected,
        choices=tuple(choices),
        groups=tuple(groups(choices, words)),
        period=_with_neighbours(period, selected, comparison, today),
        comparison=comparison,
        today=Period(today, today),
        query=query,
    )


def groups(choices: Sequence[DashboardRestaurant], words: Translator) -> list[Selected]:
    """Several restaurants seen as one: all of them, or all of one currency, since kroner and euro do not add up."""
    currencies = sorted({restaurant.currency for restaurant in choices})
    found = []
    for currency in currencies:
        members = tuple(restaurant for restaurant in choices if restaurant.currency == currency)
        if len(members) > 1:
            alone = len(currencies) == 1
            name = (
                words.gettext("All my restaurants")
                if alone
                else words.gettext("All in %(currency)s", currency=currency)
            )
            simulated = any(restaurant.simulated for restaurant in members)
            found.append(Selected(ALL if alone else f"{ALL}-{currency}", name, simulated, members))
    return found


def _selected(choices: Sequence[DashboardRestaurant], wanted: str | None, words: Translator) -> Selected:
    if not choices:
        raise NotFound("You do not work in any restaurant yet; ask its administrator for access.")
    for group in groups(choices, words):
        if wanted == group.id or (wanted == ALL and group.id.startswith(ALL)):
            return group
    one = choices[0] if wanted in (None, "", ALL) else _find(choices, wanted or "")
    return Selected(str(one.id), one.name, one.simulated, (one,))


def _find(choices: Sequence[DashboardRestaurant], wanted: str) -> DashboardRestaurant:
    restaurant_id = parse_id(wanted)
    for restaurant in choices:
        if restaurant.id == restaurant_id:
            return restaurant
    raise NotFound


def _period(parameters: Mapping[str, str], today: date, words: Translator) -> ShownPeriod:
    key = parameters.get("period") or "today"
    if key == "custom":
        days = _custom(parameters, today)
        return _shown("custom", days, today, words)
    for known, name in _NAMES.items():
        if key == known:
            return _shown(known, Period.named(name, today), today, words)
    raise InvalidInput(f"There is no period of that name; choose one of {', '.join(_NAMES)} or custom.")


def _custom(parameters: Mapping[str, str], today: date) -> Period:
    try:
        first, last = (date.fromisoformat(parameters.get(name, "")) for name in ("from", "to"))
    except ValueError:
        raise InvalidInput("A period of your own needs from and to as dates, such as 2026-01-31.") from None
    if last < first:
        first, last = last, first
    last = max(first, min(last, today + timedelta(days=LONGEST_DAYS)))
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInput("A period holds three years at most.")
    return Period(first, last)


def _shown(key: PeriodKey, days: Period, today: date, words: Translator) -> ShownPeriod:
    return ShownPeriod(
        key=key,
        label=_label(key, days, words),
        days=days,
        is_today=days.first == days.last == today,
        includes_today=today in days,
    )


def _label(key: PeriodKey, days: Period, words: Translator) -> str:
    labels: dict[PeriodKey, str] = {
        "today": words.gettext("Today"),
        "yesterday": words.gettext("Yesterday"),
        "7d": words.gettext("7 days"),
        "30d": words.gettext("30 days"),
        "month": words.gettext("This month"),
        "last_month": words.gettext("Last month"),
        "12m": words.gettext("12 months"),
        "custom": words.period(days),
    }
    return labels[key]


def _comparison(key: str | None, words: Translator) -> ShownComparison:
    labels: dict[ComparisonKey, str] = {
        "last_week": words.gettext("Same weekday last week"),
        "last_year": words.gettext("Last year"),
        "previous": words.gettext("Period before"),
        "none": words.gettext("Nothing"),
    }
    for known, name in _COMPARISONS.items():
        if (key or "last_week") == known:
            return ShownComparison(known, labels[known], name)
    raise InvalidInput(f"There is no comparison of that name; choose one of {', '.join(_COMPARISONS)}.")


def _query(selected: Selected, period: ShownPeriod, comparison: ShownComparison) -> str:
    chosen: dict[str, str] = {"restaurant": selected.id, "period": period.key, "compare": comparison.key}
    if period.key == "custom":
        chosen |= {"from": period.days.first.isoformat(), "to": period.days.last.isoformat()}
    return urlencode(chosen)


def _with_neighbours(period: ShownPeriod, selected: Selected, comparison: ShownComparison, today: date) -> ShownPeriod:
    def address(days: Period) -> str:
        if days.first == days.last == today:
            shown = ShownPeriod("today", "", days, is_today=True, includes_today=True)
        else:
            shown = ShownPeriod("custom", "", days, is_today=False, includes_today=today in days)
        return "?" + _query(selected, shown, comparison)

    length = len(period.days)
    after = period.days.shift(length)
    return ShownPeriod(
        key=period.key,
        label=period.label,
        days=period.days,
        is_today=period.is_today,
        includes_today=period.includes_today,
        previous_href=address(period.days.shift(-length)),
        next_href=address(after) if after.first <= today else None,
    )
