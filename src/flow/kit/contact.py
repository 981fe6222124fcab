"""Phone numbers and e-mail addresses in one spelling each, so that a guest is one guest."""

import hashlib
import hmac
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

__all__ = ["contact_hash", "normalise_email", "normalise_phone"]

Region = Literal["DK", "SE", "NO", "DE", "GB", "US"]


def normalise_phone(text: str, region: Region = "DK") -> str | None:
    """The number in E.164 (`+4520123456`), or None when no such number can exist.

    `region` is the country of a number written without `+` or `00`.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_email(text: str) -> str | None:
    """The address trimmed and in lower case, or None when mail could never reach it.

    No DNS question is asked. Lower case also before the @: no provider of weight tells
    `Anna@` from `anna@`, and guests write both.
    """
    try:
        address = validate_email(text.strip().lower(), check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return address.normalized.lower()


def contact_hash(value: str, salt: bytes) -> str:
    """HMAC-SHA256 of a normalised contact as 64 hex digits: compares, but cannot be read back.

    `salt` is a secret key of at least 16 bytes: phone numbers are few enough to try them all,
    so a known or missing key would give them away.
    """
    if len(salt) < 16:
        raise ValueError("the salt must be at least 16 bytes long")
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()
