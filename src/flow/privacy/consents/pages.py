"""The preference page and the page that confirms. A signed link is the key: no log-in, no cookie, nothing to guess.

The routes that change something take no origin check: the link itself is the proof, and mail programs unsubscribe by
a plain POST (RFC 8058). Opening a link changes nothing, so a preview of it changes nothing either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from limits import RateLimitItemPerMinute
from pydantic import BaseModel
from starlette.responses import RedirectResponse

from flow.database.transaction import Transaction
from flow.privacy.audit.store import record as note
from flow.privacy.consents import service, store
from flow.privacy.consents.collection import collection_of
from flow.privacy.consents.errors import ConfirmationOutdated, LinkNotFound
from flow.privacy.consents.links import PREFERENCES_LIVE, ConfirmationLink, PreferencesLink, read_link
from flow.privacy.consents.texts import find_text, withdrawal_text
from flow.privacy.consents.types import Channel, ConsentType, Person, Question
from flow.privacy.consents.view import masked, sections_of, steps_of
from flow.web.addresses import address_of
from flow.web.pages import render, translator
from flow.web.services import services
from flow.web.transactions import ServiceTransaction

router = APIRouter(prefix="/preferences", include_in_schema=False)

_PER_ADDRESS = RateLimitItemPerMinute(120)
_HEADERS = {
    "Referrer-Policy": "no-referrer",  # the address of the page is the key to it
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


class ChoiceForm(BaseModel):
    """One switch of the page; `version` is the text that stood beside it."""

    restaurant_id: UUID
    consent_type: ConsentType
    channel: Channel
    granted: Literal["yes", "no"]
    version: str = ""


@dataclass(frozen=True, slots=True)
class _Visit:
    """Whoever holds a link to preferences."""

    link: PreferencesLink
    person: Person
    has_expired: bool


@router.get("/{token}")
async def preferences_page(request: Request, transaction: ServiceTransaction, token: str, done: str = "") -> Response:
    """Per restaurant what is on; everything we have from the guest; one button that withdraws it all."""
    visit = await _visit(request, transaction, token)
    if visit.has_expired:
        return _page(request, "preferences_expired.html", status=410, token=token, done=done == "off")
    words = translator(request)
    restaurant_id = visit.link.restaurant_id
    standings, evidence = await service.standing_of(
        transaction, visit.person, restaurant_id, at=services(request).clock.now()
    )
    sections = await sections_of(transaction, visit.person, standings, restaurant_id=restaurant_id, words=words)
    return _page(
        request,
        "preferences.html",
        token=token,
        contact=masked(visit.person.contact) if visit.person.contact else None,
        sections=sections,
        history=steps_of(evidence, sections, words),
        anything_on=any(standing.is_on or standing.waiting for standing in standings),
        done=done,
    )


@router.post("/{token}/choose")
async def choose(
    request: Request, transaction: ServiceTransaction, token: str, form: Annotated[ChoiceForm, Form()]
) -> Response:
    """Turns one thing on or off. An expired link can only turn off."""
    visit = await _visit(request, transaction, token)
    controller = await store.find_controller(transaction, await _restaurant(transaction, visit, form.restaurant_id))
    granted = form.granted == "yes"
    words = translator(request)
    text = await find_text(transaction, controller, form.consent_type, form.version)
    if granted and (visit.has_expired or visit.person.contact is None or text is None):
        return RedirectResponse(f"/preferences/{token}", status_code=303)
    question = Question(restaurant_id=controller.id, consent_type=form.consent_type, channel=form.channel)
    now = services(request).clock.now()
    await service.record(
        transaction,
        visit.person,
        question,
        granted=granted,
        text=text or withdrawal_text(words.language),
        collection=collection_of(request, "preference_page"),
        at=now,
    )
    await note(
        transaction,
        "consent_given" if granted else "consent_withdrawn",
        "A guest changed a preference by a signed link.",
        at=now,
        restaurant_id=controller.id,
        performed_by_role="guest",
        subject=visit.person.subjects[0],
        facts={"type": form.consent_type, "channel": form.channel},
    )
    return RedirectResponse(f"/preferences/{token}?done={'on' if granted else 'off'}", status_code=303)


@router.post("/{token}/withdraw")
async def withdraw(request: Request, transaction: ServiceTransaction, token: str) -> Response:
    """Withdraws everything that the link is about. Works with an expired link, without a consent, and twice.

    Also the address for `List-Unsubscribe` with `List-Unsubscribe-Post: List-Unsubscribe=One-Click` in a mail.
    """
    visit = await _visit(request, transaction, token)
    now = services(request).clock.now()
    ended = await service.withdraw_all(
        transaction,
        visit.person,
        visit.link.restaurant_id,
        language=translator(request).language,
        collection=collection_of(request, "unsubscribe"),
        at=now,
    )
    await note(
        transaction,
        "consent_withdrawn",
        "A guest withdrew all consents by a signed link.",
        at=now,
        restaurant_id=visit.link.restaurant_id,
        performed_by_role="guest",
        subject=visit.person.subjects[0],
        facts={"consents": ended},
    )
    return RedirectResponse(f"/preferences/{token}?done=off", status_code=303)


@router.get("/confirm/{token}")
async def confirmation_page(request: Request, transaction: ServiceTransaction, token: str) -> Response:
    """Asks once more, since programs that preview a message open its links too."""
    link = _confirmation(request, token)
    pending = await store.find_consent(transaction, link.consent_id)
    if pending is None or pending.restaurant_id is None:
        raise LinkNotFound
    if link.has_expired(services(request).clock.now()):
        return _page(request, "confirmation_over.html", status=410, has_expired=True)
    controller = await store.find_controller(transaction, pending.restaurant_id)
    return _page(request, "confirm.html", token=token, restaurant=controller.name, text=pending.consent_text)


@router.post("/confirm/{token}")
async def confirm(request: Request, transaction: ServiceTransaction, token: str) -> Response:
    """Confirms, and goes on to the preferences."""
    link = _confirmation(request, token)
    flow = services(request)
    now = flow.clock.now()
    if link.has_expired(now):
        return _page(request, "confirmation_over.html", status=410, has_expired=True)
    try:
        confirmed = await service.confirm(
            transaction,
            link.consent_id,
            installation=flow.installation,
            collection=collection_of(request, "confirmation"),
            at=now,
        )
    except ConfirmationOutdated:
        return _page(request, "confirmation_over.html", status=409, has_expired=False)
    await note(
        transaction,
        "consent_given",
        "A guest confirmed a consent by a signed link.",
        at=now,
        restaurant_id=confirmed.restaurant_id,
        performed_by_role="guest",
        subject=confirmed.subject,
        facts={"consent": str(confirmed.id), "type": confirmed.consent_type, "channel": confirmed.channel},
    )
    onward = PreferencesLink(confirmed.restaurant_id, confirmed.subject, now + PREFERENCES_LIVE)
    address = f"/preferences/{onward.signed(flow.installation.secret)}?done=on"
    return RedirectResponse(address, status_code=303, headers=_HEADERS)


def _page(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    title = translator(request).gettext("What you have agreed to")
    answer = render(request, template, title=title, status=status, **context)
    answer.headers.update(_HEADERS)
    return answer


async def _visit(request: Request, transaction: Transaction, token: str) -> _Visit:
    flow = services(request)
    flow.limits.hit(_PER_ADDRESS, "preferences", address_of(request))
    link = read_link(service.secrets_of(flow.installation), token)
    if not isinstance(link, PreferencesLink):
        raise LinkNotFound
    contact = await store.find_contact(transaction, link.restaurant_id, link.subject)
    person = service.guest(flow.installation, contact) if contact else Person(subjects=(link.subject,))
    return _Visit(link, person, link.has_expired(flow.clock.now()))


async def _restaurant(transaction: Transaction, visit: _Visit, wanted: UUID) -> UUID:
    """The restaurant, if the link is about it: its own, or one that the guest has to do with."""
    if visit.link.restaurant_id is not None:
        known = {visit.link.restaurant_id}
    else:
        known = {
            row.restaurant_id for row in await store.evidence(transaction, visit.person, None) if row.restaurant_id
        }
    if wanted not in known:
        raise LinkNotFound
    return wanted


def _confirmation(request: Request, token: str) -> ConfirmationLink:
    flow = services(request)
    flow.limits.hit(_PER_ADDRESS, "preferences", address_of(request))
    link = read_link(service.secrets_of(flow.installation), token)
    if not isinstance(link, ConfirmationLink):
        raise LinkNotFound
    return link
