"""Finds a row by the name of its table and what identifies it, and looks whether somebody sees it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from psycopg.errors import DataError, InsufficientPrivilege
from psycopg.sql import SQL, Composed, Identifier

from flow.access.roles.sight.types import KeyOf, Seen
from flow.database.transaction import Transaction
from flow.errors import InvalidInput, NotFound


async def find_row(service: Transaction, table: str, of_table: KeyOf, row: str, *, restaurant: UUID | None) -> Seen:
    """The row; NotFound when there is none, InvalidInput when what was given fits several.

    `row` is the value of the column `id`, or else of the key's last; or several, as `date=2026-01-01,value=12`.
    """
    wanted = _wanted(of_table, row)
    if restaurant is not None and of_table.restaurant_column:
        wanted[of_table.restaurant_column] = str(restaurant)
    shown = [*of_table.key, of_table.restaurant_column or "", "user_id" if of_table.has_user else ""]
    columns = SQL(", ").join(SQL("t.{}::text").format(Identifier(each)) if each else SQL("null") for each in shown)
    query = SQL("select {} from {} t where {} limit 2").format(columns, _place(of_table), _where(wanted))
    try:
        found = await (await service.connection.execute(query, list(wanted.values()))).fetchall()
    except DataError:
        raise NotFound from None
    if not found:
        raise NotFound
    if len(found) > 1:
        raise InvalidInput(f"Several rows fit; name more of its key: {', '.join(of_table.key)}.")
    *key, place, user = found[0]
    return Seen(table, dict(zip(of_table.key, key, strict=True)), _id(place), _id(user))


async def is_seen(transaction: Transaction, of_table: KeyOf, row: Seen) -> bool:
    """Whether this user's transaction shows the row."""
    query = SQL("select exists (select from {} t where {})").format(_place(of_table), _where(row.key))
    try:
        found = await (await transaction.connection.execute(query, list(row.key.values()))).fetchone()
    except InsufficientPrivilege:
        return False
    return bool(found and found[0])


def _place(of_table: KeyOf) -> Identifier:
    return Identifier(of_table.schema, of_table.name)


def _wanted(of_table: KeyOf, row: str) -> dict[str, str]:
    if "=" not in row:
        return {"id" if "id" in of_table.key else of_table.key[-1]: row}
    pairs = dict(pair.partition("=")[::2] for pair in row.split(","))
    if unknown := pairs.keys() - set(of_table.key):
        raise InvalidInput(f"The key has no column {', '.join(sorted(unknown))}; it is {', '.join(of_table.key)}.")
    return pairs


def _where(wanted: Mapping[str, str]) -> Composed:
    return SQL(" and ").join(SQL("t.{} = %s").format(Identifier(column)) for column in wanted)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
