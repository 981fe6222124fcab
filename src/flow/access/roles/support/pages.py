"""The settings page of support's doors: open one, close one, see who had one open."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from flow.access.person import logged_in
from flow.access.roles.people import names_of
from flow.access.roles.support import service, store
from flow.access.second_factor.errors import StepUpRequired
from flow.database.transaction import Transaction
from flow.errors import InvalidInput, NotAllowed
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False, dependencies=[Depends(logged_in)])
PAGE = "/settings/support"
MINUTES = (30, 60, 120, 240, 480)


@router.get(PAGE)
async def support_page(request: Request, transaction: UserTransaction) -> Response:
    """The doors that the reader may open, and who had which open."""
    return await _page(request, transaction)


@router.post(PAGE)
async def open_door(
    request: Request,
    transaction: UserTransaction,
    restaurant: Annotated[UUID, Form()],
    reason: Annotated[str, Form(max_length=2_000)] = "",
    minutes: Annotated[int, Form()] = 60,
) -> Response:
    """Opens a door."""
    try:
        await service.open_door(transaction, restaurant, reason=reason, minutes=minutes)
    except InvalidInput:
        return await _page(request, transaction, wish=(restaurant, reason, minutes))
    return RedirectResponse(PAGE, status_code=303)


@router.post(f"{PAGE}/{{access_id}}/end")
async def close_door(transaction: UserTransaction, access_id: UUID) -> Response:
    """Closes a door."""
    await service.close_door(transaction, access_id)
    return RedirectResponse(PAGE, status_code=303)


async def _page(request: Request, transaction: Transaction, *, wish: tuple[UUID, str, int] | None = None) -> Response:
    caller = transaction.caller
    assert caller is not None
    restaurants = await store.supported(transaction)
    if not caller.restaurants_with("support.read"):
        raise NotAllowed
    if "support" in caller.platform_roles and not restaurants:
        raise StepUpRequired  # on the platform the role counts with a second factor only
    found = await store.accesses(transaction)
    now = services(request).clock.now()
    people, names = await names_of(
        services(request).database,
        users={access.user_id for access in found},
        restaurants={access.restaurant_id for access in found},
    )
    closable = caller.restaurants_with("people.write")
    return settings_page(
        request,
        transaction,
        "support.html",
        title=translator(request).gettext("Support access"),
        status=422 if wish else 200,
        restaurants=restaurants,
        wish=wish or (None, "", MINUTES[1]),
        is_wrong=wish is not None,
        lengths=MINUTES,
        limits=(service.SHORTEST_REASON, service.LONGEST_REASON),
        open=[
            (access, access.user_id == caller.user_id or access.restaurant_id in closable)
            for access in found
            if access.is_open(now)
        ],
        past=[access for access in found if not access.is_open(now)],
        people=people,
        names=names,
        me=caller.user_id,
        now=now,
    )
