"""`Stripe-Signature`: `t=<unix seconds>,v1=<hex>`, several v1 while a secret is being rolled, other schemes ignored.

The signed text is the seconds, a full stop and the raw body; the key is the endpoint's whole secret, `whsec_` included.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from flow.collect.webhooks.errors import BadSignature

__all__ = ["TOLERANCE_SECONDS", "verify"]

TOLERANCE_SECONDS = 300


def verify(
    header: str, body: bytes, secret: str, *, now: datetime, tolerance: float | None = TOLERANCE_SECONDS
) -> None:
    """BadSignature, saying why for the log, unless Stripe signed these bytes within `tolerance` seconds of `now`."""
    told, signatures = _parsed(header)
    if not secret:
        raise BadSignature("There is no secret to check with.")
    expected = hmac.digest(secret.encode(), told.encode() + b"." + body, "sha256").hex().encode()
    matches = [hmac.compare_digest(expected, given.encode()) for given in signatures]
    if not any(matches):
        raise BadSignature("No signature matches.")
    if tolerance is not None and abs(now.timestamp() - int(told)) > tolerance:
        raise BadSignature("The delivery is too old, or from the future.")


def _parsed(header: str) -> tuple[str, list[str]]:
    pairs = [part.split("=", 1) for part in header.split(",") if "=" in part]
    times = [value for name, value in pairs if name == "t"]
    if not header.isascii() or len(times) != 1 or not times[0].isdigit() or len(times[0]) > 12:
        raise BadSignature("The signature cannot be read.")
    signatures = [value for name, value in pairs if name == "v1"]
    if not signatures:
        raise BadSignature("There is no signature of scheme v1.")
    return times[0], signatures
