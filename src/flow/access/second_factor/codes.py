"""The codes themselves: what an app shows for half a minute, what is printed for a bad day. Nothing is kept here."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime
from io import BytesIO

import pyotp
import segno

STEP_SECONDS = 30
RECOVERY_CODES = 10
_DRIFT_STEPS = 1
_ISSUER = "FLOW"
# Without 0, 1, I, L, O and U: nobody shall guess what was printed (after Crockford's base 32).
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECOVERY_CHARACTERS = 10
_APP_CODE = re.compile(r"\d{6}")
_RECOVERY_CODE = re.compile(rf"\d[{_ALPHABET}]{{{_RECOVERY_CHARACTERS}}}")
_SEPARATORS = re.compile(r"[\s-]+")


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """What an app reads out of the QR code."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=_ISSUER)


def picture(text: str) -> str:
    """`text` as a QR code: an SVG element without colours of its own, to stand within a page."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, svgclass="qr", lineclass=None
    )
    return out.getvalue().decode()


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is: the present one, or its neighbours, for a clock that is half a minute off."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    steps = range(present - _DRIFT_STEPS, present + _DRIFT_STEPS + 1)
    matching = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return max(matching, default=None)


def new_recovery_codes() -> list[str]:
    """Ten codes of 49 bits; the first digit of each is its slot."""
    return [
        f"{slot}{''.join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_CHARACTERS))}"
        for slot in range(RECOVERY_CODES)
    ]


def readable(code: str) -> str:
    """A recovery code as it is printed: `3K7QWM-9XT2PA`."""
    half = (len(code) + 1) // 2
    return f"{code[:half]}-{code[half:]}"


def normalised(text: str) -> str:
    """A code as it is checked: without spaces and hyphens, in capitals."""
    return _SEPARATORS.sub("", text).upper()


def is_app_code(code: str) -> bool:
    return _APP_CODE.fullmatch(code, 0) is not None and code.isascii()


def is_recovery_code(code: str) -> bool:
    return _RECOVERY_CODE.fullmatch(code) is not None and code.isascii()
