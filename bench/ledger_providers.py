"""The simulated providers as the ledger test holds them: their control."""

from __future__ import annotations

from typing import Any

import httpx


class Providers:
    """The control of the simulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, timeout=60)
        self._numbers: dict[str, dict[str, Any]] = {}

    async def account(self, provider: str) -> dict[str, Any]:
        """The restaurant's account."""
        if provider not in self._numbers:
            self._numbers[provider] = (await self._http.get(f"/control/accounts/{provider}")).json()[0]
        return self._numbers[provider]

    async def change(self, provider: str, **details: object) -> None:
        """Changes the restaurant's account."""
        number = (await self.account(provider))["number"]
        (await self._http.put(f"/control/accounts/{provider}/{number}", json=details)).raise_for_status()

    async def act(self, provider: str, act: str, **arguments: object) -> dict[str, Any]:
        number = (await self.account(provider))["number"]
        answer = await self._http.post(f"/control/acts/{provider}/{number}/{act}", json=arguments)
        return dict(answer.json()) if answer.is_success else {"error": answer.text}

    async def turn(self, knobs: dict[str, float]) -> None:
        (await self._http.patch("/control/knobs", json=knobs)).raise_for_status()

    async def post(self) -> dict[str, int]:
        return dict((await self._http.get("/control/post")).json())

    async def books(self) -> dict[str, dict[str, Any]]:
        return dict((await self._http.get("/control/books")).json())

    async def choose(self, page: str, choice: str) -> None:
        """A guest presses a button on a provider's page."""
        await self._http.post(page, data={"choice": choice})
