"""Tokens for tests: good ones to change, and bad ones that no library would make."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from uuid import uuid4

from flow.errors import NotAuthenticated
from flow.web.authentication import TokenCheck
from flow.web.issuer import Issuer

OWN = "http://127.0.0.1:8010/auth/v1"
OUTSIDE = "https://project.supabase.co/auth/v1"
SECRET = b"an installation's secret, longer than 32 bytes"


def claims_of_token(**changes: object) -> dict[str, object]:
    now = int(time.time())
    claims: dict[str, object] = {
        "sub": str(uuid4()),
        "role": "authenticated",
        "aud": "authenticated",
        "iss": OUTSIDE,
        "iat": now,
        "exp": now + 3600,
        "session_id": str(uuid4()),
        "email": "anna@napoli.example",
        "app_metadata": {"provider": "email"},
        "user_metadata": {"name": "Anna"},
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def own_issuer() -> Issuer:
    return Issuer(OWN, SECRET)


async def is_refused(check: TokenCheck, token: str) -> bool:
    try:
        await check.verify(token)
    except NotAuthenticated:
        return True
    return False


def base64_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed_by_hand(header: dict[str, object], claims: dict[str, object], secret: bytes) -> str:
    """What a library refuses to sign: HMAC with a public key as the secret."""
    signed = f"{base64_text(json.dumps(header).encode())}.{base64_text(json.dumps(claims).encode())}"
    return f"{signed}.{base64_text(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"
