"""Legal holds: from a pseudonym back to the rows that must stay.

A hold names its person by pseudonym alone, so the contacts and ids that a restaurant knows are turned into pseudonyms
and compared; only restaurants with a hold pay for that. From the contacts the catalogue leads on: to the guest, the
orders, the visits, the conversations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from flow.database.queries import Query
from flow.database.transaction import Transaction
from flow.privacy.catalogue import Key, SubjectColumn, TableEntry, tables
from flow.privacy.retention import store
from flow.privacy.retention.statements import built
from flow.privacy.retention.types import EVERYWHERE, Held
from flow.privacy.subjects import pseudonyms

__all__ = ["held_persons"]

_NAMED = (Key.PHONE, Key.EMAIL, Key.CONTACT, Key.USER, Key.VISITOR)
_ROUNDS = 4  # contact, guest, order, visit


async def held_persons(service: Transaction, secrets: Sequence[bytes]) -> dict[UUID, Held]:
    """By restaurant, what identifies those under a hold in force; under EVERYWHERE all of them together."""
    subjects: dict[UUID, set[str]] = defaultdict(set)
    for hold in await store.holds_in_force(service):
        subjects[hold.restaurant_id].add(hold.subject)
    found = {restaurant: await _resolve(service, secrets, restaurant, held) for restaurant, held in subjects.items()}
    together: dict[Key, frozenset[str]] = {}
    for held in found.values():
        together = {key: together.get(key, frozenset()) | held.values.get(key, frozenset()) for key in Key}
    return {**found, EVERYWHERE: Held(together)}


async def _resolve(service: Transaction, secrets: Sequence[bytes], restaurant: UUID, subjects: set[str]) -> Held:
    known: dict[Key, set[str]] = defaultdict(set)
    known[Key.SUBJECT] |= subjects
    for entry, column in _columns(_NAMED):
        values = await service.values(_distinct(entry, column), restaurant=restaurant)
        known[column.key] |= {value for value in values if subjects & set(_pseudonyms(secrets, value))}
    for _ in range(_ROUNDS):
        before = sum(map(len, known.values()))
        for entry in tables():
            if entry.tenant and entry.gives:
                await _follow(service, restaurant, entry, known)
        if before == sum(map(len, known.values())):
            break
    return Held({key: frozenset(values) for key, values in known.items()})


async def _follow(service: Transaction, restaurant: UUID, entry: TableEntry, known: dict[Key, set[str]]) -> None:
    """Adds what the held persons' rows of one table say of where else they are."""
    held = Held({key: frozenset(values) for key, values in known.items()})
    ways = [column for column in entry.subject_columns if held.of(column.key) and column.key is not Key.TEXT]
    if not ways:
        return
    given = ", ".join(f't."{column.column}"::text' for column in entry.gives)
    found = " or ".join(f't."{way.column}" = any (:{way.column}::{way.type}[])' for way in ways)
    query = built(f"select {given} from {entry.name} t where t.restaurant_id = :restaurant and ({found})")
    parameters = {way.column: held.of(way.key) for way in ways}
    for row in await service.tuples(query, restaurant=restaurant, **parameters):
        for column, value in zip(entry.gives, row, strict=True):
            known[column.key] |= {value} - {None}


def _columns(keys: Iterable[Key]) -> list[tuple[TableEntry, SubjectColumn]]:
    return [(entry, way) for entry in tables() if entry.tenant for way in entry.subject_columns if way.key in keys]


def _pseudonyms(secrets: Sequence[bytes], value: str) -> tuple[str, ...]:
    try:
        return pseudonyms(secrets, value)
    except ValueError:  # a channel's own name of somebody, which no hold can mean
        return ()


def _distinct(entry: TableEntry, column: SubjectColumn) -> Query:
    name = f't."{column.column}"'
    return built(
        f"select distinct {name}::text from {entry.name} t where t.restaurant_id = :restaurant and {name} is not null"
    )
