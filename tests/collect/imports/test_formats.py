"""CSV as it comes, spreadsheets and Parquet: the same orders."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pyarrow as arrow
import pytest
from pyarrow import parquet

from flow.collect.imports.errors import UnreadableFile
from tests.collect.imports.conftest import FLAT, FLAT_MAPPING, Till, reasons, written

ROWS = ("1,2026-10-01 12:00:00,Rødgrød,2,90.00", "1,2026-10-01 12:00:00,Øl,1,45.50")
TOTAL = [(1, 13550)]
NOON = dt.datetime.fromisoformat("2026-10-01 12:00")


async def _total(till: Till, path: Path, mapping: str = FLAT_MAPPING) -> list[tuple[object, ...]]:
    written(await till.run(path, mapping=mapping))
    return till.rows("select count(*), sum(total)::bigint from orders")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_encodings_are_recognised(till: Till, encoding: str) -> None:
    assert TOTAL == await _total(till, till.write("sales.csv", FLAT, *ROWS, encoding=encoding))
    assert [("Rødgrød",), ("Øl",)] == till.rows("select product_name from order_items order by 1")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_delimiters_are_recognised(till: Till, delimiter: str) -> None:
    lines = (line.replace(",", delimiter) for line in (FLAT, *ROWS))

    assert TOTAL == await _total(till, till.write("sales.csv", *lines))


async def test_a_file_may_begin_with_an_empty_line_and_end_each_row_with_a_delimiter(till: Till) -> None:
    assert TOTAL == await _total(till, till.write("sales.csv", "", FLAT + ",", *(f"{row}," for row in ROWS)))


async def test_danish_numbers_and_dates(till: Till) -> None:
    mapping = FLAT_MAPPING + '[formats]\ndecimal_mark = ","\ndatetime = "%d-%m-%Y %H.%M"'
    path = till.write("sales.csv", FLAT.replace(",", ";"), "1;01-10-2026 12.00;Buffet;2;1.234,50")

    assert [(1, 123450)] == await _total(till, path, mapping)


async def test_a_spreadsheet(till: Till) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(FLAT.split(","))
    sheet.append([1, NOON, "Rødgrød", 2, 90])
    sheet.append([1, NOON, "Øl", 1, 45.5])
    sheet.append([2, NOON, "Vand", None, 20])
    book.save(till.folder / "sales.xlsx")

    outcome = await till.run(till.folder / "sales.xlsx", mapping=FLAT_MAPPING)

    assert TOTAL == till.rows("select count(*), sum(total)::bigint from orders")
    assert [("sales.xlsx", 4, "quantity: the cell is empty")] == reasons(outcome)


async def test_parquet(till: Till) -> None:
    table = arrow.table(
        {
            "receipt": [1, 1],
            "at": [NOON] * 2,
            "name": ["Rødgrød", "Øl"],
            "quantity": [2, 1],
            "amount": arrow.array(["90.00", "45.50"]).cast(arrow.decimal128(9, 2)),
        }
    )
    parquet.write_table(table, till.folder / "sales.parquet")

    assert TOTAL == await _total(till, till.folder / "sales.parquet")


async def test_formulas_and_markup_stay_text(till: Till) -> None:
    await till.flat('1,2026-10-01 12:00:00,"=HYPERLINK(""http://x"")",1,10', "1,2026-10-01 12:00:00,<script>,1,10")

    assert [("<script>",), ('=HYPERLINK("http://x")',)] == till.rows("select name from products order by name")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 is no spreadsheet", "cannot be read"),
        (b"PAR1 is no parquet", "cannot be read"),
        (b"receipt,receipt\n", "columns of the same name: receipt"),
        (b"receipt,at,name,quantity,amount\n" + b"x" * 1_100_000 + b"\xff\n", "not in the expected encoding"),
    ],
)
async def test_a_file_that_cannot_be_read_says_so(till: Till, content: bytes, said: str) -> None:
    path = till.folder / "sales.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match=f"sales.csv.*{said}"):
        await till.run(path, mapping=FLAT_MAPPING)


async def test_a_file_that_is_not_there_says_so(till: Till) -> None:
    with pytest.raises(UnreadableFile, match=r"gone\.csv cannot be read: No such file"):
        await till.run(till.folder / "gone.csv", mapping=FLAT_MAPPING)


async def test_a_file_with_a_header_alone_imports_nothing(till: Till) -> None:
    assert 0 == written(await till.flat()).orders_created
