"""A tile as a file: the figures behind it as CSV or XLSX, its picture as PNG."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import jinja2
import vl_convert

from flow.analytics.metrics.types import Unit
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


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tile's table."""

    heading: str
    cells: Sequence[Cell]


async def tile_file(
    tile: Tile, kind: FileKind, selection: Selection, *, templates: jinja2.Environment, words: Translator
) -> bytes:
    """The file's bytes; made in a thread, because drawing and zipping hold the processor."""
    if kind == "png":
        return await asyncio.to_thread(_png, tile, selection, templates, words)
    table = tile_table(tile, selection, words)
    return await asyncio.to_thread(as_csv if kind == "csv" else as_xlsx, table)


def tile_table(tile: Tile, selection: Selection, words: Translator) -> Table:
    """One row for each step; a tile without steps is one row. Money in whole units of its currency, 0.25 is 25 %."""
    steps = tile.series or (_whole(tile),)
    columns = [Column(words.gettext("What"), [step.long_label or step.label for step in steps])]
    columns.append(Column(tile.measure, [_amount(step.value, tile.unit) for step in steps]))
    if any(step.compare is not None for step in steps):
        columns.append(Column(tile.compare_label, [_amount(step.compare, tile.unit) for step in steps]))
    if tile.second_label:
        columns.append(Column(tile.second_label, [_amount(step.second, tile.second_unit) for step in steps]))
    notes = [_subtitle(selection, words), tile.definition]
    if tile.empty or tile.error:
        notes.append(tile.empty or tile.error or "")
    if selection.selected.simulated:
        notes.append(words.gettext("Simulated data"))
    rows = zip(*(column.cells for column in columns), strict=True)
    return Table(tile.title, [column.heading for column in columns], list(rows), notes)


def _whole(tile: Tile) -> Step:
    compare = tile.comparison.value if tile.comparison else None
    return Step(label=tile.title, value=tile.value, value_text=tile.value_text, compare=compare)


def _amount(value: float | None, unit: Unit) -> Cell:
    if value is None or unit != "money":
        return value
    return Decimal(round(value)) / 100


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
