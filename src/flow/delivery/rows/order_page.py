"""One order as a page: what was ordered, what it came to, its steps, and the buttons that move it on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from flow.business.orders import moves
from flow.business.orders.api import told
from flow.business.orders.status import allowed_from
from flow.business.orders.store import find_order
from flow.business.orders.types import Status
from flow.business.restaurants.service import restaurant_of_staff
from flow.delivery.dashboards import labels
from flow.web.pages import render, translator
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
# Moves that end an order badly need a reason, which a single button cannot give.
_WITH_REASON = ("cancelled", "refunded")

OfRestaurant = Annotated[UUID, Query(alias="restaurant")]


@router.get("/orders/{order_id}", response_class=HTMLResponse)
async def order_page(
    request: Request, transaction: UserTransaction, order_id: UUID, restaurant_id: OfRestaurant
) -> HTMLResponse:
    """The order with lines, steps and, for those who may see them, payments and the guest."""
    words = translator(request)
    caller = transaction.caller
    assert caller is not None
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "orders.read")
    order = await find_order(transaction, restaurant_id, order_id)
    may_see_payments = restaurant_id in caller.restaurants_with("payments.read")
    may_move = restaurant_id in caller.restaurants_with("orders.write")
    next_steps = allowed_from(order.status, order.fulfillment_type) if may_move else ()
    return render(
        request,
        "order.html",
        title=words.gettext("Order %(number)s", number=order.order_number),
        order=await told(transaction, order, with_payments=may_see_payments),
        restaurant=restaurant,
        steps=[(step, labels.status(step, words)) for step in next_steps if step not in _WITH_REASON],
        may_cancel="cancelled" in next_steps,
        status_text={key: words.gettext(text) for key, text in labels.STATUSES.items()},
        channel_text=labels.channel(order.channel, words),
        zone=restaurant.time_zone,
    )


@router.post("/orders/{order_id}/moves")
async def move_order(
    request: Request,
    transaction: UserTransaction,
    order_id: UUID,
    restaurant_id: OfRestaurant,
    status: Annotated[Status, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> RedirectResponse:
    """Moves the order on, and shows it again."""
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "orders.write")
    moved_by = transaction.caller.user_id if transaction.caller else None
    clock = services(request).clock
    await moves.move(
        transaction, restaurant, order_id, status, reason=reason.strip() or None, clock=clock, moved_by=moved_by
    )
    return RedirectResponse(f"/orders/{order_id}?restaurant={restaurant_id}", status_code=303)
