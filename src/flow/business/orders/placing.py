"""Ordering over HTTP: a page asks and orders with its site key, staff with their token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from limits import RateLimitItemPerMinute

from flow.business.fields import SiteKeyText
from flow.business.orders import service
from flow.business.orders.api import told
from flow.business.orders.errors import IdempotencyKeyMissing, InvalidOrder, PriceChanged
from flow.business.orders.marketing import record_marketing
from flow.business.orders.receipts import payment_path, receipt_path, receipt_token
from flow.business.orders.schemas import OrderBody, OrderDetail, PlacedOrder, QuoteAnswer
from flow.business.orders.types import Placed, PlaceOrder
from flow.business.orders.visitors import VisitorIdentity
from flow.business.payments.types import ONLINE
from flow.business.restaurants.errors import RestaurantClosed
from flow.business.restaurants.service import restaurant_of_page, restaurant_of_staff
from flow.business.restaurants.types import Restaurant
from flow.errors import NotAllowed
from flow.privacy.consents.collection import collection_of
from flow.web.addresses import address_of
from flow.web.pages import translator
from flow.web.services import services
from flow.web.transactions import verified_claims

# A guard against floods, far above what guests behind one address order.
_PER_ADDRESS = RateLimitItemPerMinute(600)
_CHANNELS_OF_PAGES = frozenset({"web", "app"})

IdempotencyKey = Annotated[
    str | None, Header(pattern=r"^[\x21-\x7e]{1,200}$", description="Required: the same key orders once.")
]
SiteKey = Annotated[SiteKeyText | None, Header(description="The page's site key, unless the body has it.")]


def placing_routes(visitors: VisitorIdentity) -> APIRouter:
    """The routes; `visitors` finds the visit of a guest who did not agree to a lasting id."""
    router = APIRouter(prefix="/api", tags=["orders"])

    @router.post("/quotes")
    async def quote_order(request: Request, body: OrderBody, x_flow_key: SiteKey = None) -> QuoteAnswer:
        """What the order would cost, discount and delivery included; nothing is stored. Who may order may ask."""
        restaurant, wish = await _wish(request, body, body.key or x_flow_key)
        async with services(request).database.as_service() as transaction:
            with _told_in_the_language_of(request):
                cost = await service.quote(transaction, restaurant, wish, clock=services(request).clock)
        return QuoteAnswer.of(cost, restaurant.currency)

    @router.post(
        "/orders",
        status_code=201,
        responses={200: {"model": PlacedOrder, "description": "This request had placed the order before."}},
    )
    async def place_order(
        request: Request,
        response: Response,
        body: OrderBody,
        idempotency_key: IdempotencyKey = None,
        x_flow_key: SiteKey = None,
    ) -> PlacedOrder:
        """Places an order with the server's prices: for a guest of a page that shows its site key, else as staff.

        The same Idempotency-Key with the same body answers the same order with 200; with another body 409.
        """
        if idempotency_key is None:
            raise IdempotencyKeyMissing
        restaurant, wish = await _wish(request, body, body.key or x_flow_key)
        if wish.placed_by is None:
            wish = replace(wish, daily_visitor_ids=await visitors.visitors_of(request, restaurant))
        wish = replace(wish, idempotency_key=idempotency_key)
        async with services(request).database.as_service() as transaction:
            with _told_in_the_language_of(request):
                placed = await service.place(transaction, restaurant, wish, clock=services(request).clock)
            if placed.is_new and body.marketing_consent and body.marketing_text_version:
                await record_marketing(
                    transaction,
                    services(request).installation,
                    placed.order,
                    body.marketing_text_version,
                    collection=collection_of(request, "checkout", recorded_by=wish.placed_by),
                    at=placed.order.recorded_at,
                )
            order = await told(transaction, placed.order, with_payments=True)
        receipt = _receipt(request, restaurant, placed)
        response.headers["Location"] = _staff_address(placed) if wish.placed_by else receipt
        response.status_code = 201 if placed.is_new else 200
        return PlacedOrder(**dict(order), url=receipt, payment_url=_payment(request, restaurant, order))

    return router


async def _wish(request: Request, body: OrderBody, key: str | None) -> tuple[Restaurant, PlaceOrder]:
    """The order as a guest with a site key, else as staff, may wish it."""
    return await (_of_guest(request, body, key) if key else _of_staff(request, body))


async def _of_guest(request: Request, body: OrderBody, key: str) -> tuple[Restaurant, PlaceOrder]:
    services(request).limits.hit(_PER_ADDRESS, "orders", str(body.restaurant_id), address_of(request))
    if body.channel not in _CHANNELS_OF_PAGES:
        raise NotAllowed("A page orders through channel web or app.")
    origin, host = request.headers.get("origin"), request.headers.get("host")
    async with services(request).database.as_service() as transaction:
        restaurant = await restaurant_of_page(transaction, body.restaurant_id, key, origin=origin, own_host=host)
    return restaurant, body.wish(user_id=await _guest_who_logged_in(request))


async def _guest_who_logged_in(request: Request) -> UUID | None:
    """The user whose token a guest's app sends along: the order is theirs to see later. A cookie alone says nothing,
    for people of the restaurant try their own shop while logged in; and a key is no person.
    """
    if "authorization" not in request.headers:
        return None
    claims = await verified_claims(request)
    if "api_key" in claims:
        return None
    async with services(request).database.as_user(claims, read_only=True) as transaction:  # has the log-in ended?
        return transaction.caller.user_id if transaction.caller else None


async def _of_staff(request: Request, body: OrderBody) -> tuple[Restaurant, PlaceOrder]:
    claims = await verified_claims(request)
    async with services(request).database.as_user(claims, read_only=True) as transaction:
        restaurant = await restaurant_of_staff(transaction, body.restaurant_id, "orders.write")
        assert transaction.caller is not None
        return restaurant, body.wish(placed_by=transaction.caller.user_id)


@contextmanager
def _told_in_the_language_of(request: Request) -> Iterator[None]:
    try:
        yield
    except InvalidOrder as error:
        raise error.told_in(translator(request)) from None
    except (PriceChanged, RestaurantClosed) as error:
        words = translator(request).gettext(error.message)
        raise type(error)(words, details=error.details) from None


def _receipt(request: Request, restaurant: Restaurant, placed: Placed) -> str:
    token = receipt_token(services(request).installation.secret, restaurant.id, placed.order.id)
    return receipt_path(restaurant.slug, placed.order.id, token)


def _payment(request: Request, restaurant: Restaurant, order: OrderDetail) -> str | None:
    """Where the guest pays online, while that is to be done."""
    payments = order.payments or []
    if order.status != "pending" or not any(payment.provider in ONLINE for payment in payments):
        return None
    token = receipt_token(services(request).installation.secret, restaurant.id, order.id)
    return payment_path(restaurant.slug, order.id, token)


def _staff_address(placed: Placed) -> str:
    return f"/api/orders/{placed.order.id}?restaurant_id={placed.order.restaurant_id}"
