"""How many SMS a text is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.messages.parts import SmsSize, sms_size

_GSM = "abc æøåÆØÅ 123 @£$¥ äöñü §¿"
_EXTENDED = "^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Din ordre 1042 er klar til afhentning", SmsSize("gsm7", 37, 1)),
        ("rød grød med fløde", SmsSize("gsm7", 18, 1)),
        ("a" * 160, SmsSize("gsm7", 160, 1)),
        ("a" * 161, SmsSize("gsm7", 161, 2)),
        ("a" * 306, SmsSize("gsm7", 306, 2)),
        ("a" * 307, SmsSize("gsm7", 307, 3)),
        ("€" * 80, SmsSize("gsm7", 160, 1)),
        ("€" * 153, SmsSize("gsm7", 306, 3)),  # 76 in each part: none is cut in half
        ("🍕", SmsSize("ucs2", 2, 1)),
        ("“tilbud”", SmsSize("ucs2", 8, 1)),
        ("–" * 70, SmsSize("ucs2", 70, 1)),
        ("–" * 71, SmsSize("ucs2", 71, 2)),
        ("🍕" * 36, SmsSize("ucs2", 72, 2)),
        ("🍕" * 67, SmsSize("ucs2", 134, 3)),  # 33 in each part
    ],
)
def test_a_text_has_the_size_that_networks_charge(text: str, size: SmsSize) -> None:
    assert size == sms_size(text)


@given(st.text(alphabet=_GSM + _EXTENDED, min_size=1, max_size=2000))
def test_gsm_text_takes_no_more_parts_than_units_allow(text: str) -> None:
    size = sms_size(text)
    units = sum(2 if each in _EXTENDED else 1 for each in text)

    assert ("gsm7", units) == (size.encoding, size.units)
    assert (size.parts == 1) == (units <= 160)
    assert size.parts == 1 or -(-units // 153) <= size.parts <= -(-units // 152)


@given(st.text(min_size=1, max_size=500), st.characters(min_codepoint=0x1F300, max_codepoint=0x1F5FF))
def test_one_emoji_makes_all_of_it_ucs2(text: str, emoji: str) -> None:
    size = sms_size(text + emoji)

    assert "ucs2" == size.encoding
    assert (size.parts == 1) == (size.units <= 70)
