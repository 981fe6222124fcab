"""The hash chain, computed here a second time: a check must not rest on the database's own word.

The same is in the migration (app.audit_entry_hash, app.chain_audit_entry); a test holds them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

BEGINNING = hashlib.sha256(b"flow audit chain").digest()


def entry_hash(fields: Iterable[str | None]) -> bytes:
    """SHA-256 of an entry's columns: each as a netstring (`bytes:text`), `-` for null, joined by commas."""
    return hashlib.sha256(",".join(map(_netstring, fields)).encode()).digest()


def link_hash(before: bytes, seq: int, entry: bytes) -> bytes:
    """SHA-256 of the link before, this link's number as 8 bytes (big-endian), and the entry's hash."""
    return hashlib.sha256(before + seq.to_bytes(8, "big") + entry).digest()


def _netstring(field: str | None) -> str:
    return "-" if field is None else f"{len(field.encode())}:{field}"
