"""The audit log as JSON Lines, to be kept on another machine: entries with their links, then signed checkpoints.

Whoever holds such a file can check it without FLOW (docs/guides/security.md says how), and `flow audit verify
--against FILE` holds the database against its checkpoints.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime

from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.privacy.audit import store
from flow.privacy.audit.checkpoints import CheckpointKeys
from flow.privacy.audit.types import Checkpoint, Link

FIELDS = (
    "id",
    "restaurant_id",
    "action",
    "description",
    "reason",
    "performed_by",
    "performed_by_role",
    "subject",
    "legal_basis",
    "before",
    "after",
    "request_id",
    "created_at",
    "recorded_at",
    "recorded_by",
)
"""The columns of an entry in the order in which they are hashed."""

_PAGE = 2_000


async def export(
    transaction: Transaction, keys: CheckpointKeys, *, after: int = 0, at: datetime, checkpoints_only: bool = False
) -> AsyncIterator[str]:
    """Lines without their ends: entries above link `after`, every checkpoint, and one of this moment."""
    state = await store.chain_state(transaction)
    while not checkpoints_only and (page := await store.links(transaction, after=after, most=_PAGE)):
        for link in page:
            yield _dump(_entry(link))
        after = page[-1].seq
    for mark in await store.checkpoints(transaction):
        yield _dump(_mark(mark))
    yield _dump(_mark(keys.sign(state.seq, state.hash, at=at)))


def read_checkpoints(lines: Iterable[str]) -> Iterator[Checkpoint]:
    """The checkpoints of an exported file; InvalidInput when it is none."""
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
            if found["kind"] == "checkpoint":
                yield _checkpoint(found)
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"line {number} is not of an exported audit log") from error


def _entry(link: Link) -> dict[str, object]:
    fields = dict(zip(FIELDS, link.fields, strict=True)) if link.has_entry else None
    hashes = {"entry_hash": link.entry_hash.hex(), "hash": link.hash.hex()}
    return {"kind": "entry", "seq": link.seq, **hashes, "fields": fields}


def _mark(mark: Checkpoint) -> dict[str, object]:
    return {
        "kind": "checkpoint",
        "seq": mark.seq,
        "hash": mark.hash.hex(),
        "made_at": mark.made_at.isoformat(),
        "key_id": mark.key_id,
        "signature": mark.signature.hex(),
    }


def _checkpoint(found: dict[str, str]) -> Checkpoint:
    return Checkpoint(
        seq=int(found["seq"]),
        hash=bytes.fromhex(found["hash"]),
        made_at=datetime.fromisoformat(found["made_at"]),
        key_id=found["key_id"],
        signature=bytes.fromhex(found["signature"]),
    )


def _dump(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
