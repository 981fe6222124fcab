"""What is to be done with a person's rows, table by table: the data catalogue, read together with the schema of the
database it is to be done in.

A row is found by its ways: columns that hold the person's contact, or an id that leads to them. A column that says who
wrote or changed a row (`created_by`, `changed_by`) finds it too, but then nothing goes except that column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Literal

from flow.kit.personal import Erasure, PersonalColumn
from flow.privacy.catalogue import Key, TableEntry
from flow.privacy.rights.types import ColumnRow, ReferenceRow

__all__ = [
    "KeyKind",
    "Reference",
    "Rule",
    "RuleKind",
    "Set",
    "Table",
    "Way",
    "quoted",
    "rules_of",
    "sets_of",
    "tables_of",
]

KeyKind = Literal[
    "contact", "customer", "order", "visitor", "session", "conversation", "message", "user", "account", "subject"
]
RuleKind = Literal["rows", "author", "text"]

ERASED = "[erased]"
_KINDS: Mapping[Key, KeyKind] = {
    Key.USER: "user",
    Key.PHONE: "contact",
    Key.EMAIL: "contact",
    Key.CONTACT: "contact",
    Key.SUBJECT: "subject",
    Key.CUSTOMER: "customer",
    Key.ORDER: "order",
    Key.VISITOR: "visitor",
    Key.SESSION: "session",
    Key.CONVERSATION: "conversation",
    Key.MESSAGE: "message",
}
# Beyond the catalogue, or against it, where erasing differs from looking up. None: it does not say whose the row is.
_HERE: Mapping[tuple[str, str], KeyKind | None] = {
    ("customers", "user_id"): "account",  # a guest who asks one restaurant keeps the account and its other rows
    ("orders", "user_id"): "account",
    ("orders", "id"): "order",
    ("orders", "visitor_id"): None,  # two persons may order from one browser
    ("ai_conversations", "channel_user_id"): "contact",
}
# Tables of the house itself: restaurants, menus, figures, and the proof of what was done.
_NOBODYS = frozenset(
    {"restaurants", "role_permissions", "gdpr_audit_log", "privacy_request_steps", "privacy_request_keys"}
)
_SEALED_TYPES = frozenset({"bytea"})
_TEXT_TYPES = frozenset({"text", "varchar", "jsonb", "_text"})
# Found through the visits, so they go before them.
_BEFORE = {"sessions": ("events", "page_views")}


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of a primary key."""

    column: str
    type: str


@dataclass(frozen=True, slots=True)
class Way:
    """A column that finds a person's rows, by what kind of key."""

    column: str
    kind: KeyKind
    type: str


@dataclass(frozen=True, slots=True)
class Set:
    """A column and the SQL expression that takes its place."""

    column: str
    expression: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A column elsewhere that points at this table's `target` column and is let go before a row is deleted."""

    table: str
    column: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the database has it; `tenant`: whether its rows are a restaurant's."""

    schema: str
    name: str
    keys: tuple[KeyColumn, ...]
    columns: tuple[ColumnRow, ...]
    tenant: Literal["always", "sometimes", "never"]

    @property
    def may_be_emptied(self) -> bool:
        """Whether the service may delete its rows."""
        return any(row.may_delete for row in self.columns)

    @property
    def path(self) -> str:
        """Its quoted name with the schema."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on one table: which rows (`ways`, or a search of `texts`), and what becomes of them.

    `since` is the expression that tells how old a row is, where the catalogue knows one. The ways of a search are those
    of the rows that another rule finds anyway.
    """

    kind: RuleKind
    table: Table
    ways: tuple[Way, ...] = ()
    deletes: bool = False
    sets: tuple[Set, ...] = ()
    texts: tuple[ColumnRow, ...] = ()
    exported: tuple[str, ...] = ()
    kept: tuple[PersonalColumn, ...] = ()
    since: str | None = None
    lets_go: tuple[Reference, ...] = ()

    @property
    def step(self) -> tuple[str, str]:
        """Its name among the steps of a request."""
        return self.table.name, self.kind

    @property
    def erases(self) -> bool:
        """Whether erasure changes anything here; else the rows are only exported."""
        return self.deletes or bool(self.sets) or self.kind == "text"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def tables_of(rows: Iterable[ColumnRow]) -> dict[str, Table]:
    """The tables by name; a name stands in one schema only."""
    columns: dict[tuple[str, str], list[ColumnRow]] = defaultdict(list)
    for row in rows:
        columns[row.schema_name, row.table_name].append(row)
    return {name: _table(schema, name, found) for (schema, name), found in columns.items()}


def rules_of(
    tables: Mapping[str, Table], references: Iterable[ReferenceRow], catalogue: Mapping[str, TableEntry]
) -> list[Rule]:
    """Every rule, in the order in which an erasure goes through them: rows first, children before their parents."""
    walked = [table for table in tables.values() if table.name not in _NOBODYS]
    entries = [(table, catalogue[table.name]) for table in walked if table.name in catalogue]
    rows = [rule for table, entry in entries for rule in _row_rules(table, entry)]
    found = {rule.table.name: rule.ways for rule in rows if rule.kind == "rows"}
    texts = [rule for table in walked if (rule := _text_rule(table, catalogue.get(table.name), found))]
    references = list(references)
    return [*_ordered([_letting_go(rule, references, rows) for rule in rows], references), *texts]


