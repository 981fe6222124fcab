"""Texts cut to the bytes that a channel takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.messages.splitting import split_bytes

_WRITING = st.text(alphabet="abcæøå  \n\u0301🍕👩\u200d🍳🏽é", max_size=3000)
_ANYTHING = st.text(st.characters(exclude_categories=("Cs",)), max_size=3000)


@given(_WRITING | _ANYTHING, st.integers(min_value=64, max_value=1000))
def test_no_piece_is_too_long_and_nothing_but_white_space_is_lost(text: str, most: int) -> None:
    pieces = split_bytes(text, most)

    assert all(0 < len(piece.encode()) <= most for piece in pieces)
    assert "".join(text.split()) == "".join("".join(pieces).split())


@given(_WRITING, st.integers(min_value=64, max_value=1000))
def test_no_letter_is_parted_from_its_accent(text: str, most: int) -> None:
    later = split_bytes("x" + text, most)[1:]

    long_runs = "\u0301" * 20 in text or "\u200d" * 10 in text
    assert long_runs or not any(piece[0] in "\u0301\u200d🏽" for piece in later if len(piece) > 1)


def test_cuts_come_between_words() -> None:
    text = "Vi har åbent til klokken ti i aften " * 10
    pieces = split_bytes(text, 100)

    assert text.split() == " ".join(pieces).split()
    assert all(len(piece.encode()) > 90 for piece in pieces[:-1])


def test_danish_letters_count_two_bytes() -> None:
    assert [500, 500, 1] == [len(piece) for piece in split_bytes("æ" * 1001, 1000)]


def test_a_short_text_stays_whole_and_an_empty_one_is_none() -> None:
    assert (["Ja, til kl. 22"], []) == (split_bytes(" Ja, til kl. 22\n", 1000), split_bytes("  ", 1000))


def test_pieces_too_small_for_a_letter_are_refused() -> None:
    with pytest.raises(ValueError, match="64"):
        split_bytes("x", 3)
