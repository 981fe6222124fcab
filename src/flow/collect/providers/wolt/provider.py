"""Wolt's marketplace as the inbox and the queue of calls know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, cast

import msgspec

from flow.business.restaurants.store import find_restaurant
from flow.collect.integrations.errors import CallRefused, ConnectionRefused
from flow.collect.integrations.sentences import ANSWERED
from flow.collect.integrations.service import integration_of
from flow.collect.integrations.types import Call, Caller, Field, Integration, Kind, Queued
from flow.collect.providers.wolt import calls, concluding, signature, store, tokens
from flow.collect.providers.wolt.applying import apply
from flow.collect.providers.wolt.payload import WoltOrder, read, read_notification
from flow.collect.providers.wolt.states import Step, steps_due
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request
from flow.database.transaction import Transaction
from flow.errors import FlowError
from flow.kit.clock import Clock, SystemClock
from flow.web.i18n import N_

__all__ = ["Wolt"]

_FIELDS: Final = (
    Field(
        name="venue_id",
        label=N_("Venue id"),
        help=N_("The id of your venue at Wolt"),
        is_secret=False,
        is_account=True,
    ),
    Field(
        name="webhook_secret",
        label=N_("Webhook secret"),
        help=N_("At least 16 characters of your own choice; give the same to Wolt"),
    ),
    Field(name="client_id", label=N_("Client id"), is_secret=False, is_required=False),
    Field(name="client_secret", label=N_("Client secret"), is_required=False),
    Field(
        name="refresh_token",
        label=N_("Refresh token"),
        help=N_("From Wolt, after you agreed to the connection"),
        is_required=False,
    ),
    Field(
        name="api_key",
        label=N_("API key"),
        help=N_("Older connections have a key instead of tokens"),
        is_required=False,
    ),
    Field(
        name="auto_accept",
        label=N_("Accept orders at once"),
        help=N_("“yes” accepts each order; else somebody has three minutes to do it"),
        is_secret=False,
        is_required=False,
    ),
    Field(
        name="preparation_minutes",
        label=N_("Minutes to prepare an order"),
        help=N_("Told to Wolt when an order is accepted; empty leaves it to Wolt"),
        is_secret=False,
        is_required=False,
    ),
)
_LONGEST_MINUTES: Final = 240


@dataclass(frozen=True, slots=True)
class Wolt:
    """The provider `wolt`. `clock` dates what becomes of orders."""

    name: str = "wolt"
    kind: Kind = "delivery"
    base_url: str = "https://pos-integration-service.wolt.com"
    fields: tuple[Field, ...] = _FIELDS
    clock: Clock = field(default_factory=SystemClock)

    def accounts(self, request: Request) -> Sequence[str]:
        try:
            order = read_notification(request.body).order
        except FlowError:
            return ()
        return (order.venue_id,) if order and order.venue_id else ()

    def verify(
        self,
        request: Request,
        integration: Integration,
        credentials: Mapping[str, str],
        now: datetime,
    ) -> None:
        signature.verify(request.body, request.headers, credentials.get("webhook_secret"))

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        return read(request.body)

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        return await apply(applying, item)

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        if "Authorization" in call.headers:  # a call for tokens proves itself
            return call
        if token := credentials.get("access_token"):
            return replace(call, headers={**call.headers, "Authorization": f"Bearer {token}"})
        return replace(call, headers={**call.headers, "WOLT-API-KEY": credentials.get("api_key", "")})

    def is_stale(self, credentials: Mapping[str, str], now: datetime) -> bool:
        return tokens.is_stale(credentials, now)

    async def renew(
        self, caller: Caller, integration: Integration, credentials: Mapping[str, str], now: datetime
    ) -> Mapping[str, str]:
        return await tokens.renew(caller, integration, credentials, now)

    async def test(self, caller: Caller, integration: Integration) -> None:
        answer = await calls.venue(caller, integration.account or "")
        if answer.status in (401, 403):
            raise ConnectionRefused(N_("Wolt does not accept the key or the tokens."))
        if answer.status == 404:
            raise ConnectionRefused(N_("Wolt does not know this venue."))
        if not answer.is_success:
            raise ConnectionRefused(ANSWERED % {"system": "Wolt", "status": answer.status})

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        integration = await integration_of(transaction, queued.restaurant_id, self.name)
        if integration is None:
            return None
        if queued.kind == "fetch":
            restaurant = await find_restaurant(transaction, queued.restaurant_id)
            return {"venue_id": integration.account, "currency": restaurant.currency}
        known = await store.lock_followed(transaction, queued.restaurant_id, str(queued.arguments["wolt_id"]))
        if known is None:
            return None
        due = steps_due(known.status, known.wolt_status, is_carried_by_us=known.is_carried_by_us)
        if queued.kind not in due:
            return None
        return {
            "wolt_id": known.wolt_id,
            "wolt_status": known.wolt_status,
            "kind": known.kind,
            "way": "self_delivery" if known.is_carried_by_us and known.fulfillment_type == "delivery" else "courier",
            "pickup_at": _pickup_at(integration, queued),
            "reason": known.cancel_reason,
        }

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        if queued.kind != "fetch":
            return await calls.tell(caller, cast(Step, queued.kind), facts)
        order = await calls.fetch(caller, str(queued.arguments["wolt_id"]))
        _check(order, facts)
        return {"order_status": order.order_status, "_order": msgspec.to_builtins(order)}

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        if queued.kind != "fetch":
            wolt_id = str(queued.arguments["wolt_id"])
            await concluding.told(transaction, queued.restaurant_id, wolt_id, result, now=self.clock.now())
            return
        integration = await integration_of(transaction, queued.restaurant_id, self.name)
        if integration is not None:
            await concluding.take_in(transaction, integration, calls.parsed(result["_order"]), clock=self.clock)


def _check(order: WoltOrder, facts: Mapping[str, object]) -> None:
    """CallRefused for an order that cannot be this restaurant's."""
    if facts["venue_id"] and order.venue.id != facts["venue_id"]:
        raise CallRefused(N_("The order belongs to another venue than the one that is connected."))
    currencies = {order.basket_price.total.currency, *(line.item_price.total.currency for line in order.items)}
    if currencies != {facts["currency"]}:
        raise CallRefused(N_("The order is in another currency than the restaurant's."))


def _pickup_at(integration: Integration, queued: Queued) -> str | None:
    """When the food is ready, where the restaurant said how long it takes."""
    minutes = str(integration.config.get("preparation_minutes") or "").strip()
    if not minutes.isdecimal() or not 1 <= int(minutes) <= _LONGEST_MINUTES:
        return None
    return calls.pickup_time(datetime.fromisoformat(str(queued.arguments["decided_at"])), int(minutes))
