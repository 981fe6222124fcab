"""Signed links: only what this installation signed is read, and nobody is named in it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from flow.privacy.consents.links import ConfirmationLink, PreferencesLink, read_link
from flow.privacy.subjects import pseudonym

SECRET = b"a secret of thirty-two bytes ...."
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
SUBJECT = pseudonym(SECRET, "+4520123456")

restaurants = st.one_of(st.none(), st.uuids().filter(lambda value: value.int != 0))
times = st.integers(min_value=1_600_000_000, max_value=4_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


@given(restaurants, times, st.uuids())
def test_what_was_signed_is_read_again(restaurant: object, ends: datetime, consent: object) -> None:
    for link in (PreferencesLink(restaurant, SUBJECT, ends), ConfirmationLink(restaurant, consent, ends)):  # type: ignore[arg-type]
        assert link == read_link([SECRET], link.signed(SECRET))
        assert link == read_link([b"n" * 32, SECRET], link.signed(SECRET))
        assert read_link([b"n" * 32], link.signed(SECRET)) is None


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_no_byte_of_a_link_can_be_changed(position: int, change: int) -> None:
    raw = bytearray(urlsafe_b64decode(PreferencesLink(None, SUBJECT, ENDS).signed(SECRET) + "=="))
    raw[position % len(raw)] ^= change
    assert read_link([SECRET], urlsafe_b64encode(bytes(raw)).decode()) is None


@given(st.text())
def test_whatever_else_comes_is_no_link(text: str) -> None:
    assert read_link([SECRET], text) is None


def test_a_link_ends() -> None:
    link = PreferencesLink(None, SUBJECT, ENDS)
    assert [False, True] == [link.has_expired(ENDS + timedelta(seconds=step)) for step in (-1, 0)]


def test_a_link_fits_into_a_text_message() -> None:
    assert len(PreferencesLink(None, SUBJECT, ENDS).signed(SECRET)) < 100
    assert len(ConfirmationLink(None, uuid4(), ENDS).signed(SECRET)) < 80
