"""A tile as a file: the figures behind it as CSV or XLSX, its picture as PNG."""

from __future__ import annotations

import asyncio
from typing import Literal

import jinja2
import vl_convert

from flow.delivery.dashboards.types import Selection, Step, Tile
from flow.delivery.exports.tables import Cell, Table, as_csv, as_xlsx
from flow.web.charts import LIGHT
from flow.web.i18n import Translator

FileKind = Literal["csv", "xlsx", "png"]
MEDIA_TYPES: dict[FileKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
}
_PNG_SCALE = 2.0


async def tile_file(
    tile: Tile, kind: FileKind, selection: Selection, *, templates: jinja2.Environment, words: Translator
) -> bytes:
    """The file's bytes; made in a thread, because drawing and zipping hold the processor."""
    if kind == "png":
        return await asyncio.to_thread(_png, tile, selection, templates, words)
    table = tile_table(tile, selection, words)
    return await asyncio.to_thread(as_csv if kind == "csv" else as_xlsx, table)


def tile_table(tile: Tile, selection: Selection, words: Translator) -> Table:
    """One row for each step; a tile without steps is one row. Money in whole units of its currency."""
    steps = tile.series or (Step(label=tile.title, value=tile.value, value_text=tile.value_text),)
    compared = any(step.compare is not None for step in steps)
    columns = [words.gettext("What"), tile.title, *([selection.comparison.label] if compared else [])]
    rows = [_row(step, tile, compared=compared) for step in steps]
    notes = [_subtitle(selection, words), tile.definition]
    if selection.selected.simulated:
        notes.append(words.gettext("Simulated data"))
    return Table(tile.title, columns, rows, notes)


def _row(step: Step, tile: Tile, *, compared: bool) -> list[Cell]:
    row: list[Cell] = [step.long_label or step.label, _amount(step.value, tile)]
    return [*row, _amount(step.compare, tile)] if compared else row


def _amount(value: float | None, tile: Tile) -> Cell:
    if value is None:
        return None
    return value / 100 if tile.unit == "money" else value


def _png(tile: Tile, selection: Selection, templates: jinja2.Environment, words: Translator) -> bytes:
    picture = templates.get_template("tile.svg.xml").render(
        tile=tile,
        palette=LIGHT,
        subtitle=_subtitle(selection, words),
        simulated=selection.selected.simulated,
        zone=selection.selected.time_zone,
        translator=words,
    )
    return bytes(vl_convert.svg_to_png(picture, scale=_PNG_SCALE))


def _subtitle(selection: Selection, words: Translator) -> str:
    return f"{selection.selected.name} · {words.period(selection.period.days)}"
