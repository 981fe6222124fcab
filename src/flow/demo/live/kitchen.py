"""The kitchens: they move live guests' orders along, logged in as the people of the demonstration."""

from __future__ import annotations

import asyncio
from random import Random
from typing import cast

import httpx

from flow.business.orders.status import ways_of
from flow.business.orders.types import Fulfillment
from flow.demo.live.guest import Placed
from flow.demo.simulation.logins import DEMO_LOGINS, DEMO_PASSWORD

__all__ = ["Kitchen"]

_SECONDS_A_STEP = 8.0


class Kitchen:
    """Cooks for every simulated restaurant."""

    def __init__(self, http: httpx.AsyncClient, random: Random, *, pace: float) -> None:
        self._http = http
        self._random = random
        self._pace = pace
        self._tokens: dict[str, str] = {}

    async def log_in(self) -> None:
        """Logs the owners in, each for the restaurants that are his."""
        for login in DEMO_LOGINS:
            if login.role == "admin":
                credentials = {"email": login.email, "password": DEMO_PASSWORD}
                answer = await self._http.post("/auth/v1/token?grant_type=password", json=credentials)
                token = answer.raise_for_status().json()["access_token"]
                self._tokens.update(dict.fromkeys(login.restaurants, token))

    async def cook(self, order: Placed) -> None:
        """Moves one order through all its stations."""
        token = self._tokens[order.shop.profile.restaurant.slug]
        for status in ways_of(cast(Fulfillment, order.fulfillment_type))[1:]:
            await asyncio.sleep(self._random.uniform(0.5, 1.5) * _SECONDS_A_STEP * self._pace)
            answer = await self._http.patch(
                f"/api/orders/{order.id}",
                params={"restaurant_id": str(order.shop.id)},
                json={"status": status},
                headers={"Authorization": f"Bearer {token}"},
            )
            if answer.status_code == httpx.codes.CONFLICT:
                continue  # somebody at the dashboard was quicker, or the guest's payment confirmed it
            answer.raise_for_status()
