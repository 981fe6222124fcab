"""Files hold what the tile shows: numbers as numbers, days as days, text as text, pictures that are not blank."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.delivery.exports.tables import Cell, Table, as_csv, as_xlsx
from tests.analytics.world import World
from tests.delivery.conftest import Reader
from tests.delivery.pages import read_csv, tiles_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def table(*rows: Sequence[Cell]) -> Table:
    return Table("Orders", ["What", "How much"], rows, ["A note"])


def sheet_of(body: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(body))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


def test_a_csv_file_is_what_spreadsheets_and_programs_read() -> None:
    body = as_csv(table(["Æblekage, 2 stk.", Decimal("12.50")], [date(2026, 6, 19), None], ['"quoted"\nline', 3]))

    assert [
        {"What": "Æblekage, 2 stk.", "How much": "12.5"},
        {"What": "2026-06-19", "How much": ""},
        {"What": '"quoted"\nline', "How much": "3"},
    ] == [{**row, "How much": row["How much"].replace("12.50", "12.5")} for row in read_csv(body)]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    (row,) = read_csv(as_csv(table([text, -5])))
    _, (shown, number) = sheet_of(as_xlsx(table([text, -5])))

    assert (f"'{text}", "-5") == (row["What"], row["How much"])
    assert (True, -5) == (isinstance(shown, str), number)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table([text, -5]))))
    assert "s" == book.worksheets[0]["A2"].data_type


def test_an_xlsx_file_keeps_numbers_and_days() -> None:
    at = datetime(2026, 6, 19, 18, 30, tzinfo=UTC)
    body = as_xlsx(table(["a", Decimal("1234.50")], [date(2026, 6, 19), 0.25], [at, None]))
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet = book.worksheets[0]

    assert (["Orders", "Info"], "A note") == (book.sheetnames, book["Info"]["A1"].value)
    assert ("n", 1234.5, 0.25) == (sheet["B2"].data_type, sheet["B2"].value, sheet["B3"].value)
    assert ("2026-06-19 00:00:00", "yyyy-mm-dd") == (str(sheet["A3"].value), sheet["A3"].number_format)
    assert ("2026-06-19 18:30:00", "yyyy-mm-dd hh:mm") == (str(sheet["A4"].value), sheet["A4"].number_format)


@given(st.text(max_size=60))
def test_any_title_makes_a_sheet(title: str) -> None:
    named = Table(title, ["a"], [["b"]])

    assert [("a",), ("b",)] == sheet_of(as_xlsx(named))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\r\n=+-@"), min_size=1, max_size=60))
def test_any_text_comes_back_from_a_file(text: str) -> None:
    (row,) = read_csv(as_csv(table([text, 1])))
    _, (shown, _) = sheet_of(as_xlsx(table([text, 1])))

    assert text == row["What"].removeprefix("'" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else "")
    assert _readable(text) == _readable(str(shown or "").replace("_x000D_", ""))  # how XLSX writes a carriage return


@pytest.fixture
def busy(napoli: World) -> World:
    """A restaurant with something in every tile that can have something."""
    cake = napoli.product("=Cake", price=15_000)
    for day in ("2026-06-12", "2026-06-18", "2026-06-19"):
        napoli.order(f"{day} 12:00", lines=[(cake, 2, 15_000)], touch=("social", "social"))
    napoli.order("2026-06-19 18:00", lines=[(cake, 1, 15_000)], status="preparing")
    session = napoli.session("2026-06-19 18:28", page_views=2, orders_created=1)
    napoli.page_view("2026-06-19 18:28", session, max_seq=9, events_received=9)
    return napoli


async def test_every_tile_is_there_as_csv_and_xlsx_with_its_own_figures(busy: World, reader: Reader) -> None:
    http = reader(busy)
    tiles = await tiles_of(http)
    for key, tile in tiles.items():
        rows = read_csv((await _file(http, key, "csv")).content)
        head, *lines = sheet_of((await _file(http, key, "xlsx", XLSX)).content)
        factor = 100 if tile["unit"] == "money" else 1
        expected = [step["value"] for step in tile["series"]] or [tile["value"]]  # type: ignore[attr-defined]

        assert list(rows[0]) == list(head), key
        assert expected == [None if line[1] is None else round(line[1] * factor, 6) for line in lines], key  # type: ignore[operator]
        assert ["" if value is None else float(value) for value in expected] == [
            row[str(head[1])] and float(row[str(head[1])]) * factor for row in rows
        ], key


async def test_a_product_named_like_a_formula_is_text_in_every_file(busy: World, reader: Reader) -> None:
    http = reader(busy)
    (row,) = read_csv((await _file(http, "top_products", "csv")).content)
    orders = read_csv((await http.get("/orders/export.csv")).content)

    assert ("'=Cake", "3", "450") == (row["What"], row["Items sold"], row["Item sales"])
    assert {"2 × Dish", "1 × Dish"} == {order["Products"] for order in orders}


async def test_every_tile_is_there_as_a_picture_that_is_not_blank(busy: World, reader: Reader) -> None:
    http = reader(busy, language="da")
    for key in await tiles_of(http):
        answer = await _file(http, key, "png", "image/png")

        assert (1920, 1080) == _size(answer.content), key
        assert len(set(_pixels(answer.content))) > 20, key


async def test_a_file_is_named_by_tile_and_days(busy: World, reader: Reader) -> None:
    answer = await reader(busy).get("/dashboard/tiles/revenue.csv?period=7d")

    assert 'attachment; filename="flow-revenue-2026-06-13-2026-06-19.csv"' == answer.headers["content-disposition"]


async def test_a_tile_or_kind_that_does_not_exist_is_not_found(busy: World, reader: Reader) -> None:
    http = reader(busy)

    assert 404 == (await http.get("/dashboard/tiles/happiness.csv")).status_code
    assert 422 == (await http.get("/dashboard/tiles/revenue.exe")).status_code


async def test_the_notes_of_a_file_say_what_it_is_and_that_it_is_simulated(busy: World, reader: Reader) -> None:
    busy.connection.execute("update public.restaurants set is_simulated = true where id = %s", [busy.restaurant])
    body = (await _file(reader(busy), "revenue", "xlsx", XLSX)).content
    notes = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(body))["Info"]["A"]]

    assert ("Napoli · 19 Jun 2026", "Simulated data") == (notes[0], notes[-1])
    assert str(notes[1]).startswith("What guests paid")


async def _file(http: httpx.AsyncClient, tile: str, kind: str, media_type: str = "text/csv") -> httpx.Response:
    answer = await http.get(f"/dashboard/tiles/{tile}.{kind}")
    assert (200, True) == (answer.status_code, answer.headers["content-type"].startswith(media_type)), tile
    return answer


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _pixels(png: bytes) -> bytes:
    """The filtered bytes of the picture: a blank one repeats a handful of values."""
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return zlib.decompress(data)


def _readable(text: str) -> str:
    """What every reader of XML keeps of a text."""
    return "".join(letter for letter in text if letter.isprintable())
