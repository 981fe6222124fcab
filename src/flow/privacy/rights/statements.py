"""The statements of the walk over all tables, built from a rule: the only SQL of this module outside `queries.sql`.

Identifiers come from the catalogue of the database and are quoted; values are parameters. Every statement takes
`:restaurants` (null: all), `:before` (null: whatever its age) and the keys of its ways, as `:keys_<kind>` arrays of
text.
"""

from __future__ import annotations

from functools import cache

from flow.database.queries import Query, parse
from flow.privacy.rights.tables import Rule, Set, Table, Way, quoted

__all__ = [
    "all_rows",
    "anonymise_all",
    "count_rows",
    "count_text",
    "delete_all",
    "erase_batch",
    "exported_rows",
    "find_text",
    "read_text",
    "write_text",
]


@cache
def count_rows(rule: Rule) -> Query:
    """How many rows the ways find."""
    return _query("count_rows", f"select count(*) from {rule.table.path} t where {_found(rule)}")


@cache
def erase_batch(rule: Rule) -> Query:
    """Deletes or changes at most `:most` rows that are not yet as they should be; answers how many."""
    table = rule.table
    keys = ", ".join(f"t.{quoted(key.column)}" for key in table.keys)
    same = _same_key(table)
    left = "" if rule.deletes else f" and ({_differs(rule.sets)})"
    batch = f"with batch as (select {keys} from {table.path} t where {_found(rule)}{left} limit :most)"
    if not rule.deletes:
        change = f"update {table.path} t set {_assignments(rule.sets)} from batch b where {same} returning 1"
        return _query("erase_batch", f"{batch}, done as ({change}) select count(*) from done")
    letting_go = "".join(
        f", gone_{number} as (update {each.table} r set {quoted(each.column)} = null from batch b"
        f" where r.restaurant_id = b.restaurant_id and r.{quoted(each.column)} = b.{quoted(each.target)})"
        for number, each in enumerate(rule.lets_go)
    )
    change = f"delete from {table.path} t using batch b where {same} returning 1"
    return _query("erase_batch", f"{batch}{letting_go}, done as ({change}) select count(*) from done")


@cache
def exported_rows(rule: Rule) -> Query:
    """The columns that a person gets of their rows, each row as one JSON object."""
    columns = ", ".join(f"t.{quoted(column)}" for column in rule.exported)
    keys = ", ".join(f"t.{quoted(key.column)}" for key in rule.table.keys)
    order = f" order by {keys}" if keys else ""
    return _query("exported_rows", f"select {columns} from {rule.table.path} t where {_found(rule)}{order}")


@cache
def all_rows(rule: Rule) -> Query:
    """Every row of a restaurant, for the export before it leaves."""
    columns = ", ".join(f"t.{quoted(column)}" for column in rule.exported)
    return _query("all_rows", f"select {columns} from {rule.table.path} t where t.restaurant_id = any (:restaurants)")


@cache
def find_text(rule: Rule) -> Query:
    """The keys of the rows in whose texts `:pattern` is found, as text."""
    keys = ", ".join(f"t.{quoted(key.column)}::text" for key in rule.table.keys)
    hits = " or ".join(f"t.{quoted(row.column_name)}::text ~* :pattern" for row in rule.texts)
    return _query("find_text", f"select {keys} from {rule.table.path} t where {_scope(rule)} and ({hits})")


@cache
def count_text(rule: Rule) -> Query:
    """How many rows hold `:pattern` in a text, those aside that the ways lead to."""
    hits = " or ".join(f"t.{quoted(row.column_name)}::text ~* :pattern" for row in rule.texts)
    others = "".join(f" and ({_finds(rule.table, way)}) is not true" for way in rule.ways)
    return _query("count_text", f"select count(*) from {rule.table.path} t where {_scope(rule)} and ({hits}){others}")


