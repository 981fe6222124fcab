"""How Vipps MobilePay signs: HMAC-SHA256 over method, path with query, date, host and the body's hash, in base64.

The key is the secret's own characters; it is not decoded, even where it looks like base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from flow.collect.webhooks.errors import BadSignature
from flow.collect.webhooks.types import Request

__all__ = ["retired", "secrets", "verify", "verify_with_any"]

_SCHEME: Final = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="
# A delivery is tried for seven days, and nobody says whether a later try has a new date: the inbox knows a repetition.
_OLDEST: Final = timedelta(days=8)
_AHEAD: Final = timedelta(minutes=5)


def secrets(credentials: Mapping[str, str], *, now: datetime) -> list[str]:
    """Those that may have signed what comes now: the registration's own, and the former one's for its last retries."""
    until = credentials.get("webhook_former_until", "")
    holds = until.isdigit() and now.timestamp() < int(until)
    return [credentials.get("webhook_secret", ""), *([credentials.get("webhook_former_secret", "")] if holds else [])]


def retired(credentials: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    """What is kept of a secret whose place another one takes; nothing where there was none."""
    if not (secret := credentials.get("webhook_secret")):
        return {}
    return {"webhook_former_secret": secret, "webhook_former_until": str(int((now + _OLDEST).timestamp()))}


def verify_with_any(request: Request, secrets: Sequence[str], *, now: datetime | None) -> None:
    """BadSignature, as the first of them says it, unless one of the secrets signed this request."""
    problem: BadSignature | None = None
    for secret in secrets:
        try:
            return verify(request, secret, now=now)
        except BadSignature as refused:
            problem = problem or refused
    raise problem or BadSignature("There is no secret to check with.")


def verify(request: Request, secret: str, *, now: datetime | None) -> None:
    """BadSignature, saying why for the log, unless the provider signed this request; `now` None takes any date."""
    headers = request.headers
    date, content = headers.get("x-ms-date", ""), headers.get("x-ms-content-sha256", "")
    authorization = headers.get("authorization", "")
    if not secret:
        raise BadSignature("There is no secret to check with.")
    if not all(text.isascii() for text in (date, content, authorization)) or not authorization.startswith(_SCHEME):
        raise BadSignature("The signature cannot be read.")
    if not hmac.compare_digest(base64.b64encode(hashlib.sha256(request.body).digest()), content.encode()):
        raise BadSignature("The body is not the one that was signed.")
    signed = f"POST\n{request.target}\n{date};{request.host};{content}"
    expected = base64.b64encode(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))
    if not hmac.compare_digest(expected, authorization.removeprefix(_SCHEME).encode()):
        raise BadSignature("The signature does not match.")
    if now is not None:
        _check_date(date, now)


def _check_date(date: str, now: datetime) -> None:
    try:
        sent = parsedate_to_datetime(date)
    except ValueError:
        raise BadSignature("The date cannot be read.") from None
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    if not now - _OLDEST <= sent <= now + _AHEAD:
        raise BadSignature("The delivery is too old, or from the future.")
