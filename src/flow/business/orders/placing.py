"""POST /api/orders: a page orders with its site key, staff with their token."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from limits import RateLimitItemPerMinute

from flow.business.fields import SiteKeyText
from flow.business.orders import service
from flow.business.orders.api import told
from flow.business.orders.errors import IdempotencyKeyMissing, InvalidOrder
from flow.business.orders.receipts import receipt_token
from flow.business.orders.schemas import OrderBody, PlacedOrder
from flow.business.orders.types import PlaceOrder
from flow.business.orders.visitors import VisitorIdentity
from flow.business.restaurants.service import restaurant_of_page, restaurant_of_staff
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.errors import NotAllowed
from flow.web.addresses import address_of
from flow.web.pages import translator
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, verified_claims

# A guard against floods, far above what guests behind one address order.
_PER_ADDRESS = RateLimitItemPerMinute(600)
_CHANNELS_OF_PAGES = frozenset({"web", "app"})

IdempotencyKey = Annotated[
    str | None, Header(pattern=r"^[\x21-\x7e]{1,200}$", description="Required: the same key orders once.")
]
SiteKey = Annotated[SiteKeyText | None, Header(description="The page's site key, unless the body has it.")]


def placing_routes(visitors: VisitorIdentity) -> APIRouter:
    """The route; `visitors` finds the visit of a guest who did not agree to a lasting id."""
    router = APIRouter(tags=["orders"])

    @router.post(
        "/api/orders",
        status_code=201,
        responses={200: {"model": PlacedOrder, "description": "This request had placed the order before."}},
    )
    async def place_order(
        *,
        request: Request,
        response: Response,
        transaction: ServiceTransaction,
        body: OrderBody,
        idempotency_key: IdempotencyKey = None,
        x_flow_key: SiteKey = None,
    ) -> PlacedOrder:
        """Places an order with the server's prices: for a guest of a page that shows its site key, else as staff.

        The same Idempotency-Key with the same body answers the same order with 200; with another body 409.
        """
        if idempotency_key is None:
            raise IdempotencyKeyMissing
        key = body.key or x_flow_key
        if key:
            restaurant, wish = await _of_guest(request, transaction, body, key, visitors)
        else:
            restaurant, wish = await _of_staff(request, body)
        wish = replace(wish, idempotency_key=idempotency_key)
        return await _place(request, response, transaction, restaurant, wish)

    return router


async def _of_guest(
    request: Request, transaction: Transaction, body: OrderBody, key: str, visitors: VisitorIdentity
) -> tuple[Restaurant, PlaceOrder]:
    services(request).limits.hit(_PER_ADDRESS, "orders", str(body.restaurant_id), address_of(request))
    restaurant = await restaurant_of_page(
        transaction, body.restaurant_id, key, origin=request.headers.get("origin"), own_host=request.headers.get("host")
    )
    if body.channel not in _CHANNELS_OF_PAGES:
        raise NotAllowed("A page orders through channel web or app.")
    return restaurant, body.wish(daily_visitor_id=await visitors.visitor_of(request, restaurant.id))


async def _of_staff(request: Request, body: OrderBody) -> tuple[Restaurant, PlaceOrder]:
    claims = await verified_claims(request)
    async with services(request).database.as_user(claims, read_only=True) as transaction:
        restaurant = await restaurant_of_staff(transaction, body.restaurant_id, "orders.write")
        assert transaction.caller is not None
        return restaurant, body.wish(placed_by=transaction.caller.user_id)


async def _place(
    request: Request, response: Response, transaction: Transaction, restaurant: Restaurant, wish: PlaceOrder
) -> PlacedOrder:
    try:
        placed = await service.place(transaction, restaurant, wish, clock=services(request).clock)
    except InvalidOrder as error:
        raise error.told_in(translator(request)) from None
    order = placed.order
    if not placed.is_new:
        response.status_code = 200
    token = receipt_token(services(request).installation.secret, restaurant.id, order.id)
    receipt = f"/shop/{restaurant.slug}/orders/{order.id}?token={token}"
    staff_address = f"/api/orders/{order.id}?restaurant_id={restaurant.id}"
    response.headers["Location"] = staff_address if wish.placed_by else receipt
    answer = await told(transaction, order, with_payments=True)
    return PlacedOrder(**dict(answer), url=receipt)
