"""Numbers, money and times as readers of one language write them; what is unknown is a dash.

Figures come from CLDR through Babel, so spaces inside a number are non-breaking.
"""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeGuard

from babel import Locale, dates, numbers, units

from flow.kit.money import Currency, Money
from flow.kit.period import Period

__all__ = ["COMPACT_FROM", "UNKNOWN", "Formats", "Number"]

Number = int | float | Decimal

UNKNOWN = "–"

COMPACT_FROM = 1_000_00
"""Øre: below a thousand kroner the øre are still worth reading."""

_LONG_MS = 10_000
_SKELETONS = {"shortest": "MMMd", "short": "MMMEd"}
_UNITS = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)]


class Formats:
    """Every way a value is written in one language. Each method takes None for "not known"."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def gettext(self, message: str, /, **variables: object) -> str:
        """The few words that stand beside numbers; English where a subclass has no other."""
        return message % variables

    def money(
        self, value: Money | int | None, currency: Currency = "DKK", *, compact: bool = False, whole: bool = False
    ) -> str:
        """`1.234,50 kr.` for 123450 øre. `compact` leaves out the øre from 1.000 kr. and up, `whole` always."""
        if value is None:
            return UNKNOWN
        sum_ = value if isinstance(value, Money) else Money(value, currency)
        whole = whole or (compact and abs(sum_.amount) >= COMPACT_FROM)
        kroner = sum_.to_decimal().quantize(Decimal(1 if whole else "0.01"), ROUND_HALF_UP)
        pattern = self._money_pattern(sum_.currency)
        if whole:
            pattern = pattern.replace(".00", "")
        return _minus(
            numbers.format_currency(kroner, sum_.currency, pattern, locale=self.locale, currency_digits=False)
        )

    def integer(self, value: Number | None) -> str:
        """`1.234`: a count, or a number rounded to a whole one."""
        return self.decimal(value, digits=0)

    def decimal(self, value: Number | None, *, digits: int = 1) -> str:
        """`1.234,5`: always with `digits` decimals."""
        if not _known(value):
            return UNKNOWN
        return _minus(numbers.format_decimal(value, _digits("#,##0", digits), locale=self.locale))

    def percent(self, ratio: Number | None, *, digits: int = 1) -> str:
        """`3,4 %` for the ratio 0.034."""
        if not _known(ratio):
            return UNKNOWN
        pattern = _digits(self.locale.percent_formats[None].pattern, digits)
        return _minus(numbers.format_percent(ratio, pattern, locale=self.locale))

    def change(self, ratio: Number | None) -> str:
        """`+3,2 %` for the ratio 0.032; without decimals from a doubling on, where they say nothing."""
        if not _known(ratio):
            return UNKNOWN
        rounded = round(float(ratio), 3)
        text = self.percent(rounded or 0, digits=0 if abs(rounded) >= 1 else 1)
        return f"+{text}" if rounded > 0 else text

    def date(self, day: dt.date | None, *, style: Literal["shortest", "short", "medium", "long"] = "medium") -> str:
        """shortest `21. nov.`, short `lør. 21. nov.`, medium `21. nov. 2026`, long `lørdag den 21. november 2026`."""
        if day is None:
            return UNKNOWN
        if style in _SKELETONS:
            return dates.format_skeleton(_SKELETONS[style], day, locale=self.locale)
        return dates.format_date(day, "full" if style == "long" else "medium", locale=self.locale)

    def period(self, period: Period | None) -> str:
        """`1.–31. jan. 2026`, with what both ends share written once."""
        if period is None:
            return UNKNOWN
        return dates.format_interval(period.first, period.last, "yMMMd", locale=self.locale)

    def week(self, day: dt.date | None) -> str:
        """`uge 47`: the ISO week of `day`."""
        if day is None:
            return UNKNOWN
        return self.gettext("week %(number)d", number=day.isocalendar().week)

    def weekday(self, day: dt.date | None, *, style: Literal["short", "long"] = "short") -> str:
        """`lør.` or `lørdag`."""
        if day is None:
            return UNKNOWN
        names = self.locale.days["stand-alone"]["abbreviated" if style == "short" else "wide"]
        return str(names[day.weekday()])

    def month(self, day: dt.date | None) -> str:
        """`november 2026`."""
        if day is None:
            return UNKNOWN
        return dates.format_skeleton("yMMMM", day, locale=self.locale)

    def month_name(self, number: int) -> str:
        """`november`, for 11."""
        return str(dates.get_month_names("wide", "stand-alone", self.locale)[number])

    def time(self, at: dt.datetime | None, zone: str) -> str:
        """`14.05`: the hour and minute of the aware time `at` in `zone`."""
        if at is None:
            return UNKNOWN
        return dates.format_time(at, "short", dates.get_timezone(zone), locale=self.locale)

    def datetime(self, at: dt.datetime | None, zone: str) -> str:
        """`21. nov. 2026 14.05`: the aware time `at` as the clocks of `zone` show it."""
        if at is None:
            return UNKNOWN
        local = at.astimezone(dates.get_timezone(zone))
        both = str(dates.get_datetime_format("medium", self.locale)).replace("'", "")
        return both.replace("{1}", self.date(local)).replace("{0}", self.time(at, zone))

    def duration(self, seconds: Number | dt.timedelta | None) -> str:
        """`2 t. 5 min.`: the two largest units, what is smaller is cut off."""
        if isinstance(seconds, dt.timedelta):
            seconds = seconds.total_seconds()
        if not _known(seconds):
            return UNKNOWN
        parts = _split(max(0, int(seconds)))[:2]
        return " ".join(self._unit(count, unit) for count, unit in parts if count or len(parts) == 1)

    def milliseconds(self, value: Number | None) -> str:
        """`1.250 ms`; from ten seconds on as a duration."""
        if not _known(value):
            return UNKNOWN
        if value >= _LONG_MS:
            return self.duration(value / 1000)
        return f"{self.integer(value)}\u00a0ms"

    def ago(self, at: dt.datetime | None, now: dt.datetime) -> str:
        """`for 3 sek. siden`: how long before `now` the time `at` was, in its largest unit.

        Less than a second, and anything later than `now` (two clocks never agree), is `lige nu`.
        """
        if at is None:
            return UNKNOWN
        seconds = int((now - at).total_seconds())
        if seconds < 1:
            return self.gettext("just now")
        return self.gettext("%(duration)s ago", duration=self._unit(*_split(seconds)[0]))

    def _unit(self, count: int, unit: str) -> str:
        return units.format_unit(count, f"duration-{unit}", "short", locale=self.locale)

    def _money_pattern(self, currency: Currency) -> str:
        pattern: str = self.locale.currency_formats["standard"].pattern
        symbol = numbers.get_currency_symbol(currency, self.locale)
        # CLDR wants a space between letters and digits (DKK 5, but £5); Babel leaves it out.
        return pattern.replace("¤#", "¤\u00a0#") if symbol[-1].isalpha() else pattern


def _known(value: Number | None) -> TypeGuard[Number]:
    return value is not None and math.isfinite(value)


def _digits(pattern: str, digits: int) -> str:
    return pattern.replace("#,##0", "#,##0." + "0" * digits) if digits else pattern


def _minus(text: str) -> str:
    """A real minus sign: as wide as the plus, and screen readers say it."""
    return text.replace("-", "\u2212", 1)


def _split(seconds: int) -> list[tuple[int, str]]:
    """`seconds` as counts of units, beginning with the largest that is not zero."""
    parts: list[tuple[int, str]] = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count or parts or unit == "second":
            parts.append((count, unit))
    return parts
