"""The scratch file: a SQLite database in a temporary folder, in which the rows of all files become orders.

Whatever the order of the rows and however many there are, they are joined here on disk, and every fault is known before
the first order is written. Its statements are SQLite's, so they stand here and not in queries.sql.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from flow.collect.imports.types import BadRow, Place, ReadLine, ReadOrder, Variant, WholeOrder
from flow.collect.imports.values import BadValue

__all__ = ["Scratch", "SeenBefore", "scratch_file"]


class SeenBefore(BadValue):
    """The row repeats one that was there before, which stays."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Within one order, a till's rows are minutes apart; more means that it has used the number again.
_SAME_ORDER = timedelta(hours=12)

_SCHEMA = """
pragma journal_mode = off;
pragma synchronous = off;
pragma temp_store = file;
create table orders (
    number text primary key, file text, line integer, raw text, ordered_at integer, channel text, fulfillment_type text,
    payment_method text, status text, discount integer, delivery_fee integer, total integer
) without rowid;
create table lines (
    place integer primary key, number text, file text, line integer, raw text, id text, sku text, name text,
    category text, option text, quantity integer, unit_price integer, discount integer
);
create table line_ids (id text primary key, file text, line integer) without rowid;
create table bad_rows (file text, line integer, reason text, raw text, primary key (file, line)) without rowid;
create table refused (number text primary key, reason text) without rowid;
"""
_ADD_ORDER = "insert or ignore into orders values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FIND_ORDER = "select file, line, ordered_at from orders where number = ?"
_ADD_LINE = "insert into lines values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_LINE_ID = "insert or ignore into line_ids values (?, ?, ?)"
_FIND_LINE_ID = "select file, line from line_ids where id = ?"
_ADD_BAD_ROW = "insert or ignore into bad_rows values (?, ?, ?, ?)"
_REFUSE = "insert or ignore into refused values (?, ?)"

_INDEX_LINES = "create index lines_number on lines (number)"
_REFUSE_WITHOUT_LINES = """
insert or ignore into refused
select number, file || ' line ' || line || ': the order has no lines' from orders
where number not in (select number from lines)
"""
_REFUSE_WRONG_SUMS = """
insert or ignore into refused
select number, file || ' line ' || line || ': ' || case
    when discount > net then 'discount: it is more than the lines cost'
    else 'total: it should be ' || printf('%.2f', (net - discount + delivery_fee) / 100.0) || ' by the lines'
    end
from (
    select o.*, sum(l.unit_price * l.quantity - l.discount) as net
    from orders o join lines l on l.number = o.number group by o.number
)
where discount > net or total <> net - discount + delivery_fee
"""
_REJECT_ORPHANS = """
insert or ignore into bad_rows
select file, line, 'there is no order ' || number, raw from lines
where number not in (select number from orders) and number not in (select number from refused)
"""
_REJECT_REFUSED = """
insert or ignore into bad_rows
select r.file, r.line, 'order ' || r.number || ' was left out; ' || f.reason, r.raw
from (select number, file, line, raw from orders union all select number, file, line, raw from lines) r
join refused f on f.number = r.number
"""
_DROP_REFUSED_ORDERS = "delete from orders where number in (select number from refused)"
_DROP_REFUSED_LINES = "delete from lines where number not in (select number from orders)"
_BAD_ROWS = "select file, line, reason, raw from bad_rows order by file, line"
_VARIANTS = """
select sku, name, category, option, unit_price
from (
    -- SQLite takes the other columns from the row with the greatest ordered_at.
    select l.*, max(o.ordered_at) as sold_at
    from lines l join orders o on o.number = l.number group by sku, name, option
)
order by sold_at
"""
_WHOLE_ORDERS = """
select o.number, o.ordered_at, o.channel, o.fulfillment_type, o.payment_method, o.status, o.discount, o.delivery_fee,
    o.total, l.id, l.sku, l.name, l.category, l.option, l.quantity, l.unit_price, l.discount
from orders o left join lines l on l.number = o.number
order by o.ordered_at, o.number, l.place
"""
_ORDER_COLUMNS = 9


