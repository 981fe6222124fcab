"""Seals with the present secret what former ones sealed: in small batches, each a transaction of its own.

What is left to do is read from the values themselves, so a run that was killed is taken up by the next one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from psycopg import sql

from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.kit.secrets import CannotOpen, SecretBox
from flow.privacy.keys.columns import SEALED_COLUMNS, SealedColumn

_BATCH = 200
_HEAD = 9  # bytes that say which secret sealed a value

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of one column: `sealed` values are sealed anew; `unreadable` ones no known secret opens."""

    column: str
    sealed: int
    unreadable: int


async def rotate(
    database: Database, box: SecretBox, *, columns: Iterable[SealedColumn] = SEALED_COLUMNS
) -> AsyncIterator[Rotated]:
    """Seals every column anew, one after the other; work goes on meanwhile, as only the rows of a batch are locked."""
    for column in columns:
        sealed = unreadable = 0
        after: Key | None = None
        while True:
            async with database.as_service() as transaction:
                rows = await _stale(transaction, column, box, after)
                anew = [row for row in (_sealed_anew(column, box, *row) for row in rows) if row is not None]
                await _write(transaction, column, anew)
            if not rows:
                break
            after = rows[-1][0]
            sealed, unreadable = sealed + len(anew), unreadable + len(rows) - len(anew)
        yield Rotated(column.name, sealed, unreadable)


def _sealed_anew(column: SealedColumn, box: SecretBox, key: Key, value: bytes) -> tuple[Key, bytes] | None:
    context = column.context_of(key)
    try:
        return key, box.seal(box.open(value, context), context)
    except CannotOpen:
        return None


async def _stale(
    transaction: Transaction, column: SealedColumn, box: SecretBox, after: Key | None
) -> list[tuple[Key, bytes]]:
    """The next rows, in the order of their keys, that another secret sealed; locked until they are written."""
    keys = sql.SQL(", ").join(map(sql.Identifier, column.key))
    beyond = (
        sql.SQL("and ({}) > ({})").format(keys, sql.SQL(", ").join(map(sql.Literal, after))) if after else sql.SQL("")
    )
    statement = sql.SQL(
        "select {keys}, {column} from {table} where substring({column} from 1 for {head}) <> {current} {beyond} "
        "order by {keys} limit {most} for no key update"
    ).format(
        keys=keys,
        column=sql.Identifier(column.column),
        table=_table(column),
        head=sql.Literal(_HEAD),
        current=sql.Literal(box.current_head),
        beyond=beyond,
        most=sql.Literal(_BATCH),
    )
    cursor = await transaction.connection.execute(statement)
    return [(tuple(row[:-1]), bytes(row[-1])) for row in await cursor.fetchall()]


async def _write(transaction: Transaction, column: SealedColumn, rows: list[tuple[Key, bytes]]) -> None:
    statement = sql.SQL("update {} set {} = %s where ({}) = ({})").format(
        _table(column),
        sql.Identifier(column.column),
        sql.SQL(", ").join(map(sql.Identifier, column.key)),
        sql.SQL(", ").join([sql.Placeholder()] * len(column.key)),
    )
    async with transaction.connection.cursor() as cursor:
        await cursor.executemany(statement, [(value, *key) for key, value in rows])


def _table(column: SealedColumn) -> sql.Identifier:
    return sql.Identifier(*column.table.split("."))
