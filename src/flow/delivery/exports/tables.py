"""A table as CSV or XLSX. Text that a spreadsheet would run as a formula stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

Cell = str | int | float | Decimal | date | datetime | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Column headings and rows; `title` names the sheet, `notes` say what the figures are."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[str] = ()


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it right; comma separated, decimal point."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def as_xlsx(table: Table) -> bytes:
    """One sheet with a frozen heading; the notes are on a second."""
    buffer = io.BytesIO()
    # constant_memory writes row by row; strings_to_* off: a guest's "=1+1" is text.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_sheet_name(table.title))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(table.columns) - 1, 0), 18)
        sheet.write_row(0, 0, table.columns, heading)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                is_day = isinstance(cell, date) and not isinstance(cell, datetime)
                sheet.write(number, column, cell, day if is_day else None)
        if table.notes:
            book.add_worksheet("Info").write_column(0, 0, table.notes)
    return buffer.getvalue()


def _plain(cell: Cell) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _sheet_name(title: str) -> str:
    """What Excel takes as a name of a sheet: 31 of its 16-bit letters at most."""
    letters = (letter for letter in title if letter.isprintable() and letter <= "\uffff")
    return "".join(letter for letter in letters if letter not in "[]:*?/\\")[:31].strip("' ") or "FLOW"
