"""Finds a person in free text, however the contact was written there, and takes them out.

One pattern serves PostgreSQL (`~*`) and Python alike: the database finds the rows, Python changes them, so that JSON
stays JSON. Numbers may be written with blanks, dashes or brackets, with or without the country; e-mail addresses and
names may be escaped for URLs and JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import phonenumbers

from flow.privacy.rights.tables import ERASED
from flow.privacy.rights.types import Person

__all__ = ["contact_pattern", "name_pattern", "redacted"]

_BETWEEN = r"[ .()/\u00a0-]*"
_BEGINS = r"(?:(?<![\w.+-])|(?<=\\[nrt]))"
_ENDS = r"(?![\w-])"
_ESCAPED = {"@": r"(?:@|%40|\\u0040)", "+": r"(?:\+|%2B|\\u002b)"}
_LEAST_NAMES = 2


def contact_pattern(person: Person) -> str | None:
    """Matches any contact of the person and any lasting id; None when there is none."""
    ids = [*person.visitors, *([str(person.user_id)] if person.user_id else [])]
    return _any([*map(_phone, person.phones), *map(_email, person.emails), *map(re.escape, ids)])


def name_pattern(person: Person) -> str | None:
    """Matches any full name of the person, either way round; a first name alone is too many people's."""
    return _any(pattern for name in person.names for pattern in _name(name))


def redacted(value: Any, pattern: re.Pattern[str]) -> Any:
    """A text, list or JSON value without what the pattern matches."""
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, dict):
        return {redacted(key, pattern): redacted(each, pattern) for key, each in value.items()}
    if isinstance(value, list):
        return [redacted(each, pattern) for each in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return ERASED if is_number and pattern.search(str(value)) else value


def _any(patterns: Iterable[str]) -> str | None:
    return "|".join(sorted(set(patterns))) or None


def _phone(phone: str) -> str:
    number = phonenumbers.parse(phone)
    country = _BETWEEN.join(str(number.country_code))
    national = _BETWEEN.join(phonenumbers.national_significant_number(number))
    international = rf"(?:(?:\+|%2B|\\u002b|00){_BETWEEN}{country}|{country})"
    return rf"(?<![0-9])(?:{international}{_BETWEEN}|0)?(?:\(0\){_BETWEEN})?{national}(?![0-9])"


def _email(email: str) -> str:
    return _BEGINS + "".join(_ESCAPED.get(letter) or _letter(letter) for letter in email) + _ENDS


def _name(name: str) -> Iterable[str]:
    words = ["".join(map(_letter, word)) for word in name.split()]
    if len(words) < _LEAST_NAMES:
        return
    yield _BEGINS + r"(?:\s|\+|%20)+".join(words) + _ENDS
    yield _BEGINS + words[-1] + r",\s*" + r"\s+".join(words[:-1]) + _ENDS


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isalnum() else "\\" + letter
    escaped = "".join(f"\\\\u{ord(each):04x}" for each in sorted({letter.lower(), letter.upper()}))
    return f"(?:{letter}|{letter.upper()}|{letter.lower()}|{escaped[:7]}|{escaped[7:]})"
