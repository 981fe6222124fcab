"""Reads single cells: text, amounts, quantities, moments. A cell that cannot be read is a BadValue with the reason.

CSV gives text; XLSX and Parquet give numbers and dates as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from flow.kit.money import Money, parse_decimal

__all__ = ["BadValue", "Cell", "MomentReader", "amount", "cell_text", "quantity"]

Cell = object
"""str, int, float, Decimal, datetime, date, time, bool or None."""

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MOST = 10**15
_MOST_ORE = 10**9  # ten million kroner for one thing
_MOST_PIECES = 10_000
_SHOWN = 40


class BadValue(ValueError):
    """Why a cell or a row cannot be taken, in words."""


def cell_text(cell: Cell) -> str:
    """The cell as trimmed text, without `.0` after whole numbers and without NUL, which no text may hold."""
    if isinstance(cell, str):
        return cell.strip().replace("\x00", "") if "\x00" in cell else cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def amount(cell: Cell, *, decimal_mark: Literal[".", ","] = ".", factor: Decimal = Decimal(1)) -> int:
    """An amount in øre, negative ones included; `factor` times the cell is kroner."""
    kroner = _number(cell, decimal_mark) * factor
    try:
        # The currency plays no part here: all that FLOW knows have two decimals.
        ore = Money.parse(kroner, "DKK").amount
    except (ValueError, ArithmeticError):
        raise BadValue(f"{_shown(cell)} is no amount with at most two decimals") from None
    if abs(ore) > _MOST_ORE:
        raise BadValue(f"{_shown(cell)} is absurdly large")
    return ore


def quantity(cell: Cell, *, decimal_mark: Literal[".", ","] = ".") -> int:
    """A whole number of pieces, at least 1."""
    number = _number(cell, decimal_mark)
    if number != number.to_integral_value():
        raise BadValue(f"{_shown(cell)} is not a whole number")
    if number < 1:
        raise BadValue(f"{_shown(cell)} is negative" if number < 0 else "there are none of it")
    if number > _MOST_PIECES:
        raise BadValue(f"{_shown(cell)} is absurdly many")
    return int(number)


@dataclass(frozen=True, slots=True)
class MomentReader:
    """Reads the till's local time and answers UTC. Formats are strptime's; None means ISO 8601."""

    zone: ZoneInfo
    now: datetime
    date_format: str | None = None
    time_format: str | None = None
    datetime_format: str | None = None

    def moment(self, cell: Cell) -> datetime:
        """Date and time out of one cell; a time with its own offset keeps it."""
        return self._checked(cell if isinstance(cell, datetime) else _parsed(cell, self.datetime_format, _iso_moment))

    def moment_of(self, day: Cell, at: Cell) -> datetime:
        """Date and time out of two cells."""
        return self._checked(datetime.combine(self._date(day), self._time(at)))

    def _date(self, cell: Cell) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        return cell if isinstance(cell, date) else _parsed(cell, self.date_format, datetime.fromisoformat).date()

    def _time(self, cell: Cell) -> time:
        if isinstance(cell, datetime):
            return cell.time()
        if isinstance(cell, time):
            return cell
        return _parsed(cell, self.time_format, _iso_time).time()

    def _checked(self, at: datetime) -> datetime:
        try:
            moment = at.astimezone(UTC) if at.tzinfo else self._local(at)
        except OverflowError:
            raise BadValue(f"{at} is out of the calendar") from None
        if moment < _EARLIEST:
            raise BadValue(f"{at} is before 1990")
        if moment > self.now + timedelta(days=1):
            raise BadValue(f"{at} is in the future")
        return moment

    def _local(self, at: datetime) -> datetime:
        """The instant of a clock reading; of the two in the hour that autumn repeats, the first."""
        moment = at.replace(tzinfo=self.zone).astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) != at.replace(fold=0):
            raise BadValue(f"{at} does not exist in {self.zone.key}: the clocks went forward")
        return moment


def _parsed(cell: Cell, form: str | None, iso: Callable[[str], datetime]) -> datetime:
    text = cell_text(cell)
    try:
        return datetime.strptime(text, form) if form else iso(text)  # noqa: DTZ007 (the reader adds the zone)
    except (ValueError, OverflowError):
        raise BadValue(f"{_shown(cell)} is not written as {form or 'ISO 8601'}") from None


def _iso_time(text: str) -> datetime:
    return datetime.combine(date.min, time.fromisoformat(text))


def _iso_moment(text: str) -> datetime:
    # Midnight would be taken for the night of the business day before.
    if len(text) <= len("2026-01-01"):
        raise ValueError("a date without a time")
    return datetime.fromisoformat(text)


def _number(cell: Cell, decimal_mark: Literal[".", ","]) -> Decimal:
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        number = Decimal(cell)
        if not number.is_finite() or abs(number) > _MOST:
            raise BadValue(f"{_shown(cell)} is no number of anything")
        return number
    text = cell_text(cell)
    if not text:
        raise BadValue("the cell is empty")
    try:
        # A float's text is the shortest decimal that means it: 12.1, not 12.0999…
        return parse_decimal(text, "." if isinstance(cell, float) else decimal_mark)
    except ValueError:
        raise BadValue(f"{_shown(cell)} is no number") from None


def _shown(cell: Cell) -> str:
    text = cell_text(cell)
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
