"""The pages of compliance: requests with their clock, one request with all that can be done to it, and its files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse

from flow.access.choosing import choose_workplace
from flow.access.person import sure_person
from flow.database.transaction import Transaction
from flow.errors import FlowError, InvalidInput, NotAllowed
from flow.privacy.audit.store import record
from flow.privacy.consents.store import find_controller
from flow.privacy.rights import offboarding, service, store
from flow.privacy.rights.certificate import certificate_facts, certificate_page, policy_of
from flow.privacy.rights.erasing import DryRun, dry_run
from flow.privacy.rights.errors import FileGone
from flow.privacy.rights.means import Means
from flow.privacy.rights.persons import person_from
from flow.privacy.rights.types import PERSON_KINDS, Actor, IdentityMethod, PrivacyRequest
from flow.privacy.rights.views import NewRequestForm, caller_of, list_page, one_page
from flow.web.pages import translator
from flow.web.services import services
from flow.web.transactions import Claims, UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/requests"
_SURE = [Depends(sure_person)]
Act = Callable[[Means, Transaction, Actor], Awaitable[None]]


class OffboardingForm(BaseModel):
    """That a restaurant leaves, with its name typed in full."""

    restaurant: UUID
    name: Annotated[str, Field(max_length=200)] = ""


@router.get(PAGE)
async def requests_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None, done: str = ""
) -> Response:
    """The requests of a restaurant, what is due first on top, and the form for a new one."""
    return await list_page(request, transaction, restaurant, done=done)


@router.post(PAGE, dependencies=_SURE)
async def receive(request: Request, transaction: UserTransaction, form: Annotated[NewRequestForm, Form()]) -> Response:
    """Writes a request down and shows it."""
    _require(transaction, form.restaurant)
    try:
        received = _moment(form.received, services(request).clock.now())
        if form.kind not in PERSON_KINDS:
            raise InvalidInput
        async with services(request).database.as_service() as acting:
            controller = await find_controller(acting, form.restaurant)
            person = person_from(restaurant_id=controller.id, country=controller.country_code, contact=form.contact)
            request_id = await service.receive(
                _means(request), acting, person, kind=form.kind, received_at=received, actor=_actor(transaction)
            )
    except InvalidInput as problem:
        return await list_page(request, transaction, form.restaurant, problem=problem, form=form)
    return RedirectResponse(f"{PAGE}/{request_id}", status_code=303)


@router.post(f"{PAGE}/offboarding", dependencies=_SURE)
async def offboard(
    request: Request, claims: Claims, transaction: UserTransaction, form: Annotated[OffboardingForm, Form()]
) -> Response:
    """Lets a restaurant leave; needs its name in full, and a log-in with a second factor."""
    _require(transaction, form.restaurant)
    if form.restaurant not in caller_of(transaction).restaurants_with("restaurant.write"):
        raise NotAllowed
    try:
        async with services(request).database.as_service() as acting:
            request_id = await offboarding.offboard(
                _means(request),
                acting,
                form.restaurant,
                typed_name=form.name,
                has_second_factor=claims.get("aal") == "aal2",
                actor=_actor(transaction),
            )
    except FlowError as problem:
        return await list_page(request, transaction, form.restaurant, problem=problem)
    return RedirectResponse(f"{PAGE}/{request_id}", status_code=303)


@router.get(f"{PAGE}/{{request_id}}")
async def request_page(
    request: Request, request_id: UUID, transaction: UserTransaction, count: bool = False
) -> Response:
    """One request; `count` shows what it is about."""
    found = await store.find_request(transaction, request_id)
    counted = None
    if count and found.is_open and found.kind != "offboarding":
        _require(transaction, found.restaurant_id)
        async with services(request).database.as_service() as acting:
            person = await service.person_of(_means(request), acting, request_id)
        counted = await dry_run(_means(request), person)
        await _note_look(request, transaction, found, counted)
    return await one_page(request, transaction, found, counted=counted)


@router.post(f"{PAGE}/{{request_id}}/identity", dependencies=_SURE)
async def check_identity(
    request: Request,
    request_id: UUID,
    transaction: UserTransaction,
    method: Annotated[IdentityMethod, Form()],
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Notes how it was checked who asks."""

    async def act(means: Means, acting: Transaction, actor: Actor) -> None:
        await service.check_identity(means, acting, request_id, method=method, note=note.strip() or None, actor=actor)

    return await _act(request, transaction, request_id, act)


