"""Turns the mapping's fields into functions from a row to a cell, checked against the columns that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from flow.collect.imports.errors import InvalidMapping
from flow.collect.imports.mapping import Field, Source
from flow.collect.imports.values import Cell, cell_text

__all__ = ["Getter", "Record", "getter"]

Record = Mapping[str, Cell]
"""A row by column names, the columns of joined lists included."""

Getter = Callable[[Record], Cell]

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def getter(source: Source, columns: Collection[str], *, of: str) -> Getter:
    """The function for one field; `of` names it in errors. InvalidMapping for a column that is not there."""
    field = source if isinstance(source, Field) else _short(source)
    said = [each for each in (field.column, field.template, field.value) if each is not None]
    if len(said) != 1:
        raise InvalidMapping(f"{of} needs exactly one of column, template and value")
    found = _found(field, columns, of)
    return _translated(found, field) if field.values or field.otherwise is not None else found


def _short(source: str) -> Field:
    return Field(template=source) if _PLACEHOLDER.search(source) else Field(column=source)


def _found(field: Field, columns: Collection[str], of: str) -> Getter:
    if field.value is not None:
        constant = field.value
        return lambda _: constant
    if field.column is not None:
        column = field.column
        _check(column, columns, of)
        return lambda record: record[column]
    return _filled(field.template or "", columns, of)


def _filled(template: str, columns: Collection[str], of: str) -> Getter:
    for column in _PLACEHOLDER.findall(template):
        _check(column, columns, of)

    def fill(record: Record) -> Cell:
        return _PLACEHOLDER.sub(lambda match: cell_text(record[match[1]]), template)

    return fill


def _translated(found: Getter, field: Field) -> Getter:
    def translate(record: Record) -> Cell:
        cell = found(record)
        text = cell_text(cell)
        if text in field.values:
            return field.values[text]
        keeps = field.otherwise is None or (text and not field.values)
        return cell if keeps else field.otherwise

    return translate


def _check(column: str, columns: Collection[str], of: str) -> None:
    if column not in columns:
        raise InvalidMapping(f"{of}: there is no column {column!r}; there are {', '.join(columns)}")
