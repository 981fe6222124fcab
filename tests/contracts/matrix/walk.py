"""The walk by SQL: as each actor, begun as the API begins a request, against every table with every operation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import psycopg
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Jsonb

from flow.access.roles.matrix import Command, Matrix
from tests.contracts.matrix.actors import Actor, Side
from tests.contracts.matrix.examples import FORGED_INSERTS, FORGED_UPDATES, INSERTS, UPDATES
from tests.contracts.matrix.rules import OF_NO_RESTAURANT, condition
from tests.contracts.matrix.world import World

SIDES: tuple[Side, Side] = ("own", "foreign")
_TABLES = """
select c.relname, format('%I.%I', n.nspname, c.relname),
    (select string_agg(format('t.%I::text', a.attname), ' || ''|'' || ' order by a.attnum)
     from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
     where i.indrelid = c.oid and i.indisprimary),
    case when c.relname = 'restaurants' then 'id'
        else (select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attname = 'restaurant_id') end
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'app')
order by 1
"""
Rows = frozenset[tuple[str, str | None]]
"""(key, restaurant) of rows."""


@dataclass(frozen=True)
class Table:
    """A table: its full name, its key as an expression over `t`, and its column with the restaurant, if any."""

    name: str
    place: str
    key: str
    restaurant: str | None

    @property
    def row(self) -> str:
        """The key and the restaurant of a row."""
        return f"{self.key}, {f't.{self.restaurant}::text' if self.restaurant else 'null'}"


@dataclass
class Findings:
    """How many cells were walked, and what was wrong in which."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, cell: str, expected: object, actual: object) -> None:
        """One more cell."""
        self.cells += 1
        if expected != actual:
            self.wrong.append(f"{cell}: expected {expected}, was {actual}")


class Expectation:
    """What the matrix says of this world's rows, read as the owner, whom no policy binds."""

    def __init__(self, world: World, matrix: Matrix) -> None:
        self.world, self.matrix = world, matrix
        self._rows: dict[tuple[str, str, UUID | None], Rows] = {}
        with psycopg.connect(world.installation.owner_url) as connection:
            self.tables = {row[0]: Table(*row) for row in connection.execute(_TABLES).fetchall()}
            products = connection.execute("select restaurant_id, id from public.products").fetchall()
        self.products: dict[UUID, UUID] = dict(products)

    def rows(self, actor: Actor, table: Table, command: Command) -> Rows:
        """The rows to which the matrix lets the actor do that."""
        found: set[tuple[str, str | None]] = set()
        for access in self.matrix.operation(table.name, command).accesses:
            rows = self._of_rule(access.rule, table, actor.user)
            if access.rule == "platform":
                found |= rows if actor.kind.on_platform and self._holds(actor, access.permission, "foreign") else set()
            elif access.rule in OF_NO_RESTAURANT:
                found |= rows
            else:
                places = {str(self.world.restaurant(s)) for s in SIDES if self._holds(actor, access.permission, s)}
                found |= {row for row in rows if row[1] in places}
        return frozenset(found)

    def may_add(self, actor: Actor, table: Table, side: Side) -> bool:
        """Whether the matrix lets the actor add a row to that restaurant."""
        accesses = self.matrix.operation(table.name, "insert").accesses
        return any(self._holds(actor, access.permission, side) for access in accesses)

    def _holds(self, actor: Actor, permission: str, side: Side) -> bool:
        return actor.holds(self.matrix, permission, side)

    def _of_rule(self, rule: str, table: Table, user: UUID) -> Rows:
        where = condition(rule, table.name)
        whose = user if "%(user)s" in where else None
        key = (table.name, rule, whose)
        if key not in self._rows:
            self._rows[key] = frozenset(self._owner.execute(self._select(table, where), {"user": whose}).fetchall())
        return self._rows[key]

    @staticmethod
    def _select(table: Table, where: str) -> bytes:
        return f"select {table.row} from {table.place} t where {where}".encode()

    @cached_property
    def _owner(self) -> psycopg.Connection:
        return psycopg.connect(self.world.installation.owner_url, autocommit=True)

    def close(self) -> None:
        self._owner.close()


def walk(connection: psycopg.Connection, expected: Expectation, tables: Collection[str] | None = None) -> Findings:
    """Every cell, or those of some tables, within the connection's transaction, which is left as it was."""
    findings = Findings()
    for actor in expected.world.actors:
        with acting(connection, actor):
            for table in expected.tables.values():
                if tables is None or table.name in tables:
                    _Cells(connection, expected, actor, table, findings).walk()
    return findings


@contextmanager
def acting(connection: psycopg.Connection, actor: Actor) -> Iterator[None]:
    """The connection as this actor's request."""
    with _undone(connection, "actor"):
        [permissions] = connection.execute("select app.begin_request(%s, 60000)", [Jsonb(actor.claims)]).fetchone() or [
            None
        ]
        assert permissions is not None, f"{actor.kind.name} is not logged in"
        yield


@contextmanager
def _undone(connection: psycopg.Connection, name: str) -> Iterator[None]:
    connection.execute(f"savepoint {name}".encode())
    try:
        yield
    finally:
        connection.execute(f"rollback to savepoint {name}; release savepoint {name}".encode())


@dataclass(frozen=True)
class _Cells:
    connection: psycopg.Connection
    expected: Expectation
    actor: Actor
    table: Table
    findings: Findings

    def walk(self) -> None:
        self._read()
        for side in SIDES if self.table.restaurant else SIDES[:1]:
            self._add(side)
        self._change()
        self._note("delete", "refused", self._run(f"delete from {self.table.place}"))

    def _read(self) -> None:
        outcome = self._run(f"select {self.table.row} from {self.table.place} t")
        if not self.expected.matrix.operation(self.table.name, "select").accesses:
            self._note("select", "refused", outcome)
            return
        rows = self.expected.rows(self.actor, self.table, "select")
        seen = frozenset(outcome) if isinstance(outcome, list) else outcome
        for side, place in self._places():
            self._note(f"select {side}", _within(rows, place), _within(seen, place))

    def _places(self) -> Iterator[tuple[str, str | None]]:
        if self.table.restaurant:
            for side in SIDES:
                yield side, str(self.expected.world.restaurant(side))
        yield "of no restaurant", None

    def _add(self, side: Side) -> None:
        examples = INSERTS.get(self.table.name)
        if examples is None:
            self._note(f"insert {side}", "refused", self._run(f"insert into {self.table.place} default values"))
            return
        allowed = self.expected.may_add(self.actor, self.table, side)
        self._note(f"insert {side}", 1 if allowed else "refused", self._run(self._insert(side, examples)))
        if forged := FORGED_INSERTS.get(self.table.name):
            self._note(f"forged insert {side}", "refused", self._run(self._insert(side, {**examples, **forged})))

    def _change(self) -> None:
        change = UPDATES.get(self.table.name)
        if change is None:
            self._note("update", "refused", self._run(self._update(f"{self._any_column} = null")))
            return
        rows = self.expected.rows(self.actor, self.table, "update")
        self._note("update everywhere", len(rows), self._run(self._update(self._filled(change))))
        if forged := FORGED_UPDATES.get(self.table.name):
            self._note("forged update", "refused" if rows else 0, self._run(self._update(self._filled(forged))))
        for side in SIDES if self.table.restaurant else ():
            place = self.expected.world.restaurant(side)
            where = f"where {self.table.restaurant} = '{place}'"
            changed = self._run(f"{self._update(self._filled(change))} {where}")
            self._note(f"update {side}", len(_within(rows, str(place))), changed)

    @property
    def _any_column(self) -> str:
        return self.table.key.split("::")[0].removeprefix("t.")

    def _insert(self, side: Side, values: dict[str, str]) -> str:
        columns = {"restaurant_id": "{restaurant}", **values}
        filled = self._filled(", ".join(columns.values()), self.expected.world.restaurant(side))
        return f"insert into {self.table.place} ({', '.join(columns)}) values ({filled})"

    def _update(self, change: str) -> str:
        return f"update {self.table.place} set {change}"

    def _filled(self, sql: str, restaurant: UUID | None = None) -> str:
        place = restaurant or self.expected.world.own
        other = next(each.user for each in self.expected.world.actors if each.user != self.actor.user)
        return sql.format(
            restaurant=f"'{place}'",
            user=f"'{self.actor.user}'",
            other=f"'{other}'",
            product=f"'{self.expected.products[place]}'",
        )

    def _run(self, sql: str) -> object:
        """The rows of a SELECT, the number of rows of another statement, or `refused`; nothing stays done."""
        with _undone(self.connection, "cell"):
            try:
                done = self.connection.execute(sql.encode())
                return done.fetchall() if done.description else done.rowcount
            except InsufficientPrivilege:
                return "refused"
            except psycopg.Error as error:
                return f"{type(error).__name__}: {error}"

    def _note(self, what: str, expected: object, actual: object) -> None:
        self.findings.note(f"{self.actor.kind.name} × {self.table.name} × {what}", expected, actual)


def _within(rows: object, place: str | None) -> object:
    return frozenset(row for row in rows if row[1] == place) if isinstance(rows, frozenset) else rows
