"""How far back each table is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from flow.privacy.catalogue import AtEnd, Retention
from flow.privacy.catalogue.terms import bookkeeping
from flow.privacy.retention.cutoffs import before, financial_year
from flow.privacy.retention.types import Place

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
BOOKS = bookkeeping(since="t.created_at")


def _place(first_month: int = 1, stale: date | None = None) -> Place:
    return Place(uuid4(), "Europe/Copenhagen", 4, first_month, stale)


@pytest.mark.parametrize(
    ("day", "first_month", "begins"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 1)),
        (date(2026, 12, 31), 1, date(2026, 1, 1)),
        (date(2026, 6, 30), 7, date(2025, 7, 1)),
        (date(2026, 7, 1), 7, date(2026, 7, 1)),
        (date(2026, 11, 30), 12, date(2025, 12, 1)),
    ],
)
def test_a_financial_year_begins_in_its_first_month(day: date, first_month: int, begins: date) -> None:
    assert begins == financial_year(day, first_month=first_month)


@pytest.mark.parametrize(
    ("now", "first_month", "kept_since"),
    [
        # The year 2020 ended with 2020, and its five years with 2025.
        (datetime(2025, 12, 31, 12, tzinfo=UTC), 1, "2020-01-01"),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), 1, "2021-01-01"),
        (datetime(2026, 6, 30, 12, tzinfo=UTC), 7, "2020-07-01"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), 7, "2021-07-01"),
    ],
)
def test_books_are_kept_until_five_years_after_the_end_of_their_year(
    now: datetime, first_month: int, kept_since: str
) -> None:
    place = _place(first_month)

    assert place.calendar.start(date.fromisoformat(kept_since)) == before(BOOKS, now=now, place=place)


def test_a_leap_day_years_ago_is_the_day_before_march() -> None:
    two_years = Retention(AtEnd.DELETE, since="t.created_at", years=2)

    assert datetime(2022, 2, 28, tzinfo=UTC) == before(two_years, now=datetime(2024, 2, 29, tzinfo=UTC), place=None)


def test_rows_that_figures_are_made_of_wait_for_the_first_stale_day() -> None:
    visits = Retention(AtEnd.DELETE, since="t.started_at", days=90, awaits_rollup=True)
    stale = _place(stale=date(2026, 5, 3))

    assert datetime(2026, 8, 24, 2, tzinfo=UTC) == before(visits, now=NOW, place=_place())
    assert stale.calendar.start(date(2026, 5, 2)) == before(visits, now=NOW, place=stale)


def test_a_retention_has_exactly_one_term() -> None:
    for wrong in ({}, {"days": 1, "years": 1}, {"days": 1, "until": "later"}):
        with pytest.raises(ValueError, match="one term"):
            Retention(AtEnd.DELETE, since="t.created_at", **wrong)  # type: ignore[arg-type]
