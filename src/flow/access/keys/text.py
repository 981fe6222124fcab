"""What a key looks like: `fk_live_` and 75 characters of restaurant, id and 24 random bytes.

With restaurant and id in it, it is found by its primary key, on a cluster too; nobody guesses the random bytes.
"""

from __future__ import annotations

import binascii
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from flow.access.keys.types import KeyText

PREFIX = "fk_live_"
_SECRET_BYTES = 24
_LENGTH = 16 + 16 + _SECRET_BYTES
_CHARACTERS = len(PREFIX) + (_LENGTH * 4 + 2) // 3


def make_key(restaurant: UUID, key_id: UUID) -> str:
    """A new key, to be shown once."""
    content = restaurant.bytes + key_id.bytes + secrets.token_bytes(_SECRET_BYTES)
    return PREFIX + urlsafe_b64encode(content).decode().rstrip("=")


def hash_of(key: str) -> bytes:
    """What is kept of a key. 192 random bits need no slow hash: nobody tries them all."""
    return hashlib.sha256(key.encode()).digest()


def read_key(text: str) -> KeyText | None:
    """The parts of a key, or None when it is laid out otherwise."""
    if len(text) != _CHARACTERS or not text.startswith(PREFIX) or not text.isascii():
        return None
    body = text.removeprefix(PREFIX)
    try:
        content = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except binascii.Error:
        return None
    if len(content) != _LENGTH:
        return None
    return KeyText(UUID(bytes=content[:16]), UUID(bytes=content[16:32]), hash_of(text))
