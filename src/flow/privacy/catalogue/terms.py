"""The terms of keeping that entries use, so that an entry reads as a sentence."""

from __future__ import annotations

from typing import Any

from flow.privacy.catalogue.types import AtEnd, Retention
from flow.web.i18n import N_

__all__ = [
    "ACCOUNT_ENDS",
    "FOR_EVER",
    "IN_USE",
    "WORKED_OFF",
    "anonymised_after",
    "bookkeeping",
    "deleted_after",
    "dropped_after",
]

BOOKKEEPING_YEARS = 5


def deleted_after(*, since: str, **term: Any) -> Retention:
    """Rows are deleted, in batches; `term` is days or years."""
    return Retention(AtEnd.DELETE, since=since, **term)


def dropped_after(*, since: str, **term: Any) -> Retention:
    """Months are dropped once their last moment has had its time."""
    return Retention(AtEnd.DROP_PARTITIONS, since=since, **term)


def anonymised_after(*, since: str, **term: Any) -> Retention:
    """Rows stay, without what says whose they are."""
    return Retention(AtEnd.ANONYMISE, since=since, **term)


def bookkeeping(*, since: str) -> Retention:
    """Kept until five years after the end of the financial year, then anonymised."""
    return Retention(AtEnd.ANONYMISE, since=since, financial_years=BOOKKEEPING_YEARS)


IN_USE = Retention(AtEnd.NOTHING, until=N_("As long as the restaurant uses FLOW"))
ACCOUNT_ENDS = Retention(AtEnd.NOTHING, until=N_("Until the user’s account ends"))
FOR_EVER = Retention(AtEnd.NOTHING, until=N_("For ever: it is about nobody"))
WORKED_OFF = Retention(AtEnd.NOTHING, until=N_("Until the work that it stands for is done"))
