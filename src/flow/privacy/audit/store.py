"""Writes the audit log, in the transaction of what it tells; reads it and its chain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.privacy.audit.types import ChainState, Checkpoint, Entry, Link, Person, Shop, Wish

_queries = load_queries(__package__)


async def record(
    transaction: Transaction,
    action: str,
    description: str,
    *,
    at: datetime,
    restaurant_id: UUID | None = None,
    performed_by: UUID | None = None,
    performed_by_role: str = "service",
    subject: str | None = None,
    reason: str | None = None,
    legal_basis: str | None = None,
    facts: Mapping[str, object] | None = None,
    request_id: str | None = None,
) -> None:
    """Adds an entry, in a transaction of the service. It is chained to the one before it when that commits.

    `action` is a short name such as `import_undone`; `description` one sentence; `subject` a pseudonymous reference
    to the person concerned; `reason` why, in the words of who did it; `legal_basis` the article of law; `facts` are
    counts and ids. None of them holds a name, phone number or e-mail.
    """
    await transaction.execute(
        _queries.record,
        id=new_id(),
        restaurant_id=restaurant_id,
        action=action,
        description=description,
        reason=reason,
        performed_by=performed_by,
        performed_by_role=performed_by_role,
        subject=subject,
        legal_basis=legal_basis,
        facts=Jsonb(dict(facts)) if facts is not None else None,
        request_id=request_id,
        at=at,
    )


async def chain_state(transaction: Transaction) -> ChainState:
    """Where the chain begins and ends."""
    return await transaction.one(_queries.chain_state, ChainState)


async def links(transaction: Transaction, *, after: int, most: int) -> list[Link]:
    """The next links above number `after`, in order."""
    return await transaction.all(_queries.links, Link, after=after, most=most)


async def unchained(transaction: Transaction, *, most: int) -> list[UUID]:
    """Entries of the log that no link names."""
    return await transaction.values(_queries.unchained, most=most)


async def checkpoints(transaction: Transaction) -> list[Checkpoint]:
    """Every checkpoint that is kept, oldest first."""
    return await transaction.all(_queries.checkpoints, Checkpoint)


async def last_checkpoint_seq(transaction: Transaction, key_id: str) -> int | None:
    """How far the last checkpoint by this key reaches; None without one."""
    return cast(int | None, await transaction.value(_queries.last_checkpoint_seq, key_id=key_id))


async def add_checkpoint(transaction: Transaction, checkpoint: Checkpoint) -> None:
    """Keeps a checkpoint."""
    await transaction.execute(
        _queries.add_checkpoint,
        seq=checkpoint.seq,
        hash=checkpoint.hash,
        made_at=checkpoint.made_at,
        key_id=checkpoint.key_id,
        signature=checkpoint.signature,
    )


async def expire(transaction: Transaction, *, most: int) -> int:
    """Deletes at most so many of the oldest entries, none younger than seven years; how many."""
    return cast(int, await transaction.value(_queries.expire, most=most))


async def shops(transaction: Transaction, ids: Collection[UUID]) -> list[Shop]:
    """Those of these restaurants that the caller may see, by name."""
    return await transaction.all(_queries.shops, Shop, ids=list(ids))


async def audits_platform(transaction: Transaction) -> bool:
    """Whether the caller reads what concerns the platform and no single restaurant."""
    return cast(bool, await transaction.value(_queries.audits_platform))


async def entries(transaction: Transaction, wish: Wish, *, most: int) -> list[Entry]:
    """The newest entries of that wish that the caller may see."""
    before_at, before_id = wish.before or (None, None)
    return await transaction.all(
        _queries.entries,
        Entry,
        restaurant_id=wish.restaurant_id,
        since=wish.since,
        until=wish.until,
        action=wish.action,
        performed_by=wish.performed_by,
        subjects=list(wish.subjects) if wish.subjects is not None else None,
        before_at=before_at,
        before_id=before_id,
        most=most,
    )


async def actions(transaction: Transaction, wish: Wish) -> list[str]:
    """The kinds of entries in the time of that wish."""
    return await transaction.values(
        _queries.actions, restaurant_id=wish.restaurant_id, since=wish.since, until=wish.until
    )


async def people(transaction: Transaction, wish: Wish) -> list[UUID]:
    """Those who wrote entries in the time of that wish."""
    return await transaction.values(
        _queries.people, restaurant_id=wish.restaurant_id, since=wish.since, until=wish.until
    )


async def names_of(service: Transaction, ids: Collection[UUID]) -> dict[UUID, str]:
    """What people call these users, else their e-mail; none of those who were erased."""
    found = await service.all(_queries.names_of, Person, ids=list(ids))
    return {person.id: person.name or person.email for person in found}


async def last_checkpoint_at(service: Transaction) -> datetime | None:
    """When the chain's state was last signed."""
    return cast(datetime | None, await service.value(_queries.last_checkpoint_at))
