"""How a person is found in free text, and what is left alone."""

from __future__ import annotations

import re

import pytest
from psycopg.types.json import Jsonb

from flow.database.installation import Installation
from flow.privacy.rights.patterns import contact_pattern, name_pattern, redacted
from flow.privacy.rights.types import Person
from tests.connections import kept_connection

PERSON = Person(
    restaurant_id=None,
    phones=("+4520123456", "+46701234567"),
    emails=("åse.o'hara+x@example.com",),
    names=("Åse Ørsted",),
)
HERS = (
    "+4520123456",
    "004520123456",
    "4520123456",
    "20123456",
    "20 12 34 56",
    "2012-3456",
    "+45 (20) 12.34.56",
    "(+45) 20123456",
    "call 20123456, please",
    "0701234567",
    "+46 70-123 45 67",
    "+46 (0)70 123 45 67",
    "%2B4520123456",
    "Åse.O'Hara+X@EXAMPLE.com",
    "mail=åse.o'hara%2Bx%40example.com",
    '{"m": "\\u00e5se.o\'hara\\u002bx@example.com"}',
    "line\\nåse.o'hara+x@example.com",
    "Åse Ørsted",
    "åse  ørsted",
    "ÅSE ØRSTED",
    "Ørsted, Åse",
    "\\u00c5se \\u00d8rsted",
)
OTHERS = (
    "120123456",
    "201234567",
    "+4520123457",
    "20 12 34",
    "Åse",
    "Ørsted",
    "Åse Ørstedsen",
    "Måse Ørsted",
    "xåse.o'hara+x@example.com",
    "o'hara+x@example.com",
)


@pytest.mark.parametrize("text", HERS)
def test_however_she_is_written_she_is_taken_out(text: str) -> None:
    clean = redacted(text, _pattern())

    assert "[erased]" in clean
    assert None is re.search(r"\d{4}|rsted|hara", clean, re.IGNORECASE)


@pytest.mark.parametrize("text", OTHERS)
def test_others_and_other_numbers_are_left_alone(text: str) -> None:
    assert text == redacted(text, _pattern())


def test_json_stays_json() -> None:
    value = {"call": 4520123456, "who": ["Åse Ørsted", None, True, 7], "20123456": {"x": "ok"}}

    assert {"call": "[erased]", "who": ["[erased]", None, True, 7], "[erased]": {"x": "ok"}} == redacted(
        value, _pattern()
    )


def test_the_database_finds_what_python_finds(installation: Installation) -> None:
    with kept_connection(installation.owner_url) as connection:
        found = connection.execute(
            "select t.text, t.text ~* %s from unnest(%s::text[]) t (text)", [_pattern().pattern, [*HERS, *OTHERS]]
        ).fetchall()
        [json_found] = connection.execute(
            "select %s::jsonb::text ~* %s", [Jsonb({"who": "Åse Ørsted"}), _pattern().pattern]
        ).fetchall()

    assert {text: text in HERS for text in (*HERS, *OTHERS)} == dict(found)
    assert (True,) == json_found


def test_nobody_is_searched_by_a_first_name_alone() -> None:
    assert None is name_pattern(Person(restaurant_id=None, names=("Anna",)))


def _pattern() -> re.Pattern[str]:
    return re.compile(f"{contact_pattern(PERSON)}|{name_pattern(PERSON)}", re.IGNORECASE)
