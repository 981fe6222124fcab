"""What the providers remember: their objects as JSON, by table and key, kept in one file if a file is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["Books", "Json"]

Json = dict[str, Any]


class Books:
    """Tables of JSON objects. Whoever changes one says so by `touch`, so that it is written out."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._changed = False
        self.tables: dict[str, dict[str, Json]] = {}
        if file is not None and file.exists():
            self.tables = json.loads(file.read_text("utf-8"))

    def table(self, name: str) -> dict[str, Json]:
        """The objects of one kind by their key, in the order in which they were made."""
        return self.tables.setdefault(name, {})

    def touch(self) -> None:
        """Something has changed."""
        self._changed = True

    def save(self) -> None:
        """Writes what has changed since; a crash in between leaves the file as it was."""
        if self._file is None or not self._changed:
            return
        self._changed = False
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(self.tables, ensure_ascii=False), "utf-8")
        new.replace(self._file)
