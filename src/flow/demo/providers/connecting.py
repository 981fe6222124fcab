"""Connects the simulated restaurants to the simulated providers, as their owners would in the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from flow.business.menu.store import active_menu
from flow.business.restaurants.store import find_restaurant_by_slug
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import connect, try_out
from flow.collect.integrations.service import integration_of
from flow.collect.integrations.store import move_simulator
from flow.collect.integrations.types import Integration
from flow.collect.providers import SYSTEMS
from flow.collect.webhooks.address import Address, Addresses
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.demo.providers.opening import papers
from flow.demo.simulation.profiles import profiles
from flow.errors import FlowError
from flow.kit.clock import SystemClock

__all__ = ["Unconnected", "connect_restaurants", "follow_simulator"]

_ALL = tuple(system.name for system in SYSTEMS)
_EVERYWHERE = ("stripe", "mobilepay", "inmobile")
_SHOWCASE = "napoli"  # has every provider; the others pay and text
_MOBILEPAY_CURRENCY = "DKK"
# Their webhooks are registered by FLOW itself when it connects.
_REGISTERED_BY_FLOW = ("mobilepay", "wolt-drive")


@dataclass(frozen=True, slots=True)
class Unconnected:
    """A connection that could not be made, and why."""

    restaurant: str
    provider: str
    problem: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """What connecting takes: FLOW's side, and the simulator's."""

    calls: Calls
    simulator: httpx.AsyncClient
    addresses: Addresses
    base_url: str

    def address_of(self, integration: Integration) -> str:
        """Where FLOW takes this connection's webhooks."""
        at = Address(integration.restaurant_id, integration.id)
        return self.base_url + self.addresses.path(integration.integration_name, at)


async def follow_simulator(place: Installation, simulator_url: str) -> None:
    """Points the simulated connections of an earlier start at the simulator's present address, before anybody calls."""
    async with (
        Database(api_url=place.api_url, worker_url=place.worker_url, api_connections=1) as database,
        database.as_service() as transaction,
    ):
        await move_simulator(transaction, simulator_url, now=SystemClock().now())


async def connect_restaurants(
    place: Installation, simulator_url: str, base_url: str, *, slugs: Sequence[str] | None = None
) -> list[Unconnected]:
    """Makes the connections that are missing, and tells the simulator where webhooks go now.

    What could not be connected is in the answer. The simulator at `simulator_url` has to run; FLOW's web process at
    `base_url` need not yet. `slugs` are other restaurants than the simulated ones, with every provider.
    """
    problems = []
    async with (
        Database(api_url=place.api_url, worker_url=place.worker_url, api_connections=1) as database,
        Calls.open(database, place.secret_box, SystemClock(), SYSTEMS) as calls,
        httpx.AsyncClient(base_url=simulator_url, timeout=10, trust_env=False) as simulator,
    ):
        desk = _Desk(calls, simulator, Addresses([place.secret, *place.old_secrets]), base_url)
        async with database.as_service() as transaction:
            named = slugs or [profile.restaurant.slug for profile in profiles()]
            restaurants = [await find_restaurant_by_slug(transaction, slug) for slug in named]
        for restaurant in restaurants:
            for provider in _ALL if slugs else _providers_of(restaurant):
                if problem := await _connect(desk, restaurant, provider):
                    problems.append(Unconnected(restaurant.name, provider, problem))
    return problems


def _providers_of(restaurant: Restaurant) -> Sequence[str]:
    if restaurant.slug == _SHOWCASE:
        return _ALL
    pays = restaurant.currency == _MOBILEPAY_CURRENCY
    return [name for name in _ALL if name in _EVERYWHERE and (pays or name != "mobilepay")]


async def _connect(desk: _Desk, restaurant: Restaurant, provider: str) -> str | None:
    account = await _account(desk, provider, restaurant.slug)
    async with desk.calls.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant.id, provider)
    try:
        if account is None or integration is None or not await _is_good(desk, integration):
            account = account or await _open(desk, provider, restaurant.slug)
            base = f"{str(desk.simulator.base_url).rstrip('/')}/{provider}"
            integration = await connect(
                desk.calls, restaurant.id, provider, papers(account, restaurant.name), simulator=base
            )
            if problem := await _tried(desk, integration):
                return problem.message
    except FlowError as error:
        return error.message
    await _tell(desk, account, restaurant, integration)
    return None


async def _is_good(desk: _Desk, integration: Integration) -> bool:
    """Whether a connection of an earlier start works; what FLOW registers is brought to its present address."""
    if integration.status != "active":
        return False
    return not hasattr(desk.calls.systems[integration.integration_name], "register") or not await _tried(
        desk, integration
    )


async def _tried(desk: _Desk, integration: Integration) -> FlowError | None:
    address = desk.address_of(integration)
    return await try_out(desk.calls, integration.restaurant_id, integration.integration_name, address=address)


async def _account(desk: _Desk, provider: str, name: str) -> dict[str, Any] | None:
    known = (await desk.simulator.get(f"/control/accounts/{provider}")).raise_for_status().json()
    return next((account for account in known if account["name"] == name), None)


async def _open(desk: _Desk, provider: str, name: str) -> dict[str, Any]:
    answer = await desk.simulator.post(f"/control/accounts/{provider}", json={"name": name})
    return dict(answer.raise_for_status().json())


async def _tell(desk: _Desk, account: dict[str, Any], restaurant: Restaurant, integration: Integration) -> None:
    details: dict[str, Any] = {}
    if account["provider"] == "wolt":
        details["menu"] = await _menu(desk.calls.database, restaurant.id)
    if account["provider"] not in _REGISTERED_BY_FLOW:
        details["webhook_url"] = desk.address_of(integration)
    path = f"/control/accounts/{account['provider']}/{account['number']}"
    (await desk.simulator.put(path, json=details)).raise_for_status()


async def _menu(database: Database, restaurant_id: UUID) -> list[dict[str, object]]:
    """What guests can order in Wolt's app: the same dishes, without their options."""
    async with database.as_service() as transaction:
        menu = await active_menu(transaction, restaurant_id)
    products = [item.product for item in menu if item.product.is_available]
    return [{"pos_id": each.sku, "name": each.name, "price": each.price} for each in products]
