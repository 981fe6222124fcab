"""How Wolt Drive signs: the body is `{"token": …}`, a JWS with HS256, keyed with the client secret as it is written.

The algorithm is pinned: what a token says of itself is not asked. There is no time limit in it; the inbox keeps each
claim once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jwt

from flow.collect.webhooks.errors import BadSignature

__all__ = ["claims", "unproven"]


def claims(body: bytes, secret: str | None) -> Mapping[str, Any]:
    """What the token says; BadSignature unless whoever knows the secret signed it."""
    if not secret:
        raise BadSignature
    try:
        # PyJWT checks `exp` and the like where a token has them; Wolt documents none.
        return jwt.decode(_token(body), secret.encode(), algorithms=["HS256"], options={"verify_aud": False})
    except jwt.PyJWTError:
        raise BadSignature from None


def unproven(body: bytes) -> Mapping[str, Any]:
    """What the token says, whoever wrote it; empty where there is none."""
    try:
        said: Mapping[str, Any] = jwt.decode(_token(body), options={"verify_signature": False})
    except (jwt.PyJWTError, BadSignature):
        return {}
    return said


def _token(body: bytes) -> str:
    try:
        given = json.loads(body)
    except ValueError:
        raise BadSignature from None
    token = given.get("token") if isinstance(given, dict) else None
    if not isinstance(token, str):
        raise BadSignature
    return token
