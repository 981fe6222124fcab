"""Wolt Drive as the inbox and the queue of calls know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from flow.business.orders.store import find_order
from flow.business.orders.types import Order
from flow.business.restaurants.store import find_restaurant
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.errors import CallRefused, ConnectionRefused, NotRegistered
from flow.collect.integrations.service import integration_of
from flow.collect.integrations.types import Call, Caller, Field, Integration, Kind, Queued
from flow.collect.providers.wolt_drive import calls, concluding, registering, signature, store
from flow.collect.providers.wolt_drive.applying import apply
from flow.collect.providers.wolt_drive.calls import Trip
from flow.collect.providers.wolt_drive.payload import read
from flow.collect.providers.wolt_drive.requesting import NAME
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request
from flow.database.transaction import Transaction
from flow.kit.clock import Clock, SystemClock
from flow.web.i18n import N_

__all__ = ["WoltDrive"]

_FIELDS: Final = (
    Field(
        name="venue_id",
        label=N_("Venue id"),
        help=N_("The id of your venue at Wolt Drive"),
        is_secret=False,
        is_account=True,
    ),
    Field(name="merchant_key", label=N_("Merchant key"), help=N_("Wolt gives it with the agreement")),
    Field(
        name="merchant_id",
        label=N_("Merchant id"),
        help=N_("FLOW registers its address for webhooks with it; else Wolt's support does"),
        is_secret=False,
        is_required=False,
    ),
    Field(
        name="webhook_secret",
        label=N_("Webhook secret"),
        help=N_("Wolt signs its messages with it; FLOW makes one up where you leave it empty"),
        is_required=False,
    ),
    Field(
        name="preparation_minutes",
        label=N_("Minutes to prepare an order"),
        help=N_("The courier comes no sooner; 15 unless filled in"),
        is_secret=False,
        is_required=False,
    ),
    Field(
        name="sends_by_itself",
        label=N_("Send for a courier at once"),
        help=N_("“yes” does it for each confirmed delivery; else somebody does it on the order's page"),
        is_secret=False,
        is_required=False,
    ),
)
_USUAL_MINUTES: Final = 15
_CANCELLED: Final = "The order was cancelled."


@dataclass(frozen=True, slots=True)
class WoltDrive:
    """The provider `wolt-drive`. `clock` dates what becomes of deliveries."""

    name: str = NAME
    kind: Kind = "delivery"
    base_url: str = "https://daas-public-api.wolt.com"
    fields: tuple[Field, ...] = _FIELDS
    clock: Clock = field(default_factory=SystemClock)

    def accounts(self, request: Request) -> Sequence[str]:
        venue = signature.unproven(request.body).get("details", {}).get("venue_id")
        return (venue,) if isinstance(venue, str) and venue else ()

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        signature.claims(request.body, credentials.get("webhook_secret"))

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        return read(signature.unproven(request.body))  # `verify` has proved it

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        return await apply(applying, item)

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        headers = {**call.headers, "Authorization": f"Bearer {credentials.get('merchant_key', '')}"}
        return replace(call, headers=headers)

    async def test(self, caller: Caller, integration: Integration) -> None:
        """Asks for a promise to a well-known place: that commits to nothing, and needs the right key and venue."""
        trip = _TOWN_HALL | {"min_preparation_time_minutes": _USUAL_MINUTES}
        path, name = f"/v1/venues/{integration.account}/shipment-promises", "/v1/venues/{id}/shipment-promises"
        answer = await caller(Call(method="POST", path=path, name=name, json=trip, repeatable=True))
        if answer.status in (401, 403):
            raise ConnectionRefused(N_("Wolt does not accept the merchant key."))
        if answer.status == 404:
            raise ConnectionRefused(N_("Wolt does not know this venue."))
        # Any other answer, such as that no courier goes there or none now, says that the connection works.

    async def register(
        self, caller: Caller, integration: Integration, address: str, credentials: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Registers the address, or brings what is registered up to date."""
        if not (merchant := str(integration.config.get("merchant_id") or "")):
            raise NotRegistered(N_("Fill in the merchant id, or let Wolt's support register the address."))
        secret = credentials.get("webhook_secret") or token_urlsafe(32)
        number = await registering.register(caller, merchant, address, secret)
        return {"webhook_id": number, "webhook_secret": secret}

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        integration = await integration_of(transaction, queued.restaurant_id, self.name)
        delivery = await store.delivery_by_id(transaction, queued.restaurant_id, _delivery_id(queued))
        if integration is None or delivery is None:
            return None
        if queued.kind == "cancel":
            return {"reference": delivery.reference} if delivery.reference else None
        if delivery.status != "requested":
            return None
        restaurant = await find_restaurant(transaction, queued.restaurant_id)
        order = await find_order(transaction, queued.restaurant_id, delivery.order_id)
        return {"trip": _trip(integration, restaurant, order, delivery.id)}

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        if queued.kind == "cancel":
            return await calls.cancel(caller, str(facts["reference"]), _CANCELLED)
        trip = facts["trip"]
        if not isinstance(trip, Trip):
            return {"refused": trip}
        return await calls.create(caller, trip)

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        delivery = await store.lock_delivery(transaction, queued.restaurant_id, _delivery_id(queued))
        if delivery is None:
            raise CallRefused(N_("The delivery is gone."))
        conclude = concluding.called_off if queued.kind == "cancel" else concluding.sent_for
        await conclude(transaction, delivery, result, now=self.clock.now())


_TOWN_HALL: Final[dict[str, object]] = {
    "street": "Rådhuspladsen 1",
    "city": "København",
    "post_code": "1550",
    "language": "da",
}


def _delivery_id(queued: Queued) -> UUID:
    return UUID(str(queued.arguments["delivery_id"]))


def _trip(integration: Integration, restaurant: Restaurant, order: Order, delivery_id: UUID) -> Trip | str:
    """What the courier has to know; the name of what is missing where he could not find the guest."""
    if not (order.delivery_address and order.delivery_city and order.delivery_postal_code):
        return "ADDRESS_MISSING"
    if not order.customer_phone:
        return "PHONE_MISSING"
    minutes = str(integration.config.get("preparation_minutes") or "")
    return Trip(
        venue_id=integration.account or "",
        delivery_id=delivery_id,
        order_number=order.order_number,
        street=order.delivery_address,
        city=order.delivery_city,
        postal_code=order.delivery_postal_code,
        language=restaurant.language,
        preparation_minutes=int(minutes) if minutes.isdecimal() else _USUAL_MINUTES,
        name=order.customer_name or restaurant.name,
        phone=order.customer_phone,
        email=order.customer_email,
        comment=order.notes,
        value=order.total,
        currency=order.currency,
        support={"phone_number": restaurant.phone} if restaurant.phone else {},
    )
