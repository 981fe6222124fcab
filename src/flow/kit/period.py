"""A period of whole business days, named or written as `2026-01-01..2026-01-31`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self, get_args

__all__ = ["PERIOD_NAMES", "Period", "PeriodName"]

PeriodName = Literal[
    "today",
    "yesterday",
    "last_7_days",
    "last_30_days",
    "this_week",
    "this_month",
    "last_month",
    "this_year",
    "last_12_months",
]

PERIOD_NAMES: tuple[PeriodName, ...] = get_args(PeriodName)

# Wide enough for any order book; narrow enough that a shift never leaves the calendar.
_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Business days from `first` to `last`, both included. `last` before `first` raises ValueError."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end before it begins: {self}")

    @classmethod
    def named(cls, name: PeriodName, today: date) -> Self:
        """The period called `name`, seen from the business day `today`.

        Periods that hold today end today: what has not happened yet is not zero. Weeks are
        ISO weeks, so they begin on Monday; `last_12_months` is a year that ends today.
        """
        first, last = _NAMED[name](today)
        return cls(first, last)

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> Self:
        """Read `first..last`, a single day, or, where `today` is given, a period's name.

        Raises ValueError for anything else, and for years outside 1990 to 2199.
        """
        if today is not None and text in _NAMED:
            return cls.named(text, today)  # type: ignore[arg-type]
        first, dots, last = text.partition("..")
        return cls(_day(first), _day(last if dots else first))

    def shift(self, days: int) -> Self:
        """The same number of days, moved by `days`."""
        step = timedelta(days=days)
        return type(self)(self.first + step, self.last + step)

    def previous(self) -> Self:
        """The period of equal length that ends the day before this one begins."""
        return self.shift(-len(self))

    def same_weekday_last_week(self) -> Self:
        """The same weekdays one week earlier."""
        return self.shift(-7)

    def same_weekday_last_year(self) -> Self:
        """The same weekdays 52 weeks earlier: Fridays compare with Fridays."""
        return self.shift(-364)

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(len(self)))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


def _day(text: str) -> date:
    # Stricter than date.fromisoformat, which reads 20260101 and 2026-W01-1 as well.
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(f"not a day: {text[:40]!r}")
    day = date.fromisoformat(text)
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError(f"a day outside {_EARLIEST.year} to {_LATEST.year}: {text}")
    return day


def _last_month(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _first_day_of_year_to(today: date) -> date:
    """The first day of the year that ends `today`: 22 November for 21 November."""
    if (today.month, today.day) == (2, 29):
        return date(today.year - 1, 3, 1)
    return today.replace(year=today.year - 1) + timedelta(days=1)


_NAMED: dict[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "last_7_days": lambda today: (today - timedelta(days=6), today),
    "last_30_days": lambda today: (today - timedelta(days=29), today),
    "this_week": lambda today: (today - timedelta(days=today.weekday()), today),
    "this_month": lambda today: (today.replace(day=1), today),
    "last_month": _last_month,
    "this_year": lambda today: (today.replace(month=1, day=1), today),
    "last_12_months": lambda today: (_first_day_of_year_to(today), today),
}
