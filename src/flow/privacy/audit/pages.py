"""The page of the audit log, for those who hold audit.read: who did what to whose data, when and why."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import AwareDatetime

from flow.database.transaction import Transaction
from flow.errors import InvalidInput, NotAllowed
from flow.kit.contact import normalise_email, normalise_phone
from flow.kit.ids import parse_id
from flow.privacy.audit import store
from flow.privacy.audit.selection import Selection, select
from flow.privacy.audit.types import Entry
from flow.privacy.subjects import pseudonyms
from flow.web.addresses import require_same_origin
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, UserTransaction

router = APIRouter(include_in_schema=False)
PERMISSION = "audit.read"
PAGE_SIZE = 50
_Text = Annotated[str, Query(max_length=64)]


@router.get("/settings/audit", response_class=HTMLResponse)
async def audit_page(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    restaurant: _Text = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    action: _Text = "",
    person: _Text = "",
    subject: Annotated[list[Annotated[str, Query(max_length=64)]] | None, Query(max_length=5)] = None,
    before_at: AwareDatetime | None = None,
    before_id: UUID | None = None,
) -> HTMLResponse:
    """The log of one restaurant, or of the platform; narrowed by days, kind, who did it and whom it concerns."""
    chosen = await _chosen(request, transaction, restaurant, first=first, last=last)
    before = (before_at, before_id) if before_at and before_id else None
    wish = chosen.wish(
        action=action or None, performed_by=parse_id(person), subjects=tuple(subject or ()) or None, before=before
    )
    found = await store.entries(transaction, wish, most=PAGE_SIZE + 1)
    entries, more = found[:PAGE_SIZE], found[PAGE_SIZE:]
    people = await store.people(transaction, wish)
    state = await store.chain_state(service)
    return settings_page(
        request,
        transaction,
        "audit.html",
        title=translator(request).gettext("Audit log"),
        chosen=chosen,
        entries=entries,
        actions=await store.actions(transaction, wish),
        people=people,
        names=await store.names_of(service, {*people, *(each.performed_by for each in entries if each.performed_by)}),
        wish=wish,
        older=_older(request, entries[-1]) if more else None,
        chained=state.seq,
        signed_at=await store.last_checkpoint_at(service),
    )


@router.post("/settings/audit/subject", dependencies=[Depends(require_same_origin)])
async def find_subject(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    contact: Annotated[str, Form(max_length=254)],
    restaurant: Annotated[str, Form(max_length=64)] = "",
) -> RedirectResponse:
    """Finds what concerns a guest known by phone or e-mail, who is in the log under a pseudonym; itself noted there.

    The contact goes no further than here: the address of the page that answers holds the pseudonym.
    """
    chosen = await _chosen(request, transaction, restaurant, first="", last="")
    normalised = normalise_email(contact) if "@" in contact else normalise_phone(contact)
    if normalised is None:
        raise InvalidInput("This is neither a phone number nor an e-mail address.")
    place = services(request).installation
    subjects = pseudonyms([place.secret, *place.old_secrets], normalised)
    assert transaction.caller is not None
    await store.record(
        service,
        "audit_searched",
        "The audit log was searched for a person.",
        at=services(request).clock.now(),
        restaurant_id=chosen.restaurant_id,
        performed_by=transaction.caller.user_id,
        performed_by_role="user",
        subject=subjects[0],
        request_id=request.state.request_id,
    )
    query = urlencode([("restaurant", chosen.key), *(("subject", subject) for subject in subjects)])
    return RedirectResponse(f"/settings/audit?{query}", status_code=303)


async def _chosen(request: Request, transaction: Transaction, restaurant: str, *, first: str, last: str) -> Selection:
    assert transaction.caller is not None
    shops = await store.shops(transaction, transaction.caller.restaurants_with(PERMISSION))
    platform = await store.audits_platform(transaction)
    if not shops and not platform:
        raise NotAllowed
    return select(shops, restaurant, platform=platform, first=first, last=last, now=services(request).clock.now())


def _older(request: Request, last: Entry) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if not name.startswith("before_")]
    return urlencode([*kept, ("before_at", last.created_at.isoformat()), ("before_id", str(last.id))])
