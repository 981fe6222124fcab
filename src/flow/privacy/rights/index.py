"""The readable part of an export: an index in three languages, and a README for whoever opens it without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from flow.privacy.catalogue import CATALOGUE, LegalBasis
from flow.privacy.rights.types import ExportedTable, Kind
from flow.web.i18n import LANGUAGE_NAMES, N_, Translator, install, translator_for

__all__ = ["document", "index_page", "readme"]

BASES = {
    LegalBasis.CONSENT: N_("Your consent, Art. 6(1)(a)"),
    LegalBasis.CONTRACT: N_("A contract with you, Art. 6(1)(b)"),
    LegalBasis.LEGAL_OBLIGATION: N_("A duty by law, Art. 6(1)(c)"),
    LegalBasis.LEGITIMATE_INTEREST: N_("A legitimate interest, Art. 6(1)(f)"),
    LegalBasis.NOT_PERSONAL: N_("About no person"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    table: ExportedTable
    purpose: str
    basis: str


def index_page(tables: Sequence[ExportedTable], *, kind: Kind, at: datetime) -> str:
    """index.html: what each file holds, why it was kept, and what the person may do about it."""
    parts = []
    for language, name in LANGUAGE_NAMES.items():
        words = translator_for(language)
        text = document("export_part.html", words, lines=_lines(words, tables), kind=kind, at=at)
        parts.append((language, name, Markup(text)))  # noqa: S704 (our own template, escaped within)
    return document("export.html", translator_for("en"), parts=parts)


def readme(tables: Sequence[ExportedTable], *, kind: Kind, at: datetime) -> str:
    """README.txt: the same in English, as plain text."""
    found = _lines(translator_for("en"), tables)
    lines = "\n".join(f"  {line.table.stem:<28} {line.table.rows:>8} rows   {line.purpose}" for line in found)
    return (
        f"Your personal data ({kind}), put together on {at:%Y-%m-%d %H:%M} UTC.\n\n"
        "Open index.html in a browser for an overview in Danish, Swedish and English.\n"
        "json/  each table as JSON (UTF-8, times in UTC, money in hundredths of the currency)\n"
        "csv/   the same as CSV (UTF-8, comma), for spreadsheets\n\n"
        f"{lines}\n"
    )


def document(template: str, words: Translator, **context: object) -> str:
    """A page that is a file: it needs no server, no script and no style sheet beside it."""
    return _environment().get_template(template).render(translator=words, **context)


def _lines(words: Translator, tables: Sequence[ExportedTable]) -> list[_Line]:
    return [_line(words, table) for table in tables]


def _line(words: Translator, table: ExportedTable) -> _Line:
    entry = CATALOGUE[table.name]
    return _Line(table, words.gettext(entry.purpose), words.gettext(BASES[entry.legal_basis]))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(environment)
    return environment
