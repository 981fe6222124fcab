"""Who sees a row: candidates out of roles and the matrix, each confirmed by asking the database as that person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import groupby
from uuid import UUID

from flow.access.roles.matrix import matrix
from flow.access.roles.sight.rows import find_row, is_seen
from flow.access.roles.sight.types import Holder, KeyOf, Reason, Seen, Sight
from flow.database.pool import Database
from flow.database.queries import load_queries
from flow.errors import NotFound

_queries = load_queries(__package__)


async def who_sees(
    database: Database, table: str, row: str, *, restaurant: UUID | None = None, within: frozenset[UUID] | None = None
) -> tuple[Seen, list[Sight]]:
    """The row, and everybody who sees it, with a second factor where that counts.

    NotFound when there is no such row, or when it is of a restaurant that is not among `within` (None: any row);
    InvalidInput when several rows fit. Beside these people the service reads every table, and so does whoever runs the
    database.
    """
    async with database.as_service() as service:
        of_table = await service.one(_queries.key_of, KeyOf, table=table)
        found = await find_row(service, table, of_table, row, restaurant=restaurant)
        if within is not None and found.restaurant_id not in within:
            raise NotFound
        holders = await service.all(_queries.holders, Holder, restaurant_id=found.restaurant_id, user_id=found.user_id)
    by_person = groupby(sorted(holders, key=lambda holder: (holder.email, holder.user_id)), lambda h: h.user_id)
    return found, [sight async for sight in _confirmed(database, of_table, found, [list(h) for _, h in by_person])]


async def _confirmed(
    database: Database, of_table: KeyOf, row: Seen, people: list[list[Holder]]
) -> AsyncIterator[Sight]:
    for holders in people:
        person = holders[0]
        claims = {"sub": str(person.user_id), "role": "authenticated", "aal": "aal2"}
        async with database.as_user(claims, read_only=True) as transaction:
            if await is_seen(transaction, of_table, row):
                reasons = tuple(_reasons(of_table, row, holders))
                yield Sight(person.user_id, person.name, person.email, reasons)


def _reasons(of_table: KeyOf, row: Seen, holders: Iterable[Holder]) -> Iterator[Reason]:
    """What lets them; of one role only the widest rule."""
    for holder in holders:
        found = [
            Reason(
                holder.role,
                holder.on_platform,
                holder.since,
                access.permission,
                access.rule,
                of_table.policy or "",
                holder.door_until,
            )
            for access in matrix().operation(row.table, "select").accesses
            if _applies(access.rule, access.permission, row, holder)
        ]
        yield from ([reason for reason in found if reason.rule == "all"] or found)


def _applies(rule: str, permission: str, row: Seen, holder: Holder) -> bool:
    if rule == "self":
        return row.user_id == holder.user_id
    if rule == "everyone":
        return True
    if rule == "platform" and not (holder.on_platform and row.restaurant_id is None):
        return False
    return permission in matrix().held_by(
        holder.role, on_platform=holder.on_platform, door=holder.door_until is not None
    )
