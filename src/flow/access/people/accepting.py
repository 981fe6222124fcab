"""The page that an invitation's link leads to.

Looking uses nothing up: mail programs and virus scanners open links too. The page tells no other site where it is.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access.api import device_of
from flow.access.cookie import set_session_cookie
from flow.access.errors import WeakPassword
from flow.access.passwords import MAX_CHARACTERS, MIN_CHARACTERS
from flow.access.people import invitations
from flow.access.people.errors import AlreadyMember, InvitationOfAnother, InvitationOver, LogInFirst
from flow.access.people.roles import role_name
from flow.access.people.types import Invitation
from flow.access.person import LoggedIn, logged_in
from flow.errors import FlowError, NotAuthenticated
from flow.web.addresses import address_of, require_same_origin
from flow.web.pages import render, translator
from flow.web.services import services
from flow.web.transactions import bearer_token, verified_claims

router = APIRouter(include_in_schema=False)
FRONT_PAGE = "/dashboard"
NO_TRACES = {"referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex"}


class NewcomerForm(BaseModel):
    """What somebody who is new fills in."""

    name: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""


@router.get("/invitations/{link}")
async def invitation_page(request: Request, link: str) -> Response:
    """Who invites to what; a form for who is new, a button for who is logged in, the way to the log-in otherwise."""
    try:
        invitation = await invitations.look_at(services(request), link, address=address_of(request))
    except InvitationOver as over:
        return _page(request, None, None, problem=over)
    return _page(request, invitation, await _person(request))


@router.post("/invitations/{link}", dependencies=[Depends(require_same_origin)])
async def accept_invitation(request: Request, link: str, form: Annotated[NewcomerForm, Form()]) -> Response:
    """Accepts: as who is logged in, or with a new account."""
    try:
        invitation = await invitations.look_at(services(request), link, address=address_of(request))
    except InvitationOver as over:
        return _page(request, None, None, problem=over)
    person = await _person(request)
    try:
        if person is not None:
            await invitations.accept_as(services(request), invitation, person)
            return RedirectResponse(FRONT_PAGE, status_code=303, headers=NO_TRACES)
        token = await invitations.accept_as_newcomer(
            services(request), invitation, name=form.name, password=form.password, device=device_of(request)
        )
    except (InvitationOver, InvitationOfAnother, LogInFirst, AlreadyMember, WeakPassword) as problem:
        return _page(request, invitation, person, problem=problem, name=form.name)
    answer = RedirectResponse("/settings/security", status_code=303, headers=NO_TRACES)
    set_session_cookie(answer, token, services(request))
    return answer


async def _person(request: Request) -> LoggedIn | None:
    """Who is logged in, if anybody is."""
    if not bearer_token(request):
        return None
    try:
        claims = await verified_claims(request)
        async with services(request).database.as_user(claims) as transaction:
            return await logged_in(claims, transaction)
    except NotAuthenticated:
        request.state.claims = None
        return None


def _page(
    request: Request,
    invitation: Invitation | None,
    person: LoggedIn | None,
    *,
    problem: FlowError | None = None,
    name: str = "",
) -> Response:
    words = translator(request)
    answer = render(
        request,
        "invitation.html",
        title=words.gettext("Invitation"),
        status=problem.status if problem else 200,
        invitation=invitation,
        role=role_name(invitation.role, words) if invitation else "",
        person=person,
        problem=problem,
        name=name,
        min_characters=MIN_CHARACTERS,
    )
    answer.headers.update(NO_TRACES)
    return answer
