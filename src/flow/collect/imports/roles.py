"""What becomes of a row, by the role of its file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from flow.collect.imports.errors import UnreadableFile
from flow.collect.imports.fields import Record
from flow.collect.imports.mapping import FileSpec, LineFields, OrderFields
from flow.collect.imports.records import LineReader, OrderReader, Reading
from flow.collect.imports.scratch import Scratch
from flow.collect.imports.types import Place
from flow.collect.imports.values import BadValue, cell_text

__all__ = ["Lines", "List", "Orders", "OrdersOfLines", "Role"]

_LONGEST_LIST = 200_000


class Role(Protocol):
    """Takes the rows of one file."""

    def take(self, record: Record, at: Place) -> None:
        """Stores the row; BadValue when it cannot be taken."""
        ...

    def order_number(self, record: Record, /) -> str | None:
        """The order that a bad row takes down with it, if that much of it can be read."""
        ...


class List:
    """A list that others look things up in; it is held in memory."""

    def __init__(self, name: str, spec: FileSpec) -> None:
        self._name, self._key = name, spec.key or ""
        self.rows: dict[str, Record] = {}

    def take(self, record: Record, at: Place) -> None:
        key = cell_text(record.get(self._key))
        if not key:
            raise BadValue(f"{self._key}: the cell is empty")
        if key in self.rows:
            raise BadValue(f"{self._key}: “{key}” was there already")
        if len(self.rows) == _LONGEST_LIST:
            raise UnreadableFile(f"{at.file} is too long for a list: {_LONGEST_LIST:,} rows at most")
        self.rows[key] = record

    def find(self, key: str) -> Record:
        """The row with this key; BadValue when there is none."""
        try:
            return self.rows[key]
        except KeyError:
            raise BadValue(f"“{key}” is not among the {self._name}") from None

    def order_number(self, _: Record) -> None:
        return None


class Orders:
    """A row is an order."""

    def __init__(self, fields: OrderFields, reading: Reading, scratch: Scratch) -> None:
        self._order = OrderReader(fields, reading)
        self._scratch = scratch

    def take(self, record: Record, at: Place) -> None:
        self._scratch.add_order(self._order(record), at)

    def order_number(self, record: Record) -> str | None:
        return _readable(self._order.number, record)


class Lines:
    """A row is a line of an order."""

    def __init__(self, line: LineFields, order: OrderFields, reading: Reading, scratch: Scratch) -> None:
        self._line = LineReader(line, order, reading)
        self._scratch = scratch

    def take(self, record: Record, at: Place) -> None:
        self._scratch.add_line(self._line(record), at)

    def order_number(self, record: Record) -> str | None:
        return _readable(self._line.number, record)


class OrdersOfLines(Lines):
    """A row is a line, and tells of its order as well."""

    def __init__(self, line: LineFields, order: OrderFields, reading: Reading, scratch: Scratch) -> None:
        super().__init__(line, order, reading, scratch)
        self._order = OrderReader(order, reading)

    def take(self, record: Record, at: Place) -> None:
        line = self._line(record)
        self._scratch.add_order_of_line(self._order(record), at)
        self._scratch.add_line(line, at)


def _readable(number: Callable[[Record], str], record: Record) -> str | None:
    try:
        return number(record)
    except (BadValue, KeyError):  # KeyError: a row with too few cells has no columns at all
        return None
