"""Signed links: they prove that who opens them was sent them, and name nobody.

A link holds what it is for, the restaurant, when it ends, and a pseudonym or the id of a consent, with a signature of
128 bits over all of it. No contact is in it, so an address in a log or a history gives nobody away.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

__all__ = ["CONFIRMATION_LIVES", "PREFERENCES_LIVE", "ConfirmationLink", "PreferencesLink", "read_link"]

PREFERENCES_LIVE: Final = timedelta(days=180)
CONFIRMATION_LIVES: Final = timedelta(days=7)

_PURPOSE: Final = b"flow.consents.links"
_MAC_BYTES: Final = 16
_HEAD_BYTES: Final = 1 + 16 + 4
_NO_RESTAURANT: Final = bytes(16)


@dataclass(frozen=True, slots=True)
class PreferencesLink:
    """Leads to the preferences of one person with one restaurant, or with all when none is named."""

    restaurant_id: UUID | None
    subject: str
    expires_at: datetime

    def signed(self, secret: bytes) -> str:
        """The link's last part, 92 characters."""
        return _sign(secret, b"p", self.restaurant_id, self.expires_at, bytes.fromhex(self.subject))

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at <= at


@dataclass(frozen=True, slots=True)
class ConfirmationLink:
    """Confirms one consent."""

    restaurant_id: UUID | None
    consent_id: UUID
    expires_at: datetime

    def signed(self, secret: bytes) -> str:
        """The link's last part, 71 characters."""
        return _sign(secret, b"c", self.restaurant_id, self.expires_at, self.consent_id.bytes)

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at <= at


def read_link(secrets: Iterable[bytes], token: str) -> PreferencesLink | ConfirmationLink | None:
    """The link, signed by any of the secrets; None for anything else.

    Whether it has expired is left to the caller, since an old link may still withdraw.
    """
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    signed, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if len(signed) <= _HEAD_BYTES or not any(hmac.compare_digest(mac, _mac(secret, signed)) for secret in secrets):
        return None
    restaurant = None if signed[1:17] == _NO_RESTAURANT else UUID(bytes=signed[1:17])
    expires_at = datetime.fromtimestamp(int.from_bytes(signed[17:_HEAD_BYTES]), UTC)
    body = signed[_HEAD_BYTES:]
    if signed[:1] == b"p":
        return PreferencesLink(restaurant, body.hex(), expires_at)
    return ConfirmationLink(restaurant, UUID(bytes=body), expires_at)


def _sign(secret: bytes, kind: bytes, restaurant_id: UUID | None, expires_at: datetime, body: bytes) -> str:
    ends = int(expires_at.timestamp()).to_bytes(4)
    signed = kind + (restaurant_id.bytes if restaurant_id else _NO_RESTAURANT) + ends + body
    return urlsafe_b64encode(signed + _mac(secret, signed)).rstrip(b"=").decode()


def _mac(secret: bytes, signed: bytes) -> bytes:
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return hmac.digest(key, signed, hashlib.sha256)[:_MAC_BYTES]
