"""The link of an invitation: restaurant, id and 32 random bytes, of which a hash is kept."""

from __future__ import annotations

import binascii
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from flow.access.people.types import LinkText

_SECRET_BYTES = 32
_LENGTH = 16 + 16 + _SECRET_BYTES
_CHARACTERS = (_LENGTH * 4 + 2) // 3


def make_link(restaurant: UUID, invitation: UUID) -> str:
    """The part of the address that nobody guesses."""
    content = restaurant.bytes + invitation.bytes + secrets.token_bytes(_SECRET_BYTES)
    return urlsafe_b64encode(content).decode().rstrip("=")


def read_link(text: str) -> LinkText | None:
    """The parts of a link, or None when it is laid out otherwise."""
    if len(text) != _CHARACTERS or not text.isascii():
        return None
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return None
    if len(content) != _LENGTH:
        return None
    return LinkText(UUID(bytes=content[:16]), UUID(bytes=content[16:32]), hashlib.sha256(text.encode()).digest())
