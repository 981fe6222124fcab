"""The statements of retention, made out of a table's entry in the catalogue.

Their names of tables and columns are those of the catalogue, never of a caller. The table's alias is t. A batch is two
statements: `find` looks for rows without a lock, however long that takes; `act` locks those that nobody else has, and
does what is to be done with them. Rows are told apart by where they lie (ctid): who changes one between the two
statements moves it, and it waits for the next run.
"""

from __future__ import annotations

from collections.abc import Iterable

from flow.database.queries import Query, parse
from flow.kit.personal import Erasure, PersonalColumn
from flow.privacy.catalogue import CATALOGUE, AtEnd, Key, SubjectColumn, TableEntry
from flow.privacy.retention.types import Held

__all__ = ["act", "built", "count", "door", "find", "held_parameters", "where_due"]


def find(entry: TableEntry, held: Held) -> Query:
    """The next rows that are due, the oldest first: (ctid as text, since). Parameters: scope, reached, most."""
    return built(
        f"""
        select t.ctid::text, {entry.retention.since} as since from {entry.name} t
        where {_due(entry, held)} and {entry.retention.since} >= :reached
        order by since limit :most
        """
    )


def act(entry: TableEntry, held: Held) -> Query:
    """Deletes or anonymises those of `rows` (ctids) that are due still and that nobody else has locked."""
    free = f"""array(
        select t.ctid from {entry.name} t where t.ctid = any (:rows::tid[]) and {_due(entry, held)}
        for update skip locked)"""
    # The key's range again, so that of a partitioned table only one month is touched.
    where = f"where {_and(_range(entry))} and t.ctid = any ({free})"
    if entry.retention.at_end is AtEnd.ANONYMISE:
        return built(f"update {entry.name} t set {_erased(entry)} {where}")
    return built(f"delete from {entry.name} t {where}")


def count(entry: TableEntry, held: Held) -> Query:
    """How many rows would go: those that wait for others which would go with them are among them."""
    return built(f"select count(*) from {entry.name} t where {_due(entry, held, foresees=True)}")


def where_due(entry: TableEntry) -> Query:
    """Which of `restaurants` have a row from before their moment in `befores`."""
    conditions = ["t.restaurant_id = r.id", f"{entry.retention.since} < r.before", *_undone(entry)]
    return built(
        f"""
        select r.id from unnest(:restaurants::uuid[], :befores::timestamptz[]) as r (id, before)
        where exists (
            select from {entry.name} t
            where {_and(conditions)})
        """
    )


def door(entry: TableEntry) -> Query:
    """Calls the function that alone may delete here."""
    return built(f"select {entry.retention.door}")


def held_parameters(entry: TableEntry, held: Held) -> dict[str, object]:
    """The parameters by which `_due` leaves the rows of held persons out."""
    return {_parameter(column): held.of(column.key) for column in _held_columns(entry, held)}


def _due(entry: TableEntry, held: Held, *, foresees: bool = False) -> str:
    """Parameters: restaurant (tenant tables), since and before, and those of held persons."""
    held_back = (_not_held(column) for column in _held_columns(entry, held))
    return _and([*_range(entry), *_open(entry, foresees=foresees), *held_back])


def _range(entry: TableEntry) -> list[str]:
    since = entry.retention.since
    return [*(["t.restaurant_id = :restaurant"] if entry.tenant else []), f"{since} >= :since", f"{since} < :before"]


def _open(entry: TableEntry, *, foresees: bool) -> list[str]:
    """What is to be done with a row still, and may be; `foresees` that what is of one age goes in one night."""
    conditions = _undone(entry)
    for table, column in entry.retention.children:
        same = "c.restaurant_id = t.restaurant_id and " if entry.tenant else ""
        young = f" and {CATALOGUE[table].retention.since} >= :before".replace("t.", "c.") if foresees else ""
        conditions.append(f"not exists (select from public.{table} c where {same}c.{column} = t.id{young})")
    return conditions


def _undone(entry: TableEntry) -> list[str]:
    """What is to be done with a row still."""
    conditions = [f"({entry.retention.condition})"] if entry.retention.condition else []
    if entry.retention.at_end is AtEnd.ANONYMISE:
        conditions.append(f"({' or '.join(_left(column) for column in entry.personal)})")
    return conditions


def _left(column: PersonalColumn) -> str:
    """Whether a column says something about its person still."""
    name = f't."{column.column}"'
    if column.erasure is Erasure.REPLACE:
        return f"{name} is distinct from '{column.replacement}'"
    return f"{name} is not null"


def _erased(entry: TableEntry) -> str:
    """What was kept for the books' sake alone goes as well: their time is over."""
    changes = [
        f'"{column.column}" = ' + (f"'{column.replacement}'" if column.erasure is Erasure.REPLACE else "null")
        for column in entry.personal
    ]
    return ", ".join([*changes, *([f"{entry.retention.marks} = now()"] if entry.retention.marks else [])])


def _held_columns(entry: TableEntry, held: Held) -> list[SubjectColumn]:
    return [column for column in entry.subject_columns if column.key is not Key.TEXT and held.of(column.key)]


def _not_held(column: SubjectColumn) -> str:
    return f'(t."{column.column}" = any (:{_parameter(column)}::{column.type}[])) is not true'


def _parameter(column: SubjectColumn) -> str:
    return f"held_{column.column}"


def _and(conditions: Iterable[str]) -> str:
    return " and ".join(conditions)


def built(sql: str) -> Query:
    """A statement that has no place in queries.sql, because its table is the catalogue's to say."""
    [query] = parse(f"-- name: retention\n{sql}")
    return query
