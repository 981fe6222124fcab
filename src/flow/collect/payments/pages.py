"""The guest's way to the provider's page. It has no page of its own: it leads on, or back to the receipt."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from flow.business.orders.errors import OrderNotFound
from flow.business.orders.receipts import is_receipt_token, receipt_path
from flow.business.orders.store import find_order
from flow.business.payments.errors import NothingToPay
from flow.business.restaurants.store import find_restaurant_by_slug
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.errors import CallRefused, NotConnected, ProviderAway
from flow.collect.payments.checkout import place_to_pay
from flow.web.pages import translator
from flow.web.services import services

router = APIRouter(prefix="/shop", include_in_schema=False)

Token = Annotated[str, Query(max_length=100)]


@router.get("/{slug}/orders/{order_id}/pay")
async def pay(request: Request, slug: str, order_id: UUID, token: Token) -> RedirectResponse:
    """Leads whoever has the receipt's address to where the order is paid; to the receipt when it is not to be paid."""
    async with services(request).database.as_service() as transaction:
        restaurant = await find_restaurant_by_slug(transaction, slug)
        if not is_receipt_token(token, services(request).installation.secret, restaurant.id, order_id):
            raise OrderNotFound
        order = await find_order(transaction, restaurant.id, order_id)
    receipt = receipt_path(restaurant.slug, order.id, token)
    words = translator(request)
    try:
        place = await place_to_pay(
            cast(Calls, request.app.state.calls),
            restaurant,
            order,
            description=words.gettext(
                "Order %(number)s at %(restaurant)s", number=order.order_number, restaurant=restaurant.name
            ),
            language=words.language,
            return_url=f"{services(request).settings.base_url}{receipt}&returned=yes",
        )
    except NothingToPay:
        place = receipt
    except (ProviderAway, CallRefused, NotConnected):
        place = f"{receipt}&problem=provider"
    return RedirectResponse(place, status_code=303, headers={"Referrer-Policy": "no-referrer"})
