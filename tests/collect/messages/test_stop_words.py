"""Which messages say stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.messages.stop_words import first_word, stop_word


@pytest.mark.parametrize(
    ("text", "word", "is_alone"),
    [
        ("STOP", "STOP", True),
        ("stop", "STOP", True),
        (" Stop! ", "STOP", True),
        ("Stopp", "STOPP", True),
        ("AFMELD", "AFMELD", True),
        ("afmelding.", "AFMELDING", True),
        ("Unsubscribe", "UNSUBSCRIBE", True),
        ("ＳＴＯＰ", "STOP", True),
        ("Avanmäl", "AVANMÄL", True),
        ("STOP NAPOLI", "STOP", False),
        ("stop min ordre", "STOP", False),
    ],
)
def test_a_stop_word_is_found_however_it_is_written(text: str, word: str, is_alone: bool) -> None:
    found = stop_word(text)
    assert found is not None
    assert (word, is_alone) == (found.word, found.is_alone)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "!!!", "Kan I stoppe for chili?", "Stop lige med at ringe til mig", "stopur", "PIZZA STOP", "😀"],
)
def test_other_messages_are_none(text: str) -> None:
    assert stop_word(text) is None


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    word = first_word(text)

    assert word == "" or word.isalnum()
    assert stop_word(text) is None or word == stop_word(text).word  # type: ignore[union-attr]