def _table(schema: str, name: str, columns: Sequence[ColumnRow]) -> Table:
    keys = sorted((row for row in columns if row.key_position is not None), key=lambda row: row.key_position or 0)
    owner = next((row for row in columns if row.column_name == "restaurant_id"), None)
    return Table(
        schema=schema,
        name=name,
        keys=tuple(KeyColumn(row.column_name, row.type_name) for row in keys),
        columns=tuple(columns),
        tenant="never" if owner is None else "always" if owner.is_required else "sometimes",
    )


def _row_rules(table: Table, entry: TableEntry) -> Iterable[Rule]:
    ways = _ways(table, entry)
    about_person = [column for column in entry.personal if not _is_author(column.column)]
    own_ways = tuple(way for way in ways if not _is_author(way.column))
    if own_ways:
        yield Rule(
            "rows",
            table,
            ways=own_ways,
            deletes=any(column.erasure is Erasure.DELETE_ROW for column in about_person),
            sets=sets_of(about_person),
            exported=_exported(table, entry.personal),
            kept=tuple(column for column in about_person if column.erasure is Erasure.KEEP),
            since=_since(table, entry),
        )
    declared = {column.column: column for column in entry.personal}
    for way in ways:
        if _is_author(way.column) and way.column in declared:
            yield replace(_author_rule(table, way, declared[way.column]), since=_since(table, entry))


def _author_rule(table: Table, way: Way, column: PersonalColumn) -> Rule:
    return Rule(
        "author",
        table,
        ways=(way,),
        sets=sets_of([column]),
        deletes=column.erasure is Erasure.DELETE_ROW,
        exported=(*(key.column for key in table.keys), column.column),
        kept=(column,) if column.erasure is Erasure.KEEP else (),
    )


def _text_rule(table: Table, entry: TableEntry | None, found: Mapping[str, tuple[Way, ...]]) -> Rule | None:
    """A search of what people and programs wrote; without ways, the catalogue's rule is for the row that matches."""
    texts = tuple(row for row in table.columns if _may_hold_text(row))
    if not texts or not table.keys:
        return None
    if entry is None or table.name in found:
        return Rule("text", table, texts=texts, ways=found.get(table.name, ()), since=_since(table, entry))
    declared = [column for column in entry.personal if not _is_author(column.column)]
    deletes = any(column.erasure is Erasure.DELETE_ROW for column in declared)
    sets = () if deletes else sets_of(declared)
    return Rule("text", table, texts=texts, deletes=deletes, sets=sets, since=_since(table, entry))


def _ways(table: Table, entry: TableEntry) -> tuple[Way, ...]:
    kinds = {each.column: _KINDS.get(each.key) for each in entry.subject_columns}
    kinds |= {column: kind for (name, column), kind in _HERE.items() if name == table.name}
    types = {row.column_name: row.type_name for row in table.columns}
    return tuple(Way(column, kind, types[column]) for column, kind in kinds.items() if kind and column in types)


def _since(table: Table, entry: TableEntry | None) -> str | None:
    """How old a row is: what retention counts from, else when it was written."""
    if entry is not None and entry.retention.since:
        return entry.retention.since
    has_time = any(row.column_name == "created_at" for row in table.columns)
    return "t.created_at" if has_time else None


def _is_author(column: str) -> bool:
    return column.endswith("_by")


def _may_hold_text(row: ColumnRow) -> bool:
    named = row.column_name.endswith(("name", "_hash", "hash"))
    key_like = row.key_position is not None or row.is_generated
    return row.type_name in _TEXT_TYPES and row.may_update and not named and not key_like


def sets_of(personal: Iterable[PersonalColumn]) -> tuple[Set, ...]:
    """What takes the place of personal columns whose rows stay."""
    return tuple(
        Set(
            column.column,
            "null" if column.replacement is None else f"'{column.replacement.replace(chr(39), chr(39) * 2)}'",
        )
        for column in personal
        if column.erasure in (Erasure.SET_NULL, Erasure.REPLACE)
    )


def _exported(table: Table, personal: Iterable[PersonalColumn]) -> tuple[str, ...]:
    withheld = {column.column for column in personal if not column.exported}
    return tuple(
        row.column_name
        for row in table.columns
        if row.column_name not in withheld
        and row.type_name not in _SEALED_TYPES
        and not row.column_name.endswith(("_hash", "_by"))
    )


def _letting_go(rule: Rule, references: Iterable[ReferenceRow], rules: Iterable[Rule]) -> Rule:
    """The rule with the columns that point at what it deletes, from tables whose own rows stay."""
    if not rule.deletes:
        return rule
    deleting = {other.table.name for other in rules if other.deletes}
    pointing = tuple(
        Reference(f"{quoted(each.schema_name)}.{quoted(each.table_name)}", each.column_name, each.target_column)
        for each in references
        if each.target_name == rule.table.name and each.table_name not in deleting
        if each.column_name is not None and each.target_column is not None
    )
    return replace(rule, lets_go=pointing)


def _ordered(rules: Sequence[Rule], references: Iterable[ReferenceRow]) -> list[Rule]:
    sorter: TopologicalSorter[str] = TopologicalSorter({rule.table.name: set() for rule in rules})
    for each in references:
        if each.table_name != each.target_name:
            sorter.add(each.target_name, each.table_name)
    for parent, children in _BEFORE.items():
        sorter.add(parent, *children)
    place = {name: index for index, name in enumerate(sorter.static_order())}
    return sorted(rules, key=lambda rule: (rule.kind != "author", place[rule.table.name]))
