"""The secret box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.secrets import CannotOpen, SecretBox

OLD = b"the secret of last year, 32 bytes or more"
NEW = b"the secret of this year, 32 bytes or more"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_own_context(value: bytes, context: str) -> None:
    box = SecretBox([NEW])
    assert value == box.open(box.seal(value, context), context)


def test_a_value_does_not_open_in_the_context_of_another_row() -> None:
    box = SecretBox([NEW])
    with pytest.raises(CannotOpen):
        box.open(box.seal(b"JBSWY3DP", "totp:anna"), "totp:bo")


@given(st.data())
def test_no_changed_bit_goes_unnoticed(data: st.DataObject) -> None:
    box = SecretBox([NEW])
    sealed = bytearray(box.seal(b"JBSWY3DP", "totp"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(CannotOpen):
        box.open(bytes(sealed), "totp")


@given(st.binary(max_size=60))
def test_what_was_never_sealed_does_not_open(value: bytes) -> None:
    with pytest.raises(CannotOpen):
        SecretBox([NEW]).open(value, "totp")


def test_the_same_value_is_sealed_differently_each_time_and_never_readable() -> None:
    box = SecretBox([NEW])
    first, second = box.seal(b"JBSWY3DP", "totp"), box.seal(b"JBSWY3DP", "totp")
    assert first != second
    assert b"JBSWY3DP" not in first


def test_a_former_secret_opens_but_no_longer_seals() -> None:
    before = SecretBox([OLD]).seal(b"JBSWY3DP", "totp")
    box = SecretBox([NEW, OLD])
    assert b"JBSWY3DP" == box.open(before, "totp")
    assert not box.is_current(before)
    assert box.is_current(box.seal(b"JBSWY3DP", "totp"))
    assert before[:9] == SecretBox([OLD]).current_head


def test_without_the_former_secret_nothing_of_it_opens() -> None:
    with pytest.raises(CannotOpen):
        SecretBox([NEW]).open(SecretBox([OLD]).seal(b"JBSWY3DP", "totp"), "totp")


def test_a_box_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        SecretBox([])
