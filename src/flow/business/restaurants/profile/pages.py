"""The settings page of a restaurant's profile."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from flow.access.choosing import choose_workplace
from flow.access.person import LoggedIn, sure_person
from flow.business.restaurants.profile import store
from flow.business.restaurants.profile.form import Faults, ProfileForm, form_of, read_form
from flow.business.restaurants.profile.service import change_profile
from flow.business.restaurants.service import restaurant_of_staff
from flow.database.transaction import Transaction
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/restaurant"
WRITE = "restaurant.write"
_NEAR = sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Atlantic/")))


@router.get(PAGE)
async def profile_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None, done: str = ""
) -> Response:
    """The profile of a restaurant, to be changed."""
    return await _page(request, transaction, restaurant, done=done)


@router.post(PAGE)
async def save_profile(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    form: Annotated[ProfileForm, Form()],
    person: Annotated[LoggedIn, Depends(sure_person)],
) -> Response:
    """Changes it; or shows it again, saying what is wrong field by field."""
    restaurant = await restaurant_of_staff(transaction, form.restaurant, WRITE)
    profile = read_form(form, restaurant, translator(request))
    if isinstance(profile, dict):
        return await _page(request, transaction, restaurant.id, form=form, faults=profile)
    at = services(request).clock.now()
    await change_profile(transaction, service, restaurant.id, profile, by=person.user, at=at)
    return RedirectResponse(f"{PAGE}?restaurant={restaurant.id}&done=saved", status_code=303)


async def _page(
    request: Request,
    transaction: Transaction,
    wish: UUID | None,
    *,
    done: str = "",
    form: ProfileForm | None = None,
    faults: Faults | None = None,
) -> Response:
    choice, words = await choose_workplace(transaction, WRITE, wish), translator(request)
    restaurant = await restaurant_of_staff(transaction, choice.chosen.id, WRITE)
    profile = await store.find_profile(transaction, restaurant.id)
    return settings_page(
        request,
        transaction,
        "restaurant.html",
        title=words.gettext("Restaurant"),
        status=422 if faults else 200,
        restaurant=restaurant,
        choices=choice.all,
        form=form or form_of(restaurant.id, profile, words),
        faults=faults or {},
        done=done,
        time_zones=_NEAR,
    )
