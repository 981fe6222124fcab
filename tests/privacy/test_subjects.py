"""Pseudonyms: stable, keyed, and told apart by kind."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flow.privacy.subjects import kind_of, pseudonym, pseudonyms

SECRET = b"a secret of thirty-two bytes ...."
phones = st.integers(min_value=10_000_000, max_value=99_999_999).map(lambda number: f"+45{number}")


@given(phones, phones)
def test_two_phone_numbers_never_share_a_pseudonym(one: str, other: str) -> None:
    assume(one != other)
    assert pseudonym(SECRET, one) != pseudonym(SECRET, other)


@given(phones)
def test_a_pseudonym_is_64_hex_digits_and_always_the_same(phone: str) -> None:
    made = pseudonym(SECRET, phone)
    assert (64, made) == (len(made), pseudonym(SECRET, phone))


def test_another_secret_gives_another_pseudonym() -> None:
    assert pseudonym(SECRET, "+4520123456") != pseudonym(b"another secret of enough bytes ..", "+4520123456")


@pytest.mark.parametrize(
    ("contact", "kind"),
    [
        ("+4520123456", "phone"),
        ("anna@example.dk", "email"),
        ("0190a000-0000-7000-8000-000000000001", "id"),
    ],
)
def test_a_contact_says_what_it_is(contact: str, kind: str) -> None:
    assert kind == kind_of(contact)


def test_what_is_no_contact_gets_no_pseudonym() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        pseudonym(SECRET, "anna")


def test_after_a_rotation_both_pseudonyms_are_known_and_the_present_one_comes_first() -> None:
    present, former = b"p" * 32, b"f" * 32
    assert (pseudonym(present, "a@b.dk"), pseudonym(former, "a@b.dk")) == pseudonyms([present, former], "a@b.dk")
