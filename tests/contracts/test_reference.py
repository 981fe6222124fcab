"""The reference is made from the code, and is fresh."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flow.reference import reference_pages
from flow.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = reference_pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == PAGES[name]


def test_every_setting_says_what_it_is_for() -> None:
    assert [] == [name for name, field in Settings.model_fields.items() if len(field.description or "") < 20]


def test_every_decision_says_what_was_weighed_and_what_follows() -> None:
    records = sorted((DOCS / "decisions").glob("0*.md"))
    lacking = [record.name for record in records if "**Consequences" not in record.read_text(encoding="utf-8")]

    assert [] == lacking


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    ]

    assert [] == [(page.name, target) for page, target in links if not (page.parent / target).exists()]
