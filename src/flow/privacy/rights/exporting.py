"""Writes the file that a person gets: one ZIP with every table as JSON and CSV, an index to read, and a README.

Rows are streamed from the database into the file, which appears under its name when it is whole.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from uuid import UUID

from psycopg import AsyncRawServerCursor
from psycopg.rows import tuple_row

from flow.database.queries import Query
from flow.database.transaction import Transaction
from flow.privacy.audit.store import record
from flow.privacy.catalogue import CATALOGUE, Category, LegalBasis
from flow.privacy.rights import statements, store
from flow.privacy.rights.finding.service import find
from flow.privacy.rights.index import index_page, readme
from flow.privacy.rights.means import Means
from flow.privacy.rights.persons import open_person
from flow.privacy.rights.tables import Rule
from flow.privacy.rights.types import EXPORT_KEPT, ExportedTable, Kind, Person, PrivacyRequest
from flow.privacy.rights.walking import Walk, read_rules

__all__ = ["ExportFile", "export", "export_person"]

_FETCHED = 500
_PROVIDED = (LegalBasis.CONSENT, LegalBasis.CONTRACT)
_FORMULA = ("=", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was written."""

    path: Path
    tables: tuple[ExportedTable, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


async def export(means: Means, request_id: UUID) -> None:
    """Carries an access or portability request out; a killed run begins the file anew."""
    async with means.database.as_service() as transaction:
        request = await store.lock_request(transaction, request_id)
        sealed = await store.sealed_contacts(transaction, request_id)
        if request.status != "running" or sealed is None:
            return
        person = open_person(means.box, request_id, sealed)
        file = await export_person(
            means, transaction, person, kind=request.kind, path=means.exports / f"{request_id}.zip"
        )
        await _close(means, transaction, request, file)


async def export_person(
    means: Means, transaction: Transaction, person: Person, *, kind: Kind, path: Path
) -> ExportFile:
    """Everything about a person (Art. 15), or what they provided themselves (Art. 20), as a file at `path`."""
    rules = [rule for rule in await read_rules(transaction) if rule.kind != "text" and rule.exported]
    if kind == "portability":
        rules = [rule for rule in rules if rule.kind == "rows" and _was_provided(rule)]
    found = await find(transaction, person, secrets=means.secrets)
    walk = await Walk.of(transaction, found)

    async def rows_of(rule: Rule) -> AsyncIterator[Sequence[object]]:
        if walk.leads_to(rule):
            query = statements.exported_rows(rule)
            async for row in stream(transaction, query, walk.values(rule)):
                yield row

    return await write_export(path, rules, rows_of, kind=kind, at=means.clock.now())


async def write_export(
    path: Path,
    rules: Sequence[Rule],
    rows_of: Callable[[Rule], AsyncIterator[Sequence[object]]],
    *,
    kind: Kind,
    at: datetime,
) -> ExportFile:
    """Writes the rows of every rule that has any, then the index."""
    part = path.with_suffix(".part")
    writer = _Zip(part)
    with writer:
        tables = [await writer.add(rule, rows_of(rule)) for rule in rules]
        filled = tuple(table for table in tables if table.rows)
        writer.text("index.html", index_page(filled, kind=kind, at=at))
        writer.text("README.txt", readme(filled, kind=kind, at=at))
    part.replace(path)
    return ExportFile(path, filled)


async def stream(
    transaction: Transaction, query: Query, values: Mapping[str, object]
) -> AsyncIterator[Sequence[object]]:
    """The rows of a statement, a few hundred at a time."""
    parameters = query.bind({name: values[name] for name in query.parameters})
    async with AsyncRawServerCursor(transaction.connection, name="export", row_factory=tuple_row) as cursor:
        cursor.itersize = _FETCHED
        await cursor.execute(query.sql, parameters)
        async for row in cursor:
            yield row


async def _close(means: Means, transaction: Transaction, request: PrivacyRequest, file: ExportFile) -> None:
    now = means.clock.now()
    outcome = {
        "steps": [
            {"table": table.name, "rule": table.rule, "found": table.rows, "changed": 0, "deleted": 0}
            for table in file.tables
        ],
        "rows": file.rows,
        "bytes": _size(file.path),
    }
    await store.complete(
        transaction, request.id, outcome, now=now, file_name=file.path.name, file_expires_at=now + EXPORT_KEPT
    )
    article = "Art. 15 GDPR" if request.kind == "access" else "Art. 20 GDPR"
    await record(
        transaction,
        f"{request.kind}_completed",
        "A person's data were put together on request.",
        at=now,
        restaurant_id=request.restaurant_id,
        performed_by=request.decided_by,
        subject=request.subject,
        legal_basis=article,
        facts={"request": str(request.id), "tables": len(file.tables), "rows": file.rows},
    )


class _Zip:
    """The file under way. JSON goes straight in; CSV waits beside it, since a ZIP takes one entry at a time."""

    def __init__(self, path: Path) -> None:
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> _Zip:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    def text(self, name: str, text: str) -> None:
        self._zip.writestr(name, text)

    async def add(self, rule: Rule, rows: AsyncIterator[Sequence[object]]) -> ExportedTable:
        """Both forms of a table; none of them where it has no rows."""
        stem = rule.table.name if rule.kind == "rows" else f"{rule.table.name}.{rule.ways[0].column}"
        count = 0
        first = await anext(rows, None)
        if first is None:
            return ExportedTable(name=rule.table.name, rule=rule.kind, stem=stem, rows=0)
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as table:
            lines = csv.writer(table)
            lines.writerow(rule.exported)
            with self._zip.open(f"json/{stem}.json", "w", force_zip64=True) as raw, TextIOWrapper(raw, "utf-8") as out:
                out.write("[\n")
                async for row in _with_first(first, rows):
                    out.write((",\n" if count else "") + _json(rule.exported, row))
                    lines.writerow([_cell(value) for value in row])
                    count += 1
                out.write("\n]\n")
            self._copy(f"csv/{stem}.csv", table)
        return ExportedTable(name=rule.table.name, rule=rule.kind, stem=stem, rows=count)

    def _copy(self, name: str, table: object) -> None:
        table.flush()  # type: ignore[attr-defined]
        source = table.buffer  # type: ignore[attr-defined]
        source.seek(0)
        with self._zip.open(name, "w", force_zip64=True) as out:
            out.write(b"\xef\xbb\xbf")  # spreadsheets take UTF-8 for what it is only with this in front
            while chunk := source.read(2**16):
                out.write(chunk)


async def _with_first(
    first: Sequence[object], rows: AsyncIterator[Sequence[object]]
) -> AsyncIterator[Sequence[object]]:
    yield first
    async for row in rows:
        yield row


def _was_provided(rule: Rule) -> bool:
    """Orders are kept by law, but it was the guest who gave what is in them."""
    entry = CATALOGUE[rule.table.name]
    return entry.legal_basis in _PROVIDED or entry.category is Category.SALES


def _json(columns: Sequence[str], row: Sequence[object]) -> str:
    return json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, datetime | date):
        return value.isoformat()
    # A spreadsheet would run it as a formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _size(path: Path) -> int:
    return path.stat().st_size
