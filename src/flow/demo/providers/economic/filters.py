"""e-conomic's filters: `name$eq:Joe$and:city$like:*havn`, with a dollar sign before what is meant literally."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from flow.demo.providers.books import Json
from flow.demo.providers.economic.errors import Refused

__all__ = ["matches"]

_OPERATORS = ("eq", "ne", "gte", "gt", "lte", "lt", "like", "in", "nin")
_COMPARISON = re.compile(rf"^([A-Za-z0-9.]+)\$({'|'.join(_OPERATORS)}):(.*)$", re.DOTALL)
_MOST_VALUES = 200


def matches(thing: Json, text: str) -> bool:
    """Whether a filter lets a thing through; Refused for one that makes no sense. `and` binds closer than `or`."""
    return any(all(_holds(thing, each) for each in _split(part, "$and:")) for part in _split(text, "$or:"))


def _split(text: str, word: str) -> list[str]:
    # A dollar sign that is itself escaped does not begin a word.
    return re.split(rf"(?<!\$){re.escape(word)}", text)


def _holds(thing: Json, comparison: str) -> bool:
    match = _COMPARISON.match(comparison)
    if match is None:
        raise Refused(400, f"The filter {comparison!r} cannot be read.", code="E02440")
    field, operator, given = match.groups()
    value = _value(thing, field)
    if operator in ("in", "nin"):
        wanted = [_literal(each) for each in given.strip("[]").split(",")]
        if len(wanted) > _MOST_VALUES:
            raise Refused(400, "A filter takes at most 200 values.", code="E02440")
        return (_text(value) in wanted) == (operator == "in")
    wanted_value = None if given == "$null:" else _literal(given)
    return _COMPARE[operator](value, wanted_value)


def _value(thing: Json, field: str) -> object:
    value: object = thing
    for step in field.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _literal(text: str) -> str:
    return re.sub(r"\$([$()*,\[\]])", r"\1", text)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _order(compare: Callable[[float | str, float | str], bool]) -> Callable[[object, str | None], bool]:
    def holds(value: object, wanted: str | None) -> bool:
        if value is None or wanted is None:
            return False
        if isinstance(value, int | float):
            return compare(float(value), float(wanted))
        return compare(str(value), wanted)

    return holds


_COMPARE: dict[str, Callable[[object, str | None], bool]] = {
    "eq": lambda value, wanted: _text(value) == wanted,
    "ne": lambda value, wanted: _text(value) != wanted,
    "gt": _order(lambda value, wanted: value > wanted),  # type: ignore[operator]
    "gte": _order(lambda value, wanted: value >= wanted),  # type: ignore[operator]
    "lt": _order(lambda value, wanted: value < wanted),  # type: ignore[operator]
    "lte": _order(lambda value, wanted: value <= wanted),  # type: ignore[operator]
    "like": lambda value, wanted: fnmatchcase((_text(value) or "").lower(), (wanted or "").lower()),
}
