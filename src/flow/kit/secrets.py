"""Seals what must not lie readable in a database: second factors, credentials of others, keys.

AES-256-GCM (NIST SP 800-38D) with a key derived from each secret of the installation (HKDF, RFC 5869). A sealed value
is laid out as: 1 byte form, 8 bytes key id, 12 bytes nonce, ciphertext with its 16 bytes of tag.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["CannotOpen", "SecretBox"]

_FORM = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD_BYTES = len(_FORM) + _KEY_ID_BYTES
_KEY_BYTES = 32


class CannotOpen(ValueError):
    """A sealed value that was changed, belongs to another context, or whose key is gone."""


class SecretBox:
    """Seals with the first of `secrets`; opens what any of them sealed, so that a secret can be changed.

    A context says what a value is and to whom it belongs, e.g. `totp:<user id>`: a value copied into another row
    does not open there. It is authenticated, not kept in the value.
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets:
            raise ValueError("a secret box needs a secret")
        keys = [_derive(secret) for secret in secrets]
        self._current = _key_id(keys[0])
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}

    def seal(self, value: bytes, context: str) -> bytes:
        """`value`, sealed; 37 bytes longer, and never twice the same."""
        head = _FORM + self._current
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + self._ciphers[self._current].encrypt(nonce, value, head + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The value that was sealed in this context; CannotOpen otherwise."""
        head, nonce = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
        cipher = self._ciphers.get(head[len(_FORM) :])
        if cipher is None or head[:1] != _FORM or len(nonce) < _NONCE_BYTES:
            raise CannotOpen("this is not sealed with a secret of this installation")
        try:
            return cipher.decrypt(nonce, sealed[_HEAD_BYTES + _NONCE_BYTES :], head + context.encode())
        except InvalidTag:
            raise CannotOpen("this was changed, or belongs elsewhere") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest secret sealed it; if not, `flow keys rotate` has not come to it yet."""
        return sealed[:_HEAD_BYTES] == self.current_head

    @property
    def current_head(self) -> bytes:
        """The first bytes of everything that is sealed from now on, for finding what is not."""
        return _FORM + self._current


def _derive(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"flow: secret box, AES-256-GCM").derive(secret)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"flow: key id" + key).digest()[:_KEY_ID_BYTES]
