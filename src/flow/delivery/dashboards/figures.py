"""Figures as text, and as numbers to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flow.analytics.metrics.types import Unit, Value
from flow.kit.money import Money
from flow.web.formats import COMPACT_FROM, UNKNOWN
from flow.web.i18n import Translator


def text(value: Value, unit: Unit, words: Translator, *, whole: bool = False) -> str:
    """A figure with its unit; `whole` writes money without øre."""
    by_unit: dict[Unit, Callable[[float], str]] = {
        "ratio": words.percent,
        "seconds": words.duration,
        "milliseconds": words.milliseconds,
    }
    match value:
        case None:
            return UNKNOWN
        case Money():
            return words.money(value, compact=True, whole=whole)
        case _ if unit in by_unit:
            return by_unit[unit](value)
        case float():
            return words.decimal(value)
        case _:
            return words.integer(value)


def is_large(values: Iterable[Value]) -> bool:
    """Whether a column of these is written without øre, so that its figures line up."""
    return any(isinstance(value, Money) and abs(value.amount) >= COMPACT_FROM for value in values)


def total(values: Sequence[Value]) -> Value:
    """The sum of counts or of money in one currency; blanks add nothing, and nothing known is a blank."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    money = [value for value in known if isinstance(value, Money)]
    if money:
        return sum(money[1:], start=money[0])
    return sum(value for value in known if not isinstance(value, Money))


def number(value: Value) -> float | None:
    """The figure to draw; money in øre."""
    return value.amount if isinstance(value, Money) else value
