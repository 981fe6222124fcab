"""The three formats. Each gives its rows, the header first; empty rows are left out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from os import fstat
from typing import BinaryIO

from flow.collect.imports.mapping import FileSpec
from flow.collect.imports.text import dialect_of, encoding_of
from flow.collect.imports.values import Cell

__all__ = ["Contents", "Row", "csv_contents", "parquet_contents", "xlsx_contents"]

_PARQUET_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with too few or too many cells perhaps; `line` counts as an editor or a spreadsheet does.

    `fault` says why the row itself could not be read.
    """

    line: int
    cells: Sequence[Cell]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows, and how far one of them is on the way to `end`."""

    rows: Iterator[Row]
    position: Callable[[Row], int]
    end: int


def csv_contents(file: BinaryIO, spec: FileSpec) -> Contents:
    """CSV; a row that breaks the rules of quoting is a faulty row, and reading goes on after it."""
    text = TextIOWrapper(file, encoding=spec.encoding or encoding_of(file), newline="")
    reader = csv.reader(text, dialect_of(text, spec.delimiter))

    def rows() -> Iterator[Row]:
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield Row(reader.line_num, (), fault=f"the row is not CSV: {error}")
                continue
            if cells is None:
                return
            if any(cells):
                yield Row(reader.line_num, cells)

    return Contents(rows(), lambda _: file.tell(), fstat(file.fileno()).st_size)


def xlsx_contents(file: BinaryIO, spec: FileSpec) -> Contents:
    """A sheet of a workbook, the first one unless the mapping names another; formulas by the values last shown."""
    from openpyxl import load_workbook  # takes a tenth of a second

    book = load_workbook(file, read_only=True, data_only=True)
    sheet = book[spec.sheet] if spec.sheet else book.worksheets[0]

    def rows() -> Iterator[Row]:
        width = 0
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                width = width or len(cells)
                # A row may be stored without the empty cells at its end.
                yield Row(line, (*cells, *(None,) * (width - len(cells))))

    return Contents(rows(), lambda row: row.line, sheet.max_row or 1)


def parquet_contents(file: BinaryIO) -> Contents:
    """Parquet; its column names count as line 1, as if it were a CSV file."""
    from pyarrow import parquet  # takes a quarter of a second

    source = parquet.ParquetFile(file)

    def rows() -> Iterator[Row]:
        yield Row(1, source.schema_arrow.names)
        line = 1
        for batch in source.iter_batches(_PARQUET_BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                line += 1
                yield Row(line, cells)

    return Contents(rows(), lambda row: row.line, source.metadata.num_rows)
