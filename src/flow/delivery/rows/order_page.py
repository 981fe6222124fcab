"""One order as a page: what was ordered, what it came to, its steps, and the buttons that move it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Self
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from flow.business.orders import moves
from flow.business.orders.api import told
from flow.business.orders.errors import IllegalMove
from flow.business.orders.status import ACTIVE, allowed_from
from flow.business.orders.store import find_order
from flow.business.orders.types import Order, Status
from flow.business.outbox.catalogue import EVENT_TYPES
from flow.business.payments.errors import NothingToRefund
from flow.business.payments.store import payments_of
from flow.business.payments.types import Payment
from flow.business.restaurants.service import restaurant_of_staff
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.sentences import retold
from flow.database.transaction import Transaction
from flow.delivery.dashboards import labels
from flow.delivery.rows.elsewhere import elsewhere
from flow.delivery.rows.provider_pages import PROVIDER_NAMES, invoice_page, payment_page
from flow.delivery.webhooks.store import deliveries_about
from flow.delivery.webhooks.types import DeliveryAbout
from flow.errors import FlowError, InvalidInput
from flow.kit.money import Money
from flow.web.i18n import Translator
from flow.web.once import is_first_time
from flow.web.pages import render, translator
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
# Moves that end an order badly need a reason, which a single button cannot give.
_WITH_REASON = ("cancelled", "refunded")

OfRestaurant = Annotated[UUID, Query(alias="restaurant")]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that was refused, as it was filled in; `what` is the error's code, or the field that it is about."""

    what: str
    status: int
    most: int
    move: str
    reason: str
    amount: str

    @classmethod
    def of(cls, error: FlowError, *, move: str, reason: str, amount: str) -> Self:
        most = error.details.get("refundable", 0)
        what = str(error.details.get("at", error.code))
        return cls(what, error.status, most if isinstance(most, int) else 0, move, reason, amount)


@router.get("/orders/{order_id}", response_class=HTMLResponse)
async def order_page(
    request: Request, transaction: UserTransaction, order_id: UUID, restaurant_id: OfRestaurant
) -> HTMLResponse:
    """The order with lines, steps and, for those who may see them, payments and the guest."""
    return await _page(request, transaction, order_id, restaurant_id)


async def _page(
    request: Request, transaction: Transaction, order_id: UUID, restaurant_id: UUID, *, wrong: Wrong | None = None
) -> HTMLResponse:
    words = translator(request)
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "active_orders.read")
    order = await find_order(transaction, restaurant_id, order_id)
    sees_payments = _may(transaction, "payments.read", restaurant_id)
    payments = await payments_of(transaction, restaurant_id, order_id) if sees_payments else []
    next_steps = allowed_from(order.status, order.fulfillment_type)
    may_move = _may(transaction, "orders.write", restaurant_id)
    may_refund = "refunded" in next_steps and _may(transaction, "payments.write", restaurant_id)
    settings = services(request).settings
    return render(
        request,
        "order.html",
        title=words.gettext("Order %(number)s", number=order.order_number),
        status=wrong.status if wrong else 200,
        order=await told(transaction, order, with_payments=False),
        restaurant=restaurant,
        status_text={key: labels.status(key, words) for key in labels.STATUSES},
        channel_text=labels.channel(order.channel, words),
        fulfillment_text=labels.fulfillment(order.fulfillment_type, words),
        payments=[
            (payment, labels.payment(payment.provider, payment.status, words), payment_page(settings, payment))
            for payment in payments
        ],
        steps=[(step, labels.status(step, words)) for step in next_steps if may_move and step not in _WITH_REASON],
        may_cancel=may_move and "cancelled" in next_steps,
        refundable=sum(payment.refundable for payment in payments) if may_refund else 0,
        back_href=_orders_of_the_day(order, restaurant),
        zone=restaurant.time_zone,
        elsewhere=await elsewhere(request, transaction, order, words),
        retold=partial(retold, words=words),
        provider_names=PROVIDER_NAMES,
        invoice_page=partial(invoice_page, settings),
        deliveries=await _deliveries(request, transaction, order, payments),
        event_titles={name: words.gettext(each.title) for name, each in EVENT_TYPES.items()},
        places=places(transaction, str(restaurant_id), words),
        wrong=wrong,
        now=services(request).clock.now(),
    )


@router.post("/orders/{order_id}/moves")
async def move_order(
    request: Request,
    transaction: UserTransaction,
    order_id: UUID,
    restaurant_id: OfRestaurant,
    status: Annotated[Status, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
    amount: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Moves the order on, or pays back `amount` kroner (all of it when empty), and shows it again."""
    permission = "payments.write" if status == "refunded" else "orders.write"
    restaurant = await restaurant_of_staff(transaction, restaurant_id, permission)
    moved_by = transaction.caller.user_id if transaction.caller else None
    clock, why = services(request).clock, reason.strip()
    stays = status in ACTIVE or _may(transaction, "orders.read", restaurant_id)
    path = f"/orders/{order_id}" if stays else "/orders"  # who sees what is underway goes on to the next
    shown = RedirectResponse(f"{path}?{urlencode({'restaurant': restaurant_id})}", status_code=303)
    try:
        if status in _WITH_REASON and not why:
            raise InvalidInput("Say why, so that others know later.", details={"at": "reason"})
        back = _ore(amount, translator(request)) if status == "refunded" else None
        if not await is_first_time(request, transaction, restaurant_id, permission):
            return shown
        if status == "refunded":
            await moves.refund(transaction, restaurant, order_id, back, reason=why, clock=clock, moved_by=moved_by)
        else:
            await moves.move(
                transaction, restaurant, order_id, status, reason=why or None, clock=clock, moved_by=moved_by
            )
    except (InvalidInput, IllegalMove, NothingToRefund) as error:  # each of them before anything was moved
        wrong = Wrong.of(error, move=status, reason=reason, amount=amount)
        return await _page(request, transaction, order_id, restaurant_id, wrong=wrong)
    return shown


async def _deliveries(
    request: Request, transaction: Transaction, order: Order, payments: Sequence[Payment]
) -> list[DeliveryAbout]:
    """What other systems were told of the order and its payments, for those who may see how they are connected."""
    if not _may(transaction, "integrations.read", order.restaurant_id):
        return []
    things = [order.id, *(payment.id for payment in payments)]
    async with services(request).database.as_service() as service:  # the events are nobody's to read
        return await deliveries_about(service, order.restaurant_id, things)


def _may(transaction: Transaction, permission: str, restaurant_id: UUID) -> bool:
    return transaction.caller is not None and restaurant_id in transaction.caller.restaurants_with(permission)


def _ore(amount: str, words: Translator) -> int | None:
    """Øre of an amount as the reader writes it; None for an empty one."""
    if not amount.strip():
        return None
    try:
        return Money.parse(amount, "DKK", decimal_mark="." if words.language == "en" else ",").amount
    except ValueError:
        raise InvalidInput("This is not an amount.", details={"at": "amount"}) from None


def _orders_of_the_day(order: Order, restaurant: Restaurant) -> str:
    day = restaurant.calendar.business_day(order.created_at).isoformat()
    return "/orders?" + urlencode({"restaurant": restaurant.id, "from": day, "to": day})
