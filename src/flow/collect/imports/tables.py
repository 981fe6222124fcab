"""Files as tables: a header and rows with their line numbers, one row at a time, whatever the format."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flow.collect.imports.errors import UnreadableFile
from flow.collect.imports.formats import Contents, Row, csv_contents, parquet_contents, xlsx_contents
from flow.collect.imports.mapping import FileSpec
from flow.collect.imports.values import cell_text

__all__ = ["Row", "Table", "open_table"]

_UNREADABLE = (UnicodeError, LookupError, ValueError, EOFError, csv.Error, zipfile.BadZipFile, SyntaxError)
"""What the readers of the three formats raise for contents that are not as they should be."""


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its column names, and its rows to be read on."""

    name: str
    columns: tuple[str, ...]
    contents: Contents

    def rows(self) -> Iterator[Row]:
        """The rows under the header."""
        with _telling(self.name):
            yield from self.contents.rows

    def fraction(self, row: Row) -> float:
        """How much of the file has been read with `row`: 0 to 1."""
        return min(self.contents.position(row) / max(self.contents.end, 1), 1.0)


@contextmanager
def open_table(path: Path, spec: FileSpec) -> Iterator[Table]:
    """The file as a table: Parquet or XLSX by its first bytes, else CSV. UnreadableFile says what is wrong."""
    with _telling(path.name):
        file = path.open("rb")
    with file:
        with _telling(path.name):
            table = _table(path.name, _contents(file, spec))
        yield table


def _table(name: str, contents: Contents) -> Table:
    header = next(contents.rows, None)
    if header is None:
        raise UnreadableFile(f"{name} is empty")
    columns = tuple(cell_text(cell) for cell in header.cells)
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise UnreadableFile(f"{name} has columns of the same name: {', '.join(twice)}")
    return Table(name, columns, contents)


def _contents(file: BinaryIO, spec: FileSpec) -> Contents:
    magic = file.read(4)
    file.seek(0)
    if magic == b"PAR1":
        return parquet_contents(file)
    return xlsx_contents(file, spec) if magic == b"PK\x03\x04" else csv_contents(file, spec)


@contextmanager
def _telling(name: str) -> Iterator[None]:
    """Says which file it was, and what to do."""
    try:
        yield
    except OSError as error:
        raise UnreadableFile(f"{name} cannot be read: {error.strerror or error}") from None
    except UnicodeError as error:
        raise UnreadableFile(
            f"{name} is not in the expected encoding ({error}); name its encoding in the mapping"
        ) from None
    except _UNREADABLE as error:
        raise UnreadableFile(f"{name} cannot be read: {error}") from None
