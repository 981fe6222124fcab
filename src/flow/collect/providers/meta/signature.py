"""Meta's signature: HMAC-SHA256 over the raw body, by the app's secret. And the handshake before the first delivery."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final

from flow.collect.webhooks.errors import BadSignature
from flow.collect.webhooks.types import Request

__all__ = ["greet", "signature_of", "verify"]

_HEADER: Final = "x-hub-signature-256"
_SECRETS: Final = ("app_secret", "second_app_secret")
"""An app with Instagram log-in has two secrets, and which one signs is not documented."""
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


def verify(request: Request, credentials: Mapping[str, str]) -> None:
    """BadSignature unless one of the app's secrets signed these very bytes."""
    given = request.headers.get(_HEADER, "")
    if not given.isascii():
        raise BadSignature
    secrets = [credentials[name] for name in _SECRETS if credentials.get(name)]
    fits = [hmac.compare_digest(signature_of(request.body, secret), given) for secret in secrets]
    if not any(fits):
        raise BadSignature


def signature_of(body: bytes, secret: str) -> str:
    """The header of a delivery: `sha256=` and 64 hex digits in lower case."""
    return f"sha256={hmac.digest(secret.encode(), body, hashlib.sha256).hex()}"


def greet(request: Request, credentials: Mapping[str, str]) -> bytes | None:
    """The challenge, for whoever knows the word that was agreed on; None for anybody else."""
    agreed = credentials.get("verify_token", "")
    given = request.query.get("hub.verify_token", "")
    challenge = request.query.get("hub.challenge", "")
    if request.query.get("hub.mode") != "subscribe" or not agreed:
        return None
    if not hmac.compare_digest(agreed.encode(), given.encode("utf-8", "surrogateescape")):
        return None
    return challenge.encode() if _CHALLENGE.fullmatch(challenge) else None
