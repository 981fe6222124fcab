"""A simulator with an account at each provider, and somebody who takes its deliveries."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from flow.demo.providers import create_simulator
from flow.demo.providers.knobs import Knobs
from flow.kit.clock import FixedClock

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOOK = "https://flow.example/api/webhooks/x?rid=1"


@dataclass
class Receiver:
    """Takes deliveries; `answers` are the statuses of the next ones, 200 when they are used up."""

    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 200)

    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]


@dataclass
class Simulation:
    """The simulator as its customers see it."""

    http: httpx.AsyncClient
    receiver: Receiver
    clock: FixedClock
    app: Starlette

    async def open(self, provider: str, **details: object) -> dict[str, Any]:
        """An account whose deliveries the receiver takes."""
        made = (await self.http.post(f"/control/accounts/{provider}", json={"name": "napoli"})).json()
        path = f"/control/accounts/{provider}/{made['number']}"
        subscribed = {"subscribed_fields": ["messages", "message_echoes"]}
        return dict((await self.http.put(path, json={"webhook_url": HOOK, **subscribed, **details})).json())

    async def act(self, account: dict[str, Any], act: str, **arguments: object) -> Any:
        path = f"/control/acts/{account['provider']}/{account['number']}/{act}"
        return (await self.http.post(path, json=arguments)).json()

    async def turn(self, **knobs: object) -> httpx.Response:
        return await self.http.patch("/control/knobs", json=knobs)

    async def delivered(self) -> list[Any]:
        """The bodies of all deliveries so far, when none is under way any more."""
        assert 0 == (await self.post())["under_way"]
        return self.receiver.bodies()

    async def post(self) -> dict[str, Any]:
        return dict((await self.http.get("/control/post?until_idle=20")).json())


@pytest.fixture
async def simulation() -> AsyncIterator[Simulation]:
    receiver, clock = Receiver(), FixedClock(NOW)
    async with httpx.AsyncClient(transport=httpx.MockTransport(receiver.take)) as outside:
        app = create_simulator(clock=clock, http=outside, random=Random(7), knobs=Knobs(retry_pace=0.0001))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8020") as http,
        ):
            yield Simulation(http, receiver, clock, app)
