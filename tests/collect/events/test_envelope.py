"""The wire format: what is mended, what is refused, and in which words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.events.checks import check_events
from flow.collect.events.envelope import FaultyEvent, WireEvent, decode, raw_events, repair
from flow.collect.events.errors import MalformedBatch
from flow.collect.events.layouts import page_path
from flow.collect.events.types import Event, Visit, microseconds
from tests.collect.events.sending import KEY, NOON, event

HEADER = {"restaurant_id": "01930000-0000-7000-8000-000000000000", "key": KEY}


@pytest.mark.parametrize(
    ("escaped", "mended"),
    [
        (rb"a\u0000b", rb"a\ufffdb"),
        (rb"\ud83c\udf55", rb"\ud83c\udf55"),
        (rb"\ud83c", rb"\ufffd"),
        (rb"\udf55", rb"\ufffd"),
        (rb"\udf55\ud83c", rb"\ufffd\ufffd"),
        (rb"\ud83c\ud83c\udf55", rb"\ufffd\ud83c\udf55"),
        (rb"\\u0000", rb"\\u0000"),
        (rb"\\\u0000", rb"\\\ufffd"),
        (rb"\\ud83c", rb"\\ud83c"),
        (rb"\u00e6\u0001", rb"\u00e6\u0001"),
        (rb"\uD83C\uDF55", rb"\uD83C\uDF55"),
    ],
)
def test_what_no_text_can_hold_becomes_a_replacement_character(escaped: bytes, mended: bytes) -> None:
    assert mended == repair(escaped)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_read_after_the_repair(text: str) -> None:
    repaired = json.loads(repair(json.dumps(text).encode()))

    assert repaired.encode() == repaired.encode("utf-8", "strict")
    assert "\0" not in repaired


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_good_text_is_left_alone(text: str) -> None:
    for written in (json.dumps(text).encode(), json.dumps(text, ensure_ascii=False).encode()):
        assert written == repair(written)


def test_one_faulty_event_is_told_from_the_good_ones_around_it() -> None:
    body = json.dumps(HEADER | {"events": [event(), {"id": 1}, event()]}).encode()
    batch = decode(body)

    assert [WireEvent, FaultyEvent, WireEvent] == [type(each) for each in batch.events]
    assert b'{"id": 1}' == raw_events(body)[1]


def test_unknown_fields_are_ignored() -> None:
    batch = decode(json.dumps(HEADER | {"events": [event(colour="red")], "colour": "red"}).encode())

    assert isinstance(batch.events[0], WireEvent)


@pytest.mark.parametrize("missing", ["restaurant_id", "key", "events"])
def test_a_batch_names_whose_it_is(missing: str) -> None:
    body = HEADER | {"events": []}
    del body[missing]
    with pytest.raises(MalformedBatch, match=missing):
        decode(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (None, None),
        ("https://napoli.example", "/"),
        ("https://napoli.example/", "/"),
        ("https://napoli.example/menu?next=https://evil.example/x", "/menu"),
        ("https://napoli.example?utm_source=a/b", "/"),
        ("https://napoli.example/menu#top", "/menu"),
        ("https://napoli.example/#/pizza", "/#/pizza"),
        ("https://napoli.example/app#!/pizza", "/app#!/pizza"),
        ("/menu", "/menu"),
        ("", "/"),
        ("menu", "menu"),
        ("file:///C:/menu.html", "/C:/menu.html"),
        ("https://napoli.example/" + "x" * 600, "/" + "x" * 511),
    ],
)
def test_the_path_of_an_address(url: str | None, path: str | None) -> None:
    assert path == page_path(url)


def test_the_same_words_about_another_event_make_another_row() -> None:
    # What events say is kept in memory by its text; what they are is not.
    first, second = (
        decode(json.dumps(HEADER | {"events": [event(seq=number)]}).encode()).events[0] for number in (1, 2)
    )
    assert isinstance(first, WireEvent)
    assert isinstance(second, WireEvent)
    one, other = check_events([first, second], microseconds(NOON), Visit(bytes(16), bytes(16)), namespace="napoli")
    assert isinstance(one, Event)
    assert isinstance(other, Event)

    assert one.content is other.content
    assert one.head != other.head
    assert one.tail != other.tail
