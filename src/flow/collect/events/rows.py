"""PostgreSQL's binary formats: a field is its length and its bytes, integers in network order.

A row of COPY is its fields one after another, an array parameter is a header and its elements, and both write a field
in the same way. The driver's own encoder looks the type of each value up; these functions know it.
Formats: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS, array_send() in arrayfuncs.c.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from enum import IntEnum
from struct import Struct
from typing import Final

__all__ = [
    "NULL",
    "Field",
    "Oid",
    "Row",
    "array",
    "arrays",
    "bigint",
    "boolean",
    "copy_stream",
    "date",
    "fields_of",
    "integer",
    "json_object",
    "parameter",
    "real",
    "smallint",
    "text",
    "timestamp",
    "uuid",
]

NULL: Final = b"\xff\xff\xff\xff"
_TRUE: Final = b"\0\0\0\x01\x01"
_FALSE: Final = b"\0\0\0\x01\0"
_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_FIRST_DAY: Final = datetime.date(2000, 1, 1).toordinal()

_length = Struct("!i").pack
_length_at = Struct("!i").unpack_from
_int16 = Struct("!ih").pack
_int32 = Struct("!ii").pack
_int64 = Struct("!iq").pack
_float32 = Struct("!if").pack
_array_header = Struct("!iiiii").pack

Field = bytes
Row = Sequence[Field]


class Oid(IntEnum):
    """The types that are used here, under the numbers that every PostgreSQL has for them."""

    BOOLEAN = 16
    BYTEA = 17
    BIGINT = 20
    SMALLINT = 21
    INTEGER = 23
    TEXT = 25
    REAL = 700
    DATE = 1082
    TIMESTAMPTZ = 1184
    UUID = 2950
    JSONB = 3802


def copy_stream(rows: Iterable[bytes]) -> bytes:
    """Rows, each behind its number of fields, as the one message that COPY … FROM STDIN (FORMAT binary) takes."""
    return b"".join((_SIGNATURE, *rows, _END))


def arrays(columns: Sequence[Oid], rows: Iterable[Row]) -> list[bytes]:
    """Rows as one array parameter per column."""
    return [array(oid, fields) for oid, fields in zip(columns, zip(*rows, strict=True), strict=True)]


def array(oid: Oid, fields: Sequence[Field]) -> bytes:
    """Fields as an array parameter of one dimension, which may hold nulls."""
    return _array_header(1, 1, oid, len(fields), 1) + b"".join(fields)


def fields_of(row: bytes) -> Row:
    """The fields of a row, or of a part of one, without their number."""
    fields = []
    start, size = 0, len(row)
    while start < size:
        (length,) = _length_at(row, start)
        end = start + 4 + (length if length > 0 else 0)  # max() would take as long as the rest
        fields.append(row[start:end])
        start = end
    return fields


def parameter(field: Field) -> bytes:
    """A field as a parameter of its own, whose length is told apart."""
    return field[4:]


def text(value: str | None) -> Field:
    if value is None:
        return NULL
    encoded = value.encode()
    return _length(len(encoded)) + encoded


def json_object(raw: bytes) -> Field:
    """jsonb out of JSON text."""
    return _length(len(raw) + 1) + b"\x01" + raw


def integer(value: int | None) -> Field:
    return NULL if value is None else _int32(4, value)


def smallint(value: int | None) -> Field:
    return NULL if value is None else _int16(2, value)


def bigint(value: int) -> Field:
    return _int64(8, value)


def real(value: float | None) -> Field:
    return NULL if value is None else _float32(4, value)


def boolean(value: bool) -> Field:
    return _TRUE if value else _FALSE


def uuid(value: bytes) -> Field:
    return b"\0\0\0\x10" + value


def timestamp(at: int | None) -> Field:
    """timestamptz out of microseconds since 2000."""
    return NULL if at is None else _int64(8, at)


def date(day: datetime.date) -> Field:
    return _int32(4, day.toordinal() - _FIRST_DAY)
