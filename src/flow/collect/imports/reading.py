"""Reads the files into the scratch file, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flow.collect.imports.errors import InvalidMapping
from flow.collect.imports.fields import Record
from flow.collect.imports.files import GivenFile
from flow.collect.imports.mapping import Mapping
from flow.collect.imports.records import Reading
from flow.collect.imports.roles import Lines, List, Orders, OrdersOfLines, Role
from flow.collect.imports.scratch import Scratch, SeenBefore
from flow.collect.imports.tables import Row, Table, open_table
from flow.collect.imports.types import Place, Progress
from flow.collect.imports.values import BadValue, MomentReader, cell_text

__all__ = ["Reader"]

_REPORT_EVERY = 2_000
_LONGEST_RAW = 2_000


class Reader:
    """Reads all files of an import; `rows` counts what has been read."""

    def __init__(
        self, mapping: Mapping, scratch: Scratch, moments: MomentReader, *, report: Callable[[Progress], None]
    ) -> None:
        self._mapping = mapping
        self._scratch = scratch
        self._moments = moments
        self._report = report
        self._lists: dict[str, List] = {}
        self._list_columns: dict[str, dict[str, None]] = {}
        self.rows = 0

    def read(self, files: Iterable[GivenFile]) -> None:
        """Lists first, then orders, then lines: each needs what stands before it."""
        for file in sorted(files, key=lambda file: self._turn(file.kind)):
            with open_table(file.path, file.spec) as table:
                self._read_table(file, table)

    def _turn(self, kind: str) -> int:
        spec = self._mapping.files[kind]
        after = 1 + max((self._turn(target) for target in spec.join.values()), default=0)
        return after + {"list": 0, "orders": 1_000, "lines": 2_000}[spec.role]

    def _read_table(self, file: GivenFile, table: Table) -> None:
        role = self._role(file, self._columns(file, table))
        for row in table.rows():
            self._read_row(file, table, row, role)
            self.rows += 1
            if self.rows % _REPORT_EVERY == 0:
                # The file is read ahead of its rows: it is done when they are.
                self._report(Progress(file.label, min(table.fraction(row), 0.99), self.rows))
        self._report(Progress(file.label, 1.0, self.rows))

    def _read_row(self, file: GivenFile, table: Table, row: Row, role: Role) -> None:
        place = Place(file.label, row.line, _raw(row))
        record: Record = {}
        try:
            record = _record(table, row)
            role.take(self._joined(file, record), place)
        except SeenBefore as repeated:
            self._scratch.reject(place, str(repeated))
        except BadValue as bad:
            self._scratch.reject(place, str(bad), order=role.order_number(record))

    def _columns(self, file: GivenFile, table: Table) -> dict[str, None]:
        """The file's columns and those of what it joins, in order."""
        columns = dict.fromkeys(table.columns)
        needed = [*file.spec.join, *([file.spec.key] if file.spec.key else [])]
        for column in needed:
            if column not in columns:
                there = ", ".join(table.columns)
                raise InvalidMapping(f"[files.{file.kind}]: {file.label} has no column {column!r}; it has {there}")
        for target in file.spec.join.values():
            columns |= self._list_columns[target]
        return columns

    def _role(self, file: GivenFile, columns: dict[str, None]) -> Role:
        mapping, scratch = self._mapping, self._scratch
        if file.spec.role == "list":
            self._list_columns[file.kind] = columns
            return self._lists.setdefault(file.kind, List(file.kind, file.spec))
        reading = Reading(mapping.formats, self._moments, columns)
        if file.spec.role == "orders":
            return Orders(mapping.order, reading, scratch)
        assert mapping.line is not None, "the mapping has been checked"
        kind = OrdersOfLines if mapping.is_flat else Lines
        return kind(mapping.line, mapping.order, reading, scratch)

    def _joined(self, file: GivenFile, record: Record) -> Record:
        for column, target in file.spec.join.items():
            found = self._lists[target].find(cell_text(record[column]))
            record = {**found, **record}
        return record


def _record(table: Table, row: Row) -> Record:
    if row.fault is not None:
        raise BadValue(row.fault)
    cells, columns = row.cells, table.columns
    # A delimiter too many at the end of each row is common, and harmless.
    if len(cells) < len(columns) or any(cell not in (None, "") for cell in cells[len(columns) :]):
        raise BadValue(f"the row has {len(cells)} cells where the header has {len(columns)}")
    return dict(zip(columns, cells, strict=False))


def _raw(row: Row) -> str:
    return ";".join(cell_text(cell) for cell in row.cells)[:_LONGEST_RAW]
