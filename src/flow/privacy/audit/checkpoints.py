"""Checkpoints: the chain's state, signed, so that whoever owns the database alone cannot rewrite what came before.

The key derives from the installation's secret (HKDF), which is not in the database. Copies of checkpoints belong on
another machine (`flow audit export`): there they show even a log that was cut off after its last link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flow.database.installation import Installation
from flow.database.transaction import Transaction
from flow.privacy.audit import store
from flow.privacy.audit.types import Checkpoint

_INFO = b"flow: audit checkpoints, Ed25519"


class CheckpointKeys:
    """Signs with the installation's present secret; knows the public keys of the former ones as well."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        private = [_derive(secret) for secret in secrets]
        self._current = private[0]
        self._public = {_key_id(key.public_key()): key.public_key() for key in private}

    @property
    def current_id(self) -> str:
        """The id of the key that signs."""
        return _key_id(self._current.public_key())

    def sign(self, seq: int, state: bytes, *, at: datetime) -> Checkpoint:
        """A checkpoint that says: at this moment the last link was number `seq`, with this hash."""
        signature = self._current.sign(_text(seq, state, at))
        return Checkpoint(seq=seq, hash=state, made_at=at, key_id=self.current_id, signature=signature)

    def is_genuine(self, checkpoint: Checkpoint) -> bool:
        """Whether a secret of this installation signed it, and nobody changed it since."""
        key = self._public.get(checkpoint.key_id)
        if key is None:
            return False
        try:
            key.verify(checkpoint.signature, _text(checkpoint.seq, checkpoint.hash, checkpoint.made_at))
        except InvalidSignature:
            return False
        return True


def checkpoint_keys(installation: Installation) -> CheckpointKeys:
    """The keys of this installation."""
    return CheckpointKeys([installation.secret, *installation.old_secrets])


async def make_checkpoint(transaction: Transaction, keys: CheckpointKeys, *, at: datetime) -> Checkpoint | None:
    """Signs the chain's present state and keeps it; None when the last checkpoint says the same."""
    state = await store.chain_state(transaction)
    if await store.last_checkpoint_seq(transaction, keys.current_id) == state.seq:
        return None
    checkpoint = keys.sign(state.seq, state.hash, at=at)
    await store.add_checkpoint(transaction, checkpoint)
    return checkpoint


def _derive(secret: bytes) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(secret)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _text(seq: int, state: bytes, at: datetime) -> bytes:
    return f"flow audit checkpoint\n{seq}\n{state.hex()}\n{at.timestamp():.6f}".encode()
