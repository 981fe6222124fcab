"""The keys of an endpoint: the present ones, and during a rotation those before them. They lie sealed."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flow.delivery.webhooks.signing import PRIVATE_PREFIX, PUBLIC_PREFIX, SECRET_PREFIX, decode_key
from flow.kit.secrets import SecretBox

__all__ = ["KeyPair", "Keyring", "fresh_keys", "open_ring", "seal_ring"]

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A shared secret (whsec_) and an ed25519 key (whsk_), as of one creation. `until`: ISO time, none for ever."""

    secret: str
    private: str
    until: str | None = None

    @property
    def public(self) -> str:
        """The half of the ed25519 key that anybody may have (whpk_)."""
        key = Ed25519PrivateKey.from_private_bytes(decode_key(self.private, PRIVATE_PREFIX))
        return PUBLIC_PREFIX + b64encode(key.public_key().public_bytes_raw()).decode()


@dataclass(frozen=True, slots=True)
class Keyring:
    """Key pairs, the newest first."""

    pairs: tuple[KeyPair, ...]

    def keys(self, now: datetime) -> list[str]:
        """Every key that holds at `now`, in the order in which they sign."""
        held = [pair for pair in self.pairs if pair.until is None or datetime.fromisoformat(pair.until) > now]
        return [key for pair in held for key in (pair.secret, pair.private)]

    def rotated(self, *, now: datetime, overlap: timedelta) -> Keyring:
        """With a fresh pair in front; the present one signs along for `overlap`, those before it end now."""
        end = (now + overlap).isoformat()
        return Keyring((fresh_keys(), replace(self.pairs[0], until=end)) if overlap else (fresh_keys(),))


def fresh_keys() -> KeyPair:
    """A new pair, of the system's randomness."""
    return KeyPair(
        secret=SECRET_PREFIX + b64encode(os.urandom(_SECRET_BYTES)).decode(),
        private=PRIVATE_PREFIX + b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode(),
    )


def seal_ring(box: SecretBox, endpoint_id: UUID, ring: Keyring) -> bytes:
    """The ring as it lies in the database."""
    return box.seal(json.dumps([asdict(pair) for pair in ring.pairs]).encode(), _context(endpoint_id))


def open_ring(box: SecretBox, endpoint_id: UUID, sealed: bytes) -> Keyring:
    """The ring again; flow.kit.secrets.CannotOpen when its key is gone."""
    return Keyring(tuple(KeyPair(**pair) for pair in json.loads(box.open(sealed, _context(endpoint_id)))))


def _context(endpoint_id: UUID) -> str:
    return f"webhook_endpoint:{endpoint_id}"
