"""The settings page of a restaurant's people."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access.choosing import choose_workplace
from flow.access.people import store
from flow.access.people.errors import AlreadyMember, LastAdmin, NoSuchRole
from flow.access.people.invitations import LIFE_DAYS, invite, withdraw
from flow.access.people.membership import change_role, remove_member
from flow.access.people.roles import role_name, what_it_may
from flow.access.people.types import ROLES
from flow.access.person import sure_person
from flow.database.transaction import Caller, Transaction
from flow.errors import FlowError, InvalidInput, TooManyRequests
from flow.web.i18n import Language
from flow.web.once import is_first_time
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/people"
Restaurant = Annotated[UUID, Form()]


class InvitationForm(BaseModel):
    """The form that invites somebody."""

    restaurant: UUID
    email: Annotated[str, Field(max_length=254)] = ""
    role: Annotated[str, Field(max_length=20)] = ""
    language: Language = "da"


@router.get(PAGE)
async def people_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None, done: str = ""
) -> Response:
    """Who works in a restaurant, who is invited, and the form that invites."""
    return await _page(request, transaction, restaurant, done=done)


@router.post(f"{PAGE}/invitations", dependencies=[Depends(sure_person)])
async def send_invitation(
    request: Request, transaction: UserTransaction, form: Annotated[InvitationForm, Form()]
) -> Response:
    """Invites somebody by mail."""
    choice = await choose_workplace(transaction, "people.read", form.restaurant)
    if not await is_first_time(request, transaction, form.restaurant, "people.read"):
        return _back(form.restaurant, "invited")
    try:
        await invite(
            services(request),
            _caller(transaction),
            choice.chosen,
            email=form.email,
            role=form.role,
            language=form.language,
        )
    except (AlreadyMember, NoSuchRole, InvalidInput, TooManyRequests) as problem:
        return await _page(request, transaction, form.restaurant, problem=problem, form=form)
    return _back(form.restaurant, "invited")


@router.post(f"{PAGE}/invitations/{{invitation}}/withdraw", dependencies=[Depends(sure_person)])
async def withdraw_invitation(
    request: Request, invitation: UUID, transaction: UserTransaction, restaurant: Restaurant
) -> Response:
    """Ends an invitation."""
    await withdraw(services(request), _caller(transaction), restaurant, invitation)
    return _back(restaurant, "withdrawn")


@router.post(f"{PAGE}/{{user}}/role", dependencies=[Depends(sure_person)])
async def set_role(
    request: Request,
    user: UUID,
    transaction: UserTransaction,
    restaurant: Restaurant,
    role: Annotated[str, Form(max_length=20)],
) -> Response:
    """Gives a member another role."""
    try:
        await change_role(services(request), _caller(transaction), restaurant, user, role=role)
    except (LastAdmin, NoSuchRole) as problem:
        return await _page(request, transaction, restaurant, problem=problem)
    return _back(restaurant, "role")


@router.post(f"{PAGE}/{{user}}/remove", dependencies=[Depends(sure_person)])
async def remove(request: Request, user: UUID, transaction: UserTransaction, restaurant: Restaurant) -> Response:
    """Takes a member's role away."""
    try:
        await remove_member(services(request), _caller(transaction), restaurant, user)
    except LastAdmin as problem:
        return await _page(request, transaction, restaurant, problem=problem)
    if user == _caller(transaction).user_id:
        return RedirectResponse("/settings", status_code=303)  # one may have left the only restaurant
    return _back(restaurant, "removed")


async def _page(
    request: Request,
    transaction: Transaction,
    restaurant: UUID | None,
    *,
    done: str = "",
    problem: FlowError | None = None,
    form: InvitationForm | None = None,
) -> Response:
    choice = await choose_workplace(transaction, "people.read", restaurant)
    caller, words, now = _caller(transaction), translator(request), services(request).clock.now()
    async with services(request).database.as_service() as service:  # names and addresses are the service's to read
        members = await store.members(service, choice.chosen.id)
    return settings_page(
        request,
        transaction,
        "people.html",
        title=words.gettext("People"),
        status=problem.status if problem else 200,
        restaurant=choice.chosen,
        choices=choice.all,
        members=members,
        invitations=await store.open_invitations(transaction, choice.chosen.id, now=now),
        roles=[(role, role_name(role, words), what_it_may(role, words)) for role in ROLES],
        role_names={role: role_name(role, words) for role in (*ROLES, "support")},
        may_write=choice.chosen.id in caller.restaurants_with("people.write"),
        me=caller.user_id,
        life_days=LIFE_DAYS,
        done=done,
        problem=problem,
        form=form,
        now=now,
    )


def _back(restaurant: UUID, done: str) -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?{urlencode({'restaurant': restaurant, 'done': done})}", status_code=303)


def _caller(transaction: Transaction) -> Caller:
    assert transaction.caller is not None
    return transaction.caller
