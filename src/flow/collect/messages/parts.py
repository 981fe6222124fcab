"""How an SMS is written and in how many parts it travels (GSM 03.38 and 03.40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Encoding", "SmsSize", "sms_size"]

Encoding = Literal["gsm7", "ucs2"]

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_SINGLE: Final[dict[Encoding, int]] = {"gsm7": 160, "ucs2": 70}
_PART: Final[dict[Encoding, int]] = {"gsm7": 153, "ucs2": 67}


@dataclass(frozen=True, slots=True)
class SmsSize:
    """`units` are septets in gsm7, 16-bit units in ucs2; `parts` is what is paid for."""

    encoding: Encoding
    units: int
    parts: int


def sms_size(text: str) -> SmsSize:
    """The size of a text. One character outside the GSM alphabet makes all of it ucs2."""
    is_gsm = all(character in _BASIC or character in _EXTENDED for character in text)
    encoding: Encoding = "gsm7" if is_gsm else "ucs2"
    widths = [_gsm_width(each) for each in text] if is_gsm else [_utf16_width(each) for each in text]
    units = sum(widths)
    parts = 1 if units <= _SINGLE[encoding] else _parts(widths, _PART[encoding])
    return SmsSize(encoding, units, parts)


def _gsm_width(character: str) -> int:
    return 2 if character in _EXTENDED else 1


def _utf16_width(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _parts(widths: Iterable[int], room: int) -> int:
    """Fills parts one after another: what takes two units is never cut in half."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
