"""The settings page of a restaurant's website: the line for its pages, and who may use its keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access.choosing import choose_workplace
from flow.access.person import sure_person
from flow.business.restaurants.website import service, store
from flow.business.restaurants.website.errors import NoSuchOrigin, TooManySiteKeys
from flow.database.transaction import Caller, Transaction
from flow.errors import FlowError
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/website"
_SURE = [Depends(sure_person)]


class SiteKeyForm(BaseModel):
    """A key, new or not: `origins` is one address a line."""

    restaurant: UUID
    name: Annotated[str, Field(max_length=200)] = ""
    origins: Annotated[str, Field(max_length=6_000)] = ""


@router.get(PAGE)
async def website_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None, done: str = ""
) -> Response:
    """The site keys of a restaurant, and the form for a new one."""
    return await _page(request, transaction, restaurant, done=done)


@router.post(f"{PAGE}/keys", dependencies=_SURE)
async def make_site_key(
    request: Request, transaction: UserTransaction, form: Annotated[SiteKeyForm, Form()]
) -> Response:
    """Makes a key."""
    wish = {"name": form.name, "origins": form.origins}
    try:
        await service.make(services(request), _caller(transaction), form.restaurant, **wish)
    except (NoSuchOrigin, TooManySiteKeys) as problem:
        return await _page(request, transaction, form.restaurant, problem=problem, form=form)
    return _back(form.restaurant, "made")


@router.post(f"{PAGE}/keys/{{key}}", dependencies=_SURE)
async def change_site_key(
    request: Request, key: str, transaction: UserTransaction, form: Annotated[SiteKeyForm, Form()]
) -> Response:
    """Says anew which pages may use a key."""
    wish = {"name": form.name, "origins": form.origins}
    try:
        await service.change(services(request), _caller(transaction), form.restaurant, key, **wish)
    except NoSuchOrigin as problem:
        return await _page(request, transaction, form.restaurant, problem=problem, form=form, about=key)
    return _back(form.restaurant, "changed")


@router.post(f"{PAGE}/keys/{{key}}/revoke", dependencies=_SURE)
async def revoke_site_key(
    request: Request, key: str, transaction: UserTransaction, restaurant: Annotated[UUID, Form()]
) -> Response:
    """Ends a key."""
    await service.revoke(services(request), _caller(transaction), restaurant, key)
    return _back(restaurant, "revoked")


async def _page(
    request: Request,
    transaction: Transaction,
    wish: UUID | None,
    *,
    done: str = "",
    problem: FlowError | None = None,
    form: SiteKeyForm | None = None,
    about: str | None = None,
) -> Response:
    choice = await choose_workplace(transaction, service.WRITE, wish)
    return settings_page(
        request,
        transaction,
        "website.html",
        title=translator(request).gettext("Website"),
        status=problem.status if problem else 200,
        restaurant=choice.chosen,
        choices=choice.all,
        keys=await store.site_keys(transaction, choice.chosen.id),
        latest_visit=await store.latest_visit(transaction, choice.chosen.id),
        base_url=services(request).settings.base_url,
        now=services(request).clock.now(),
        done=done,
        problem=problem,
        form=form,
        about=about,
    )


def _back(restaurant: UUID, done: str) -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?restaurant={restaurant}&done={done}", status_code=303)


def _caller(transaction: Transaction) -> Caller:
    assert transaction.caller is not None
    return transaction.caller
