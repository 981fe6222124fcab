"""The settings page of API keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access.choosing import choose_workplace
from flow.access.keys import store
from flow.access.keys.errors import NoSuchScope, TooManyKeys
from flow.access.keys.scopes import names_of, scopes_within
from flow.access.keys.service import LIVES_DAYS, create_key, revoke_key
from flow.access.person import sure_person
from flow.database.transaction import Caller, Transaction
from flow.errors import FlowError, InvalidInput
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/keys"


class KeyForm(BaseModel):
    """The form that makes a key."""

    restaurant: UUID
    name: Annotated[str, Field(max_length=200)] = ""
    scopes: Annotated[list[str], Field(max_length=50)] = []
    days: int = 90


@router.get(PAGE)
async def keys_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None, done: str = ""
) -> Response:
    """The keys of a restaurant, and the form for a new one."""
    return await _page(request, transaction, restaurant, done=done)


@router.post(PAGE, dependencies=[Depends(sure_person)])
async def make_key(request: Request, transaction: UserTransaction, form: Annotated[KeyForm, Form()]) -> Response:
    """Makes a key, and shows it this once."""
    try:
        text = await create_key(
            services(request),
            _caller(transaction),
            form.restaurant,
            name=form.name,
            scopes=form.scopes,
            days=form.days,
        )
    except (NoSuchScope, TooManyKeys, InvalidInput) as problem:
        return await _page(request, transaction, form.restaurant, problem=problem, form=form)
    answer = await _page(request, transaction, form.restaurant, fresh=text)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post(f"{PAGE}/{{key_id}}/revoke", dependencies=[Depends(sure_person)])
async def revoke(
    request: Request, key_id: UUID, transaction: UserTransaction, restaurant: Annotated[UUID, Form()]
) -> Response:
    """Ends a key."""
    await revoke_key(services(request), _caller(transaction), restaurant, key_id)
    return RedirectResponse(f"{PAGE}?restaurant={restaurant}&done=revoked", status_code=303)


async def _page(
    request: Request,
    transaction: Transaction,
    restaurant: UUID | None,
    *,
    done: str = "",
    fresh: str | None = None,
    problem: FlowError | None = None,
    form: KeyForm | None = None,
) -> Response:
    choice = await choose_workplace(transaction, "keys.read", restaurant)
    caller, now = _caller(transaction), services(request).clock.now()
    keys = await store.keys_of(transaction, choice.chosen.id)
    return settings_page(
        request,
        transaction,
        "keys.html",
        title=translator(request).gettext("API keys"),
        status=problem.status if problem else 200,
        restaurant=choice.chosen,
        choices=choice.all,
        keys=[(key, names_of(key.scopes), key.expires_at <= now) for key in keys],
        may_write=choice.chosen.id in caller.restaurants_with("keys.write"),
        scopes=scopes_within(caller, choice.chosen.id),
        lives=LIVES_DAYS,
        fresh=fresh,
        done=done,
        problem=problem,
        form=form,
        now=now,
    )


def _caller(transaction: Transaction) -> Caller:
    assert transaction.caller is not None
    return transaction.caller
