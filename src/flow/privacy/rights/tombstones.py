"""Tombstones: who was erased, by pseudonym, in the database and in a file beside it.

A backup from before an erasure knows nothing of it. The file outlives the database, so that after a restore
`flow privacy reapply` finds who must go again. Only what is older than the erasure goes: what a person does later is
theirs.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flow.privacy.audit.store import record
from flow.privacy.retention.store import is_held
from flow.privacy.rights import store
from flow.privacy.rights.finding.service import find
from flow.privacy.rights.means import Means
from flow.privacy.rights.types import KnownContact, Person, Tombstone
from flow.privacy.rights.walking import Walk, read_rules
from flow.privacy.subjects import kind_of, pseudonyms

__all__ = ["Reapplied", "reapply", "tombstones_of", "write_ledger"]


@dataclass(frozen=True, slots=True)
class Reapplied:
    """How many persons had come back, and how many of their rows went again, by table."""

    persons: int
    tables: dict[str, int]


def tombstones_of(person: Person, request_id: UUID, *, secrets: Sequence[bytes], at: datetime) -> list[Tombstone]:
    """One for everything that the person is known by."""
    return [
        Tombstone(restaurant_id=person.restaurant_id, subject=subject, request_id=request_id, erased_at=at)
        for known in person.references
        for subject in pseudonyms(secrets[:1], known)
    ]


def write_ledger(means: Means, tombstones: Iterable[Tombstone]) -> None:
    """Appends to the file, and waits until it is on disk; a line may stand there twice."""
    means.ledger.parent.mkdir(parents=True, exist_ok=True)
    with means.ledger.open("a", encoding="utf-8") as file:
        for each in tombstones:
            restaurant = str(each.restaurant_id) if each.restaurant_id else None
            line = {
                "restaurant_id": restaurant,
                "subject": each.subject,
                "request_id": str(each.request_id),
                "erased_at": each.erased_at.isoformat(),
            }
            file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


async def reapply(means: Means, *, dry_run: bool = False) -> Reapplied:
    """Erases again whoever has come back from before their erasure; may be run at any time, and again."""
    async with means.database.as_service() as transaction:
        tombstones = [*await store.list_tombstones(transaction), *_ledger(means)]
        known = await store.list_known_contacts(transaction) if tombstones else []
    returned = _returned(means, tombstones, known)
    tables: dict[str, int] = defaultdict(int)
    persons = 0
    for person, erased_at in returned:
        gone = await _erase_again(means, person, erased_at, dry_run=dry_run)
        persons += bool(gone)
        for table, rows in gone.items():
            tables[table] += rows
    if persons and not dry_run:
        await _note(means, persons, tables, tombstones)
    return Reapplied(persons, dict(tables))


async def _erase_again(means: Means, person: Person, erased_at: datetime, *, dry_run: bool) -> dict[str, int]:
    async with means.database.as_service() as transaction:
        rules = await read_rules(transaction)
        found = await find(transaction, person, secrets=means.secrets)
        if await is_held(transaction, person.restaurant_id, found.keys["subject"]):
            return {}
        walk = await Walk.of(transaction, found, before=erased_at)
    gone: dict[str, int] = defaultdict(int)
    for rule in rules:
        more = rule.erases
        while more:
            async with means.database.as_service() as transaction:
                if dry_run:
                    rows = await walk.count(transaction, rule)
                    gone[rule.table.name] = max(gone[rule.table.name], rows)
                    break
                done = await walk.erase(transaction, rule, first=False)
            gone[rule.table.name] += done.changed + done.deleted
            more = done.more
    if person.user_id and not dry_run:
        async with means.database.as_service() as transaction:
            gone["users"] += await store.erase_account(transaction, person.user_id)
    return {table: rows for table, rows in gone.items() if rows}


def _returned(
    means: Means, tombstones: Sequence[Tombstone], known: Iterable[KnownContact]
) -> list[tuple[Person, datetime]]:
    """The persons one of whose contacts stands in a row older than their erasure, with all such contacts."""
    graves: dict[str, list[Tombstone]] = defaultdict(list)
    for each in tombstones:
        graves[each.subject].append(each)
    found: dict[UUID, tuple[Person, datetime]] = {}
    for contact in known:
        for grave in (grave for each in pseudonyms(means.secrets, contact.contact) for grave in graves.get(each, ())):
            here = grave.restaurant_id is None or grave.restaurant_id == contact.restaurant_id
            if here and contact.first_at < grave.erased_at:
                person, at = found.get(grave.request_id, (Person(restaurant_id=grave.restaurant_id), grave.erased_at))
                found[grave.request_id] = (_also(person, contact), max(at, grave.erased_at))
    return list(found.values())


def _also(person: Person, contact: KnownContact) -> Person:
    """The person, known by this contact too."""
    value = contact.contact
    match kind_of(value):
        case "phone":
            return replace(person, phones=tuple({*person.phones, value}))
        case "email":
            return replace(person, emails=tuple({*person.emails, value}))
    if contact.restaurant_id is None:
        return replace(person, user_id=UUID(value))
    return replace(person, visitors=tuple({*person.visitors, value}))


def _ledger(means: Means) -> list[Tombstone]:
    if not means.ledger.exists():
        return []
    lines = (json.loads(line) for line in means.ledger.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Tombstone(
            restaurant_id=UUID(line["restaurant_id"]) if line["restaurant_id"] else None,
            subject=line["subject"],
            request_id=UUID(line["request_id"]),
            erased_at=datetime.fromisoformat(line["erased_at"]),
        )
        for line in lines
    ]


async def _note(means: Means, persons: int, tables: dict[str, int], tombstones: Sequence[Tombstone]) -> None:
    async with means.database.as_service() as transaction:
        await store.add_tombstones(transaction, tombstones)
        await record(
            transaction,
            "erasure_reapplied",
            "Erased persons had come back from before their erasure and were erased again.",
            at=means.clock.now(),
            legal_basis="Art. 17 GDPR",
            facts={"persons": persons, "rows": dict(tables)},
        )
