"""The link of a reset: its id and 32 random bytes, of which a hash is kept."""

from __future__ import annotations

import binascii
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

_SECRET_BYTES = 32
_CHARACTERS = ((16 + _SECRET_BYTES) * 4 + 2) // 3


def make_link(reset: UUID) -> str:
    """The part of the address that nobody guesses."""
    return urlsafe_b64encode(reset.bytes + secrets.token_bytes(_SECRET_BYTES)).decode().rstrip("=")


def read_link(text: str) -> tuple[UUID, bytes] | None:
    """The reset's id and what the link must hash to, or None when it is laid out otherwise."""
    if len(text) != _CHARACTERS or not text.isascii():
        return None
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return None
    return (UUID(bytes=content[:16]), hash_of(text)) if len(content) == 16 + _SECRET_BYTES else None


def hash_of(text: str) -> bytes:
    """What is kept of a link. 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).digest()