@router.post(f"{PAGE}/{{request_id}}/extend", dependencies=_SURE)
async def extend(
    request: Request,
    request_id: UUID,
    transaction: UserTransaction,
    days: Annotated[int, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Gives more time, once."""

    async def act(means: Means, acting: Transaction, actor: Actor) -> None:
        await service.extend(means, acting, request_id, days=days, reason=reason, actor=actor)

    return await _act(request, transaction, request_id, act)


@router.post(f"{PAGE}/{{request_id}}/approve", dependencies=_SURE)
async def approve(request: Request, request_id: UUID, transaction: UserTransaction) -> Response:
    """Has it carried out."""

    async def act(means: Means, acting: Transaction, actor: Actor) -> None:
        await service.approve(means, acting, request_id, actor=actor)

    return await _act(request, transaction, request_id, act)


@router.post(f"{PAGE}/{{request_id}}/refuse", dependencies=_SURE)
async def refuse(
    request: Request,
    request_id: UUID,
    transaction: UserTransaction,
    reason: Annotated[str, Form(min_length=1, max_length=500)],
) -> Response:
    """Closes it with a reason."""

    async def act(means: Means, acting: Transaction, actor: Actor) -> None:
        await service.refuse(means, acting, request_id, reason=reason, actor=actor)

    return await _act(request, transaction, request_id, act)


@router.post(f"{PAGE}/{{request_id}}/cancel", dependencies=_SURE)
async def cancel(request: Request, request_id: UUID, transaction: UserTransaction) -> Response:
    """A restaurant that was to leave stays."""

    async def act(means: Means, acting: Transaction, actor: Actor) -> None:
        await offboarding.cancel(means, acting, request_id, actor=actor)

    return await _act(request, transaction, request_id, act)


@router.get(f"{PAGE}/{{request_id}}/file", dependencies=_SURE)
async def download(request: Request, request_id: UUID, transaction: UserTransaction) -> Response:
    """The ZIP of an access request, as long as it is there; each download is on record."""
    found = await store.find_request(transaction, request_id)
    _require(transaction, found.restaurant_id)
    means = _means(request)
    path = means.exports / (found.file_name or "-")
    is_over = found.file_expires_at is None or found.file_expires_at <= means.clock.now()
    if found.file_name is None or is_over or not path.exists():
        raise FileGone
    async with services(request).database.as_service() as acting:
        await record(
            acting,
            "privacy_request_downloaded",
            "The file of a request was downloaded.",
            at=means.clock.now(),
            restaurant_id=found.restaurant_id,
            performed_by=caller_of(transaction).user_id,
            performed_by_role="user",
            subject=found.subject,
            facts={"request": str(found.id)},
        )
    return FileResponse(
        path, media_type="application/zip", filename=f"flow-{found.kind}.zip", headers={"cache-control": "no-store"}
    )


@router.get(f"{PAGE}/{{request_id}}/certificate")
async def certificate(request: Request, request_id: UUID, transaction: UserTransaction) -> Response:
    """What was found and done, as a page."""
    found = await store.find_request(transaction, request_id)
    choice = await choose_workplace(transaction, "privacy.read", found.restaurant_id)
    page = certificate_page(found, translator(request), restaurant=choice.chosen.name)
    return HTMLResponse(page, headers={"content-security-policy": policy_of(page)})


@router.get(f"{PAGE}/{{request_id}}/certificate.json")
async def certificate_json(request_id: UUID, transaction: UserTransaction) -> Response:
    """The same for programs."""
    return JSONResponse(certificate_facts(await store.find_request(transaction, request_id)))


async def _act(request: Request, transaction: Transaction, request_id: UUID, act: Act) -> Response:
    """Does something to a request, as the service and on behalf of the caller; what is wrong is told on the page."""
    found = await store.find_request(transaction, request_id)
    _require(transaction, found.restaurant_id)
    try:
        async with services(request).database.as_service() as acting:
            await act(_means(request), acting, _actor(transaction))
    except FlowError as problem:
        return await one_page(request, transaction, found, problem=problem)
    return RedirectResponse(f"{PAGE}/{request_id}", status_code=303)


async def _note_look(request: Request, transaction: Transaction, found: PrivacyRequest, counted: DryRun) -> None:
    async with services(request).database.as_service() as acting:
        await record(
            acting,
            "privacy_request_counted",
            "It was counted what a request is about.",
            at=services(request).clock.now(),
            restaurant_id=found.restaurant_id,
            performed_by=caller_of(transaction).user_id,
            performed_by_role="user",
            subject=found.subject,
            facts={"request": str(found.id), "rows": counted.total},
        )


def _moment(day: date | None, now: datetime) -> datetime:
    """Noon of the day on which it came in; now for today. InvalidInput for a day to come."""
    if day is None or day == now.date():
        return now
    if day > now.date():
        raise InvalidInput
    return datetime.combine(day, time(12), UTC)


def _require(transaction: Transaction, restaurant: UUID | None) -> None:
    if restaurant not in caller_of(transaction).restaurants_with("privacy.write"):
        raise NotAllowed


def _actor(transaction: Transaction) -> Actor:
    return Actor(user_id=caller_of(transaction).user_id, role="user")


def _means(request: Request) -> Means:
    given = services(request)
    return Means.of(given.settings, given.installation, given.database, given.clock)
