"""The page of notifications."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from flow.access.choosing import choose_workplace
from flow.access.person import Person
from flow.delivery.notices import store
from flow.delivery.notices.words import told
from flow.errors import NotAllowed
from flow.web.pages import render, translator
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import UserTransaction

__all__ = ["PAGE", "router"]

router = APIRouter(include_in_schema=False)
PAGE: Final = "/notifications"
_PERMISSION: Final = "notifications.read"
_MOST: Final = 100


@router.get(PAGE, response_class=HTMLResponse)
async def notices_page(
    request: Request, transaction: UserTransaction, person: Person, restaurant: str = ""
) -> HTMLResponse:
    """What the restaurant's people should know, in the reader's language; what nobody has read comes first."""
    choice = await choose_workplace(transaction, _PERMISSION, _one(restaurant))
    words = translator(request)
    found = await store.notices_of(transaction, choice.chosen.id, user_id=person.user, most=_MOST)
    return render(
        request,
        "notices.html",
        title=words.gettext("Notifications"),
        restaurant=choice.chosen,
        choices=choice.all,
        notices=[told(notice, words) for notice in found],
        now=services(request).clock.now(),
        places=places(transaction, str(choice.chosen.id), words),
    )


@router.post(f"{PAGE}/read")
async def read_notices(
    request: Request,
    transaction: UserTransaction,
    person: Person,
    restaurant: Annotated[UUID, Form()],
    notice: Annotated[UUID | None, Form()] = None,
) -> RedirectResponse:
    """Marks one as read, or all."""
    if transaction.caller is None or restaurant not in transaction.caller.restaurants_with(_PERMISSION):
        raise NotAllowed
    await store.mark_read(
        transaction, restaurant, user_id=person.user, notice=notice, now=services(request).clock.now()
    )
    return RedirectResponse(f"{PAGE}?restaurant={restaurant}", status_code=303)


def _one(restaurant: str) -> UUID | None:
    """The restaurant that is named; None for a group, of which the first is shown. Other text names nothing."""
    try:
        return UUID(restaurant)
    except ValueError:
        return None
