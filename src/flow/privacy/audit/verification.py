"""Checks the audit log against its chain and the chain against its checkpoints, and says what is wrong where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from flow.database.transaction import Transaction
from flow.privacy.audit import store
from flow.privacy.audit.chain import BEGINNING, entry_hash, link_hash
from flow.privacy.audit.checkpoints import CheckpointKeys
from flow.privacy.audit.retention import kept_since
from flow.privacy.audit.types import ChainState, Checkpoint, Fault, Finding, Link, Verdict

_PAGE = 2_000
_MOST_UNCHAINED = 100


async def verify(
    transaction: Transaction, keys: CheckpointKeys, *, now: datetime, shipped: Sequence[Checkpoint] = ()
) -> Verdict:
    """Reads the whole log once, in pages; `shipped` are checkpoints kept elsewhere, held against it as well."""
    marks = [*await store.checkpoints(transaction), *shipped]
    state = await store.chain_state(transaction)
    walk = _Walk(state, {mark.seq for mark in marks})
    async for link in _links(transaction, state):
        walk.take(link)
    walk.end()
    for entry in await store.unchained(transaction, most=_MOST_UNCHAINED):
        walk.findings.append(Finding(Fault.INSERTED, "an entry lies in the log without a link", entry_id=entry))
    for mark in marks:
        walk.findings.extend(_held_against(mark, keys, walk, state, now=now))
    return Verdict(walk.entries, len(marks), tuple(walk.findings))


async def _links(transaction: Transaction, state: ChainState) -> AsyncIterator[Link]:
    after = 0
    while page := await store.links(transaction, after=after, most=_PAGE):
        for link in page:
            if link.seq <= state.seq:  # what committed since the head was read is not looked at
                yield link
        after = page[-1].seq


class _Walk:
    """Goes along the chain; `hashes` remembers the links that checkpoints speak of."""

    def __init__(self, state: ChainState, wanted: set[int]) -> None:
        self.findings: list[Finding] = []
        self.entries = 0
        self.hashes = {state.expired_through: state.expired_hash or BEGINNING}
        self._state = state
        self._wanted = wanted
        self._seq = state.expired_through
        self._hash: bytes = state.expired_hash or BEGINNING

    def take(self, link: Link) -> None:
        self.entries += 1
        self.findings.extend(self._faults(link))
        self._seq, self._hash = link.seq, link.hash
        if link.seq in self._wanted:
            self.hashes[link.seq] = link.hash

    def end(self) -> None:
        if self._seq < self._state.seq:
            says = f"the head is at link {self._state.seq}, but the chain ends at {self._seq}"
            self.findings.append(Finding(Fault.TRUNCATED, says, seq=self._seq + 1))
        elif self._hash != self._state.hash:
            self.findings.append(Finding(Fault.REWRITTEN, "the head is not the last link", seq=self._seq))

    def _faults(self, link: Link) -> Iterator[Finding]:
        if link.seq != self._seq + 1:
            says = f"links {self._seq + 1} to {link.seq - 1} are gone"
            yield Finding(Fault.REMOVED, says, seq=self._seq + 1)
        elif link.hash != link_hash(self._hash, link.seq, link.entry_hash):
            yield Finding(Fault.REWRITTEN, "the link does not follow from the one before", link.seq, link.entry_id)
        if not link.has_entry:
            yield Finding(Fault.REMOVED, "the entry is gone from the log", link.seq, link.entry_id)
        elif entry_hash(link.fields) != link.entry_hash:
            yield Finding(Fault.CHANGED, "the entry was changed after it was written", link.seq, link.entry_id)


def _held_against(
    mark: Checkpoint, keys: CheckpointKeys, walk: _Walk, state: ChainState, *, now: datetime
) -> Iterator[Finding]:
    when = f"the checkpoint of {mark.made_at.isoformat(timespec='seconds')}"
    if not keys.is_genuine(mark):
        yield Finding(Fault.FORGED_CHECKPOINT, f"{when} is not signed by this installation", mark.seq)
    elif mark.seq > state.seq:
        says = f"{when} saw {mark.seq} links, but the chain ends at {state.seq}"
        yield Finding(Fault.TRUNCATED, says, state.seq + 1)
    elif mark.seq < state.expired_through and mark.made_at > kept_since(now):
        # What came after that checkpoint is younger than it is, so it was too young to be deleted.
        says = f"links up to {state.expired_through} were deleted, but {when} saw no more than {mark.seq}"
        yield Finding(Fault.REMOVED, says, mark.seq + 1)
    elif mark.seq >= state.expired_through and walk.hashes.get(mark.seq) != mark.hash:
        yield Finding(Fault.REWRITTEN, f"{when} saw another link {mark.seq}", mark.seq)
