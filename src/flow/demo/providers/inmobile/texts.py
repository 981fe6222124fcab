"""What a text message is to a mobile network: its number, its alphabet, how many parts it takes."""

from __future__ import annotations

import phonenumbers

from flow.demo.providers.books import Json

__all__ = ["encoding_of", "number_details", "parts_of"]

# GSM 03.38: the basic alphabet, and the characters that take two places in it.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")


def encoding_of(text: str, wish: str) -> str:
    """The alphabet that a text is sent in; `auto` takes ucs2 where it has to."""
    if wish != "auto":
        return wish
    return "gsm7" if all(letter in _GSM or letter in _GSM_TWICE for letter in text) else "ucs2"


def parts_of(text: str, encoding: str) -> int:
    """How many messages it is charged as."""
    single, each = (160, 153) if encoding == "gsm7" else (70, 67)
    if encoding == "gsm7":
        length = sum(2 if letter in _GSM_TWICE else 1 for letter in text)
    else:
        length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= single else -(-length // each)


def number_details(raw: str, hint: str | None) -> Json:
    """A number as InMobile tells it; `isValidMsisdn` says whether it is one."""
    region = hint if hint and not hint.isdigit() else phonenumbers.region_code_for_country_code(int(hint or "45"))
    digits = "".join(letter for letter in raw if letter.isdigit())
    try:
        number = phonenumbers.parse(f"+{digits}", region)
    except phonenumbers.NumberParseException:
        number = None
    valid = number is not None and phonenumbers.is_possible_number(number)
    details: Json = {"rawMsisdn": raw, "isValidMsisdn": valid, "countryHint": region}
    if number is not None and valid:
        country, local = str(number.country_code), str(number.national_number)
        details |= {"countryCode": country, "phoneNumber": local, "msisdn": country + local}
    else:
        details |= {"countryCode": None, "phoneNumber": None, "msisdn": None}
    return details