@cache
def read_text(rule: Rule) -> Query:
    """The texts of one row, locked; `:key_0` and on are its key."""
    columns = ", ".join(f"t.{quoted(row.column_name)}" for row in rule.texts)
    return _query("read_text", f"select {columns} from {rule.table.path} t where {_one(rule.table)} for update")


@cache
def write_text(rule: Rule) -> Query:
    """Writes the texts of one row, or does to the row what the rule says where it says more."""
    if rule.deletes:
        return _query("write_text", f"delete from {rule.table.path} t where {_one(rule.table)}")
    sets = {each.column: each.expression for each in rule.sets}
    values = ", ".join(
        f"{quoted(row.column_name)} = "
        + sets.get(row.column_name, f":text_{number}::{'text[]' if row.type_name == '_text' else row.type_name}")
        for number, row in enumerate(rule.texts)
    )
    return _query("write_text", f"update {rule.table.path} t set {values} where {_one(rule.table)}")


@cache
def delete_all(table: Table) -> Query:
    """Deletes at most `:most` rows of a restaurant, whoever they are about."""
    keys = ", ".join(f"t.{quoted(key.column)}" for key in table.keys)
    return _query(
        "delete_all",
        f"with batch as (select {keys} from {table.path} t where t.restaurant_id = any (:restaurants) limit :most"
        f"), done as (delete from {table.path} t using batch b where {_same_key(table)} returning 1)"
        " select count(*) from done",
    )


@cache
def anonymise_all(rule: Rule) -> Query:
    """Changes at most `:most` rows of a restaurant that are not yet as they should be."""
    table = rule.table
    keys = ", ".join(f"t.{quoted(key.column)}" for key in table.keys)
    return _query(
        "anonymise_all",
        f"with batch as (select {keys} from {table.path} t where t.restaurant_id = any (:restaurants)"
        f" and ({_differs(rule.sets)}) limit :most), done as (update {table.path} t"
        f" set {_assignments(rule.sets)} from batch b where {_same_key(table)} returning 1) select count(*) from done",
    )


def _query(name: str, sql: str) -> Query:
    [query] = parse(f"-- name: {name}\n-- Built for one table of the walk.\n{sql}")
    return query


def _scope(rule: Rule) -> str:
    in_time = f"((:before)::timestamptz is null or {rule.since or 'now()'} < (:before)::timestamptz)"
    if rule.table.tenant == "never":
        return f"(:restaurants)::uuid[] is null and {in_time}"
    return f"((:restaurants)::uuid[] is null or t.restaurant_id = any (:restaurants)) and {in_time}"


def _found(rule: Rule) -> str:
    return f"{_scope(rule)} and ({' or '.join(_finds(rule.table, way) for way in rule.ways)})"


def _finds(table: Table, way: Way) -> str:
    column = f"t.{quoted(way.column)}"
    if table.name == "events" and way.kind == "session":
        # No index leads from a visit to its events but their time; a day either side forgives clocks.
        return (
            "exists (select from public.sessions s where s.restaurant_id = t.restaurant_id"
            f" and s.session_id = {column} and s.session_id = any ((:keys_session)::uuid[])"
            " and t.timestamp between s.started_at - interval '1 day' and s.ended_at + interval '1 day')"
        )
    kind = "uuid[]" if way.type == "uuid" else "text[]"
    return f"{column} = any ((:keys_{way.kind})::{kind})"


def _same_key(table: Table) -> str:
    return " and ".join(f"t.{quoted(key.column)} = b.{quoted(key.column)}" for key in table.keys)


def _one(table: Table) -> str:
    return " and ".join(
        f"t.{quoted(key.column)} = (:key_{number})::{key.type}" for number, key in enumerate(table.keys)
    )


def _assignments(sets: tuple[Set, ...]) -> str:
    return ", ".join(f"{quoted(each.column)} = {each.expression}" for each in sets)


def _differs(sets: tuple[Set, ...]) -> str:
    return " or ".join(f"t.{quoted(each.column)} is distinct from {each.expression}" for each in sets)
