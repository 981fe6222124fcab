"""The tokens of FLOW's own issuer: an hour long, renewed while their session lives. Laid out as Supabase's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flow.access.types import LiveSession
from flow.web.issuer import Issuer

TOKEN_LIFE = timedelta(hours=1)
RENEW_AFTER = timedelta(minutes=10)
"""A token this old is renewed when it is used, which also notes that the session is alive."""
_METHODS = {"aal1": ("password",), "aal2": ("password", "totp")}


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token; `expires_at` is the token's own end, and its session may live on."""

    text: str
    expires_at: datetime
    session: LiveSession


def issue(issuer: Issuer, session: LiveSession, *, now: datetime) -> AccessToken:
    """A token for this session, which it never outlives."""
    expires_at = min(now + TOKEN_LIFE, session.expires_at)
    return AccessToken(issuer.sign(_claims(session, now, expires_at)), expires_at, session)


def _claims(session: LiveSession, now: datetime, expires_at: datetime) -> dict[str, object]:
    return {
        "sub": str(session.user_id),
        "role": "authenticated",
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
        "email": session.email,
        "phone": "",
        "session_id": str(session.id),
        "aal": session.aal,
        "amr": [
            {"method": method, "timestamp": int(session.created_at.timestamp())} for method in _METHODS[session.aal]
        ],
        "is_anonymous": False,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {"name": session.name},
    }
