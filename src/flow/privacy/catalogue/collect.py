"""Collects the catalogue: the entries of this package, and the personal columns of every module's privacy.py.

The modules lie above this one, so they are found by their file name and not by an import.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import flow
from flow.kit.personal import PersonalColumn
from flow.privacy.catalogue.entries import ENTRIES
from flow.privacy.catalogue.types import TableEntry

__all__ = ["CATALOGUE", "personal_columns", "tables"]

_ROOT = Path(flow.__file__).parent


def personal_columns() -> tuple[PersonalColumn, ...]:
    """Every personal column, module by module."""
    modules = (file.relative_to(_ROOT).with_suffix("") for file in sorted(_ROOT.rglob("privacy.py")))
    return tuple(
        column
        for module in modules
        if module.parent.name != "commands"  # `flow privacy` is a command, and declares nothing
        for column in importlib.import_module(".".join(("flow", *module.parts))).PERSONAL_COLUMNS
    )


def tables() -> tuple[TableEntry, ...]:
    """Every table's entry, category by category."""
    return tuple(CATALOGUE.values())


def _collect() -> Mapping[str, TableEntry]:
    columns: dict[str, list[PersonalColumn]] = defaultdict(list)
    for column in personal_columns():
        columns[column.table].append(column)
    return MappingProxyType({entry.table: replace(entry, personal=tuple(columns[entry.table])) for entry in ENTRIES})


CATALOGUE: Mapping[str, TableEntry] = _collect()
"""Table name → its entry."""