@contextmanager
def scratch_file() -> Iterator[Scratch]:
    """An empty scratch file, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="flow-import-") as folder:
        connection = sqlite3.connect(Path(folder) / "scratch.sqlite", isolation_level=None)
        try:
            connection.executescript(_SCHEMA)
            connection.execute("begin")  # one for all: faster, and there is nothing to save from a crash
            yield Scratch(connection)
        finally:
            connection.close()


class Scratch:
    """Takes orders, lines and bad rows in any order; after `settle` it gives whole orders."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_order(self, order: ReadOrder, at: Place) -> None:
        """An order's own row; SeenBefore when its number has been there."""
        if not self._insert_order(order, at):
            file, line, _ = self._one(_FIND_ORDER, order.number)
            raise SeenBefore(f"order {order.number} was there already, in {file} line {line}")

    def add_order_of_line(self, order: ReadOrder, at: Place) -> None:
        """An order as one of its lines tells it; SeenBefore when another line tells of another day."""
        if not self._insert_order(order, at):
            file, line, first = self._one(_FIND_ORDER, order.number)
            if abs(_moment(first) - order.ordered_at) > _SAME_ORDER:
                raise SeenBefore(
                    f"order {order.number} was at another time in {file} line {line}; if the till uses numbers again, "
                    "make number out of date and number in the mapping"
                )

    def add_line(self, line: ReadLine, at: Place) -> None:
        """A line; SeenBefore when its own number has been there."""
        if line.id is not None and not self._changed(_ADD_LINE_ID, line.id, at.file, at.line):
            file, number = self._one(_FIND_LINE_ID, line.id)
            raise SeenBefore(f"line {line.id} was there already, in {file} line {number}")
        fields = (line.sku, line.name, line.category, line.option, line.quantity, line.unit_price, line.discount)
        self._connection.execute(_ADD_LINE, (line.number, at.file, at.line, at.raw, line.id, *fields))

    def reject(self, at: Place, reason: str, *, order: str | None = None) -> None:
        """A row that is not taken, and with it the whole `order`: half of it would be a wrong order."""
        self._connection.execute(_ADD_BAD_ROW, (at.file, at.line, reason, at.raw))
        if order is not None:
            self._connection.execute(_REFUSE, (order, f"{at.file} line {at.line}: {reason}"))

    def settle(self, *, has_lines: bool) -> None:
        """Finds what can only be seen in all rows together, and drops what cannot be taken."""
        of_lines = (_INDEX_LINES, _REJECT_ORPHANS, _REFUSE_WITHOUT_LINES, _REFUSE_WRONG_SUMS) if has_lines else ()
        for statement in (*of_lines, _REJECT_REFUSED, _DROP_REFUSED_ORDERS, _DROP_REFUSED_LINES):
            self._connection.execute(statement)

    @property
    def order_count(self) -> int:
        return int(self._one("select count(*) from orders")[0])

    @property
    def bad_row_count(self) -> int:
        return int(self._one("select count(*) from bad_rows")[0])

    def bad_rows(self) -> Iterator[BadRow]:
        """Every row that is not taken, by file and line."""
        return (BadRow(*row) for row in self._connection.execute(_BAD_ROWS))

    def variants(self) -> Iterator[Variant]:
        """Every product in each of its variants with its last price, the last sold at the end."""
        return (Variant(*row) for row in self._connection.execute(_VARIANTS))

    def whole_orders(self) -> Iterator[WholeOrder]:
        """The orders with their lines, oldest first."""
        rows = self._connection.execute(_WHOLE_ORDERS)
        for number, group in groupby(rows, key=lambda row: row[0]):
            found = list(group)
            _, at, *rest = found[0][:_ORDER_COLUMNS]
            lines = tuple(ReadLine(number, *row[_ORDER_COLUMNS:]) for row in found if row[-1] is not None)
            yield WholeOrder(ReadOrder(number, _moment(at), *rest), lines)

    def _insert_order(self, order: ReadOrder, at: Place) -> bool:
        how = (order.channel, order.fulfillment_type, order.payment_method, order.status)
        sums = (order.discount, order.delivery_fee, order.total)
        place = (order.number, at.file, at.line, at.raw, _microseconds(order.ordered_at))
        return self._changed(_ADD_ORDER, *place, *how, *sums)

    def _changed(self, statement: str, *values: object) -> bool:
        return self._connection.execute(statement, values).rowcount > 0

    def _one(self, statement: str, *values: object) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._connection.execute(statement, values).fetchone()
        return row


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _moment(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND
