"""How far back each table is kept, at a given moment, in a given restaurant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flow.privacy.catalogue import Retention
from flow.privacy.retention.types import Place

__all__ = ["before", "financial_year"]

_MARGIN = timedelta(days=1)  # a visit may reach over midnight


def before(retention: Retention, *, now: datetime, place: Place | None) -> datetime:
    """Rows from before this moment have had their time. `place` is the restaurant; None for tables without one.

    Where figures are made of the rows, it is no later than the day before the first one that waits for its roll-up.
    """
    moment = _before(retention, now, place)
    if retention.awaits_rollup and place is not None and place.oldest_stale_day is not None:
        return min(moment, place.calendar.start(place.oldest_stale_day - _MARGIN))
    return moment


def financial_year(day: date, *, first_month: int) -> date:
    """The first day of the financial year that `day` lies in."""
    return date(day.year if day.month >= first_month else day.year - 1, first_month, 1)


def _before(retention: Retention, now: datetime, place: Place | None) -> datetime:
    if retention.days:
        return now - timedelta(days=retention.days)
    if retention.years:
        return _years_before(now, retention.years)
    if place is None:
        raise ValueError("a financial year needs a restaurant")
    # A year that began before this one ended its five years ago or longer.
    day = _years_before(now, retention.financial_years).astimezone(UTC).date()
    return place.calendar.start(financial_year(day, first_month=place.financial_year_first_month))


def _years_before(now: datetime, years: int) -> datetime:
    leap_day = now.month == 2 and now.day == 29
    return now.replace(year=now.year - years, day=28 if leap_day else now.day)
