"""The page of retention: what would go tonight, what went, and who is held back from it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from flow.database.transaction import Transaction
from flow.errors import InvalidInput, NotAllowed, NotFound
from flow.kit.contact import normalise_email, normalise_phone
from flow.kit.ids import new_id
from flow.privacy.audit.store import record, shops
from flow.privacy.audit.types import Shop
from flow.privacy.catalogue import CATALOGUE, labels
from flow.privacy.retention import store
from flow.privacy.retention.service import preview
from flow.privacy.subjects import pseudonym
from flow.web.addresses import require_same_origin
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, UserTransaction

router = APIRouter(include_in_schema=False)
READ, WRITE = "audit.read", "holds.write"
_PAGE = "/settings/data/retention"


@router.get(_PAGE, response_class=HTMLResponse)
async def retention_page(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    restaurant: Annotated[str, Query(max_length=36)] = "",
    preview_wanted: Annotated[bool, Query(alias="preview")] = False,
) -> HTMLResponse:
    """Legal holds of a restaurant; and, if asked for, what would go of it now."""
    choices, chosen = await _chosen(transaction, restaurant)
    assert transaction.caller is not None
    now, place = services(request).clock.now(), services(request).installation
    secrets = [place.secret, *place.old_secrets]
    return settings_page(
        request,
        transaction,
        "retention.html",
        title=translator(request).gettext("Retention and legal holds"),
        choices=choices,
        chosen=chosen,
        due=await preview(service, secrets=secrets, now=now, restaurant=chosen.id) if preview_wanted else None,
        runs=await store.recent_runs(transaction, chosen.id),
        holds=await store.holds(transaction, chosen.id),
        may_hold=chosen.id in transaction.caller.restaurants_with(WRITE),
        catalogue=CATALOGUE,
        labels=labels,
    )


@router.post("/settings/data/holds", dependencies=[Depends(require_same_origin)])
async def begin_hold(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    restaurant: Annotated[UUID, Form()],
    contact: Annotated[str, Form(max_length=254)],
    reason: Annotated[str, Form(min_length=1, max_length=500)],
) -> RedirectResponse:
    """Holds a guest's data back from retention and erasure. The contact goes no further than here."""
    by = _may_write(transaction, restaurant)
    normalised = normalise_email(contact) if "@" in contact else normalise_phone(contact)
    if normalised is None:
        raise InvalidInput("This is neither a phone number nor an e-mail address.")
    subject = pseudonym(services(request).installation.secret, normalised)
    at = services(request).clock.now()
    if await store.begin_hold(transaction, restaurant, new_id(), subject=subject, reason=reason, by=by, at=at):
        await _note(request, service, "legal_hold_begun", "A person’s data were put under legal hold.", restaurant, by,
                    subject=subject, reason=reason)  # fmt: skip
    return RedirectResponse(f"{_PAGE}?restaurant={restaurant}#holds", status_code=303)


@router.post("/settings/data/holds/{hold}/end", dependencies=[Depends(require_same_origin)])
async def end_hold(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    hold: UUID,
    restaurant: Annotated[UUID, Form()],
) -> RedirectResponse:
    """Ends a legal hold: what has had its time goes in the next night."""
    by = _may_write(transaction, restaurant)
    at = services(request).clock.now()
    held = next((each for each in await store.holds(transaction, restaurant) if each.id == hold), None)
    if held is None or not await store.end_hold(transaction, restaurant, hold, by=by, at=at):
        raise NotFound
    await _note(request, service, "legal_hold_ended", "A legal hold was ended.", restaurant, by, subject=held.subject)
    return RedirectResponse(f"{_PAGE}?restaurant={restaurant}#holds", status_code=303)


async def _chosen(transaction: Transaction, restaurant: str) -> tuple[list[Shop], Shop]:
    assert transaction.caller is not None
    choices = await shops(transaction, transaction.caller.restaurants_with(READ))
    chosen = next((shop for shop in choices if str(shop.id) == restaurant), choices[0] if choices else None)
    if chosen is None:
        raise NotAllowed
    return choices, chosen


def _may_write(transaction: Transaction, restaurant: UUID) -> UUID:
    """Who asks, if allowed to."""
    assert transaction.caller is not None
    if restaurant not in transaction.caller.restaurants_with(WRITE):
        raise NotAllowed
    return transaction.caller.user_id


async def _note(
    request: Request,
    service: Transaction,
    action: str,
    description: str,
    restaurant: UUID,
    by: UUID,
    *,
    subject: str,
    reason: str | None = None,
) -> None:
    await record(
        service,
        action,
        description,
        at=services(request).clock.now(),
        restaurant_id=restaurant,
        performed_by=by,
        performed_by_role="user",
        subject=subject,
        reason=reason,
        legal_basis="Art. 17(3)(e) GDPR",
        request_id=request.state.request_id,
    )
