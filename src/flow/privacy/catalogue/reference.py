"""docs/reference/data.md, made from the catalogue."""

from __future__ import annotations

from flow.privacy.catalogue import labels
from flow.privacy.catalogue.collect import tables
from flow.privacy.catalogue.types import Category, TableEntry
from flow.web.i18n import Translator, translator_for

_HEAD = """# Data

Every table, why it is there, by which right, for how long, and who may read it: the register of processing (Art. 30
GDPR). Made from `src/flow/privacy/catalogue` and every module's `privacy.py`; the same is in the product under
*Settings › Data*. How retention works: [retention](../guides/retention.md).
"""


def reference_markdown() -> str:
    """The page: a table per category, and the personal columns under it."""
    words = translator_for("en")
    return _HEAD + "".join(_section(category, words) for category in Category)


def _section(category: Category, words: Translator) -> str:
    entries = [entry for entry in tables() if entry.category is category]
    lines = [
        f"\n## {labels.category(category, words)}\n",
        "| table | purpose | sensitivity | legal basis | kept | then | read by |",
        "|---|---|---|---|---|---|---|",
        *(_line(entry, words) for entry in entries),
    ]
    columns = [column for entry in entries for column in entry.personal]
    if columns:
        lines += [
            "\n| personal column | about | exported | on erasure |",
            "|---|---|---|---|",
            *(
                f"| `{column.table}.{column.column}` | {column.is_about} | {'yes' if column.exported else 'no'} | "
                f"{labels.erasure(column, words)} |"
                for column in columns
            ),
        ]
    return "\n".join(lines) + "\n"


def _line(entry: TableEntry, words: Translator) -> str:
    cells = (
        f"`{entry.table if entry.schema == 'public' else entry.name}`",
        entry.purpose,
        labels.sensitivity(entry.sensitivity, words),
        labels.basis(entry.legal_basis, words),
        labels.kept(entry.retention, words),
        labels.at_end(entry.retention, words),
        ", ".join(f"`{reader}`" if "." in reader else reader for reader in labels.readers(entry, words)),
    )
    return f"| {' | '.join(cells)} |"
