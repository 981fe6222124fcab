"""Half a log-in: who gave the right password is remembered for five minutes, sealed, until the code comes.

A ticket opens nothing by itself. It is bound to the password that it was given for, so that a changed one ends it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flow.access.types import Credentials
from flow.errors import NotAuthenticated
from flow.kit.secrets import CannotOpen, SecretBox

TICKET_LIFE = timedelta(minutes=5)
_CONTEXT = "log-in ticket"
_MAX_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose password came right, and which one it was."""

    user_id: UUID
    fingerprint: str

    def is_for(self, credentials: Credentials) -> bool:
        """Whether these are still the user and the password of this ticket."""
        same = hmac.compare_digest(self.fingerprint, _fingerprint(credentials))
        return same and self.user_id == credentials.user_id


def make_ticket(secrets: SecretBox, credentials: Credentials, *, now: datetime) -> str:
    """The ticket as a cookie carries it."""
    content = {"user": str(credentials.user_id), "password": _fingerprint(credentials), "at": now.timestamp()}
    return base64.urlsafe_b64encode(secrets.seal(json.dumps(content).encode(), _CONTEXT)).decode().rstrip("=")


def open_ticket(secrets: SecretBox, text: str, *, now: datetime) -> Ticket:
    """The ticket; NotAuthenticated when it is none of ours, or its time is over."""
    try:
        if len(text) > _MAX_CHARACTERS:
            raise NotAuthenticated
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        content = json.loads(secrets.open(sealed, _CONTEXT))
    except (CannotOpen, binascii.Error, ValueError):
        raise NotAuthenticated from None
    if not 0 <= now.timestamp() - content["at"] <= TICKET_LIFE.total_seconds():
        raise NotAuthenticated
    return Ticket(UUID(content["user"]), content["password"])


def _fingerprint(credentials: Credentials) -> str:
    return hashlib.sha256(credentials.password_hash.encode()).hexdigest()[:32]
