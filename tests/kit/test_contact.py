"""Contacts: one spelling per guest, and hashes that do not give them away."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.contact import contact_hash, normalise_email, normalise_phone

SALT = b"0123456789abcdef"
DANISH = (
    st.integers(20_000_000, 31_999_999)
    .map(str)
    .filter(lambda digits: phonenumbers.is_valid_number(phonenumbers.parse(digits, "DK")))
)


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("20 12 34 56", "DK", "+4520123456"),
        ("20-12-34-56", "DK", "+4520123456"),
        ("+45 20123456", "SE", "+4520123456"),
        ("0045 20 12 34 56", "DK", "+4520123456"),
        ("070-123 45 67", "SE", "+46701234567"),
        ("+46 (0)70 123 45 67", "DK", "+46701234567"),
    ],
)
def test_a_phone_number_gets_one_spelling(text, region, expected):
    assert expected == normalise_phone(text, region)


@pytest.mark.parametrize("text", ["", "pizza", "112", "12345", "+45 1", "9" * 300, "20123456 ext. 7"])
def test_what_is_no_phone_number_is_none(text):
    assert None is normalise_phone(text)


@given(
    DANISH,
    st.lists(st.sampled_from(["", " ", "-"]), min_size=8, max_size=8),
    st.sampled_from(["", "+45", "0045 "]),
)
def test_spaces_dashes_and_country_code_do_not_change_a_number(digits, gaps, prefix):
    written = prefix + "".join(digit + gap for digit, gap in zip(digits, gaps, strict=True))
    assert f"+45{digits}" == normalise_phone(written)


@given(st.text(max_size=40), st.sampled_from(["DK", "SE"]))
def test_normalising_any_text_as_a_phone_number_is_settled_after_once(text, region):
    number = normalise_phone(text, region)
    assert number is None or number == normalise_phone(number, region)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Anna@Example.COM ", "anna@example.com"),
        ("søren@blåbærgrød.dk", "søren@blåbærgrød.dk"),
        ("anna+pizza@xn--blbrgrd-fxak7p.dk", "anna+pizza@blåbærgrød.dk"),
    ],
)
def test_an_email_address_gets_one_spelling(text, expected):
    assert expected == normalise_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@a.dk",
        "a@b",
        "a b@c.dk",
        "a@b..dk",
        "a@localhost",
        f"{'a' * 65}@b.dk",
        f"a@{'b' * 260}.dk",
        "a@b.dk\r\nBcc: c@d.dk",
    ],
)
def test_what_is_no_email_address_is_none(text):
    assert None is normalise_email(text)


@given(st.one_of(st.emails(), st.text(max_size=40)))
def test_normalising_any_text_as_an_email_address_is_settled_after_once(text):
    address = normalise_email(text)
    assert address is None or address == normalise_email(address)


def test_a_contact_hash_is_hmac_sha256():
    # openssl dgst -sha256 -hmac 0123456789abcdef
    expected = "287c368562ab9c3a19369e5059b7effdaf530c58f647600b91724b19ee55ec32"
    assert expected == contact_hash("+4520123456", SALT)


@given(st.text(), st.text())
def test_two_contacts_share_a_hash_only_when_they_are_the_same(left, right):
    assert (left == right) == (contact_hash(left, SALT) == contact_hash(right, SALT))


def test_another_salt_gives_another_hash():
    assert contact_hash("+4520123456", SALT) != contact_hash("+4520123456", SALT[::-1])


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        contact_hash("+4520123456", b"")
