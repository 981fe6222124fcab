"""The register of processing as a page: every table, why it is there, by which right and for how long."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from flow.errors import NotAllowed
from flow.privacy.catalogue import labels
from flow.privacy.catalogue.collect import tables
from flow.privacy.catalogue.types import Category, LegalBasis, Sensitivity, TableEntry
from flow.web.i18n import Translator
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PERMISSION = "privacy.read"
_Word = Annotated[str, Query(max_length=60)]


@router.get("/settings/data", response_class=HTMLResponse)
async def data_page(
    request: Request,
    transaction: UserTransaction,
    category: _Word = "",
    sensitivity: _Word = "",
    basis: _Word = "",
    q: _Word = "",
) -> HTMLResponse:
    """The register, narrowed to what is asked for."""
    assert transaction.caller is not None
    if not transaction.caller.restaurants_with(PERMISSION):
        raise NotAllowed
    words = translator(request)
    found = [
        entry
        for entry in tables()
        if category in ("", entry.category)
        and sensitivity in ("", entry.sensitivity)
        and basis in ("", entry.legal_basis)
        and _fits(entry, q, words)
    ]
    return settings_page(
        request,
        transaction,
        "data.html",
        title=words.gettext("Data"),
        groups=[(each, [entry for entry in found if entry.category is each]) for each in Category],
        count=len(found),
        labels=labels,
        chosen={"category": category, "sensitivity": sensitivity, "basis": basis, "q": q},
        categories=[(each, labels.category(each, words)) for each in Category],
        sensitivities=[(each, labels.sensitivity(each, words)) for each in Sensitivity],
        may_see_holds=bool(transaction.caller.restaurants_with("audit.read")),
        bases=[(each, labels.basis(each, words)) for each in LegalBasis if labels.basis(each, words)],
    )


def _fits(entry: TableEntry, wanted: str, words: Translator) -> bool:
    """Whether a word is in the table's name, its purpose as shown, or the name of a personal column."""
    texts = (entry.table, words.gettext(entry.purpose), *(column.column for column in entry.personal))
    return all(any(word in text.lower() for text in texts) for word in wanted.lower().split())
