"""How Wolt signs: lower-case hex of HMAC-SHA256 over the raw body, keyed with the secret that we gave to Wolt.

There is no time in it, so a delivery may be replayed: the inbox keeps each once, and every order is fetched anew.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from flow.collect.webhooks.errors import BadSignature

__all__ = ["HEADER", "sign", "verify"]

HEADER: Final = "wolt-signature"


def sign(body: bytes, secret: str) -> str:
    """The signature of these bytes."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, headers: Mapping[str, str], secret: str | None) -> None:
    """BadSignature unless whoever knows the secret signed these very bytes."""
    given = headers.get(HEADER, "")
    if not secret or not given.isascii() or not hmac.compare_digest(sign(body, secret), given):
        raise BadSignature
