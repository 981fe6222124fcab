"""Signatures of Standard Webhooks 1.0.0: `v1` by HMAC-SHA256, `v1a` by ed25519.

What is signed is `{message id}.{Unix seconds}.{body}`. https://github.com/standard-webhooks/standard-webhooks
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["SECRET_PREFIX", "decode_key", "signature", "signatures"]

SECRET_PREFIX = "whsec_"  # noqa: S105 (how a secret begins is none)
PRIVATE_PREFIX = "whsk_"
PUBLIC_PREFIX = "whpk_"


def signatures(keys: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The header webhook-signature: one signature per key, the newest key first, so that a receiver may have any."""
    return " ".join(signature(key, message_id, timestamp, body) for key in keys)


def signature(key: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,…` for a key that begins with whsec_ or with nothing, `v1a,…` for one that begins with whsk_.

    `timestamp` is in Unix seconds. ValueError for an empty key.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    if key.startswith(PRIVATE_PREFIX):
        private = Ed25519PrivateKey.from_private_bytes(decode_key(key, PRIVATE_PREFIX))
        return f"v1a,{b64encode(private.sign(signed)).decode()}"
    return f"v1,{b64encode(hmac.digest(decode_key(key, SECRET_PREFIX), signed, hashlib.sha256)).decode()}"


def decode_key(key: str, prefix: str) -> bytes:
    """The bytes of a key, whose padding may be missing; ValueError when there are none."""
    text = key.removeprefix(prefix)
    if not text:
        raise ValueError("a key to sign with is not empty")
    return b64decode(text + "=" * (-len(text) % 4))
