"""The pages of the demo shop. They set no cookie, and ask for consent to what needs it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from flow.business.menu.schemas import categories_answer
from flow.business.menu.service import by_category
from flow.business.menu.store import active_menu
from flow.business.orders import store as orders
from flow.business.orders.errors import OrderNotFound
from flow.business.orders.marketing import marketing_text
from flow.business.orders.receipts import is_receipt_token, payment_path
from flow.business.orders.types import Order
from flow.business.payments.store import connected_providers, payments_of
from flow.business.restaurants.errors import RestaurantNotFound
from flow.business.restaurants.store import find_restaurant_by_slug, newest_site_key
from flow.business.restaurants.types import Restaurant, SiteKey
from flow.business.shop.paying import online_ways, payment_text, waits_for_payment
from flow.business.shop.receipt import lines_of, steps_of
from flow.database.transaction import Transaction
from flow.web.pages import render, translator
from flow.web.services import services
from flow.web.transactions import ServiceTransaction

router = APIRouter(prefix="/shop", include_in_schema=False)

Token = Annotated[str, Query(max_length=100)]
Problem = Annotated[str, Query(max_length=20, description="`provider` when its page could not be opened.")]


@router.get("/{slug}")
async def shop(request: Request, transaction: ServiceTransaction, slug: str) -> Response:
    """The menu with cart and checkout; only for restaurants whose pages have a site key."""
    restaurant, key = await _shop(transaction, slug)
    categories = by_category(await active_menu(transaction, restaurant.id))
    words = translator(request)
    return render(
        request,
        "shop.html",
        title=restaurant.name,
        shop=_head(restaurant)
        | {"online": online_ways(restaurant, await connected_providers(transaction, restaurant.id), words)},
        tracker=_tracker(restaurant, key),
        order_url="/api/orders",
        quote_url="/api/quotes",
        menu=categories_answer(categories),
        marketing=await marketing_text(transaction, restaurant.id, words.language),
    )


@router.get("/{slug}/orders/{order_id}")
async def receipt(
    request: Request,
    transaction: ServiceTransaction,
    slug: str,
    order_id: UUID,
    token: Token,
    problem: Problem = "",
    returned: Problem = "",
) -> Response:
    """The guest's receipt, for whoever has its address; `returned` is set when the payment page sent them back."""
    restaurant, key = await _shop(transaction, slug)
    order = await _order(request, transaction, restaurant, order_id, token)
    words = translator(request)
    history = await orders.steps_of(transaction, restaurant.id, order.id)
    payments = await payments_of(transaction, restaurant.id, order.id)
    waits = waits_for_payment(order, payments)
    answer = render(
        request,
        "confirmation.html",
        title=words.gettext("Order %(number)s", number=order.order_number),
        shop=_head(restaurant),
        tracker=_tracker(restaurant, key),
        shop_url=f"/shop/{restaurant.slug}",
        status_url=f"/shop/{restaurant.slug}/orders/{order.id}/status?token={token}",
        order=order,
        placed_on=order.created_at.astimezone(restaurant.calendar.zone).date(),
        lines=lines_of(await orders.items_of(transaction, restaurant.id, order.id)),
        payment_text=payment_text(payments, words),
        payment_status=payments[-1].status if payments else "",
        pay_url=payment_path(restaurant.slug, order.id, token) if waits else None,
        pay_failed=problem == "provider",
        has_returned=bool(returned),
        steps=steps_of(order, history, words),
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@router.get("/{slug}/orders/{order_id}/status")
async def status(
    request: Request, transaction: ServiceTransaction, slug: str, order_id: UUID, token: Token
) -> dict[str, object]:
    """Where the order is now, for the open receipt."""
    restaurant, _ = await _shop(transaction, slug)
    order = await _order(request, transaction, restaurant, order_id, token)
    words = translator(request)
    steps = steps_of(order, await orders.steps_of(transaction, restaurant.id, order.id), words)
    times = [
        {"status": step.status, "at_text": words.time(step.at, restaurant.time_zone) if step.at else ""}
        for step in steps
    ]
    payments = await payments_of(transaction, restaurant.id, order.id)
    return {"status": order.status, "payment": payments[-1].status if payments else "", "steps": times}


async def _shop(transaction: Transaction, slug: str) -> tuple[Restaurant, SiteKey]:
    restaurant = await find_restaurant_by_slug(transaction, slug)
    key = await newest_site_key(transaction, restaurant.id)
    if key is None or restaurant.status == "closed":
        raise RestaurantNotFound
    return restaurant, key


async def _order(
    request: Request, transaction: Transaction, restaurant: Restaurant, order_id: UUID, token: str
) -> Order:
    if not is_receipt_token(token, services(request).installation.secret, restaurant.id, order_id):
        raise OrderNotFound
    return await orders.find_order(transaction, restaurant.id, order_id)


def _head(restaurant: Restaurant) -> dict[str, object]:
    address = " ".join(part for part in (restaurant.postal_code, restaurant.city) if part)
    return {
        "id": restaurant.id,
        "name": restaurant.name,
        "currency": restaurant.currency,
        "time_zone": restaurant.time_zone,
        "address": ", ".join(part for part in (restaurant.address, address) if part),
        "phone": restaurant.phone,
        "delivery_fee": restaurant.delivery_fee,
        "free_delivery_from": restaurant.free_delivery_from,
        "minimum_order": restaurant.minimum_order,
        "simulated": restaurant.is_simulated,
        "is_open": restaurant.status == "active",
    }


def _tracker(restaurant: Restaurant, key: SiteKey) -> dict[str, object]:
    return {"restaurant_id": restaurant.id, "key": key.key}
