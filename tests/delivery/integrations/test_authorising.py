"""Being let in at Wolt, against the simulator's page: the merchant's yes becomes tokens, for who asked alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from flow.collect.integrations.connecting import connect, save, try_out
from flow.collect.integrations.service import credentials_of, integration_of, keep_credentials
from flow.database.installation import Installation
from tests.collect.providers.platforms import Simulator, running_simulator
from tests.factories import make_restaurant
from tests.serving import PASSWORD, App, make_login, running_app

HERE = "/settings/integrations/wolt"


@dataclass
class Desk:
    """Napoli's owner at the settings, with a venue that has not let FLOW in yet."""

    app: App
    http: httpx.AsyncClient
    installation: Installation
    restaurant: UUID
    venue: dict[str, Any]

    async def ask(self) -> httpx.Response:
        return await self.http.get(f"{HERE}/authorise?restaurant={self.restaurant}")

    async def say_yes(self) -> dict[str, str]:
        """The code and the state with which Wolt's page sends the merchant back."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            back = await browser.get((await self.ask()).headers["location"])
        return {name: values[0] for name, values in parse_qs(urlsplit(back.headers["location"]).query).items()}

    async def come_back(self, **query: str) -> httpx.Response:
        return await self.http.get(f"{HERE}/authorised", params=query)

    async def problem(self) -> object:
        return await try_out(self.app.asgi.state.calls, self.restaurant, "wolt", address="")

    async def credentials(self) -> dict[str, str]:
        calls = self.app.asgi.state.calls
        async with calls.database.as_service() as transaction:
            integration = await integration_of(transaction, self.restaurant, "wolt")
            assert integration is not None
            return await credentials_of(transaction, calls.box, integration)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture
async def desk(installation: Installation, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Desk]:
    restaurant = make_restaurant(installation.owner_url)
    make_login(installation.owner_url, "anna@napoli.example", restaurant=restaurant)
    venue = await simulator.open("wolt")
    known = {name: venue["credentials"][name] for name in ("client_id", "client_secret")}
    values = {**known, "venue_id": venue["number"], "webhook_secret": venue["webhook_secret"]}
    async with running_app(installation, tmp_path) as app, app.client() as http:
        await connect(app.asgi.state.calls, restaurant, "wolt", values, simulator=f"{simulator.url}/wolt")
        await http.post("/auth/login", json={"email": "anna@napoli.example", "password": PASSWORD})
        yield Desk(app, http, installation, restaurant, venue)


async def test_a_yes_becomes_tokens_that_work(desk: Desk) -> None:
    assert await desk.problem() is not None
    answer = await desk.come_back(**await desk.say_yes())

    assert (303, f"{HERE}?restaurant={desk.restaurant}&done=connected") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert await desk.problem() is None
    kept = await desk.credentials()
    assert {"access_token", "refresh_token", "expires_at", "client_secret", "webhook_secret"} <= kept.keys()


@pytest.mark.parametrize("wrong", ["client_secret", "client_id", "venue_id"])
async def test_wrong_settings_leave_tokens_that_work(desk: Desk, wrong: str) -> None:
    """Even those that are renewed with a token that works once."""
    await desk.come_back(**await desk.say_yes())
    calls = desk.app.asgi.state.calls
    right = {"client_id": desk.venue["credentials"]["client_id"], "venue_id": desk.venue["number"]}
    saved = await save(calls, desk.restaurant, "wolt", {**right, wrong: "17"}, address="")
    async with calls.database.as_service() as transaction:
        integration = await integration_of(transaction, desk.restaurant, "wolt")
        assert integration is not None
        stale = {**await desk.credentials(), "expires_at": "2020-01-01T00:00:00+00:00"}
        await keep_credentials(transaction, calls.box, integration, stale, now=calls.clock.now())

    assert (False, "connection_refused") == (saved.is_kept, saved.problem and saved.problem.code)
    assert await desk.problem() is None


async def test_a_code_works_once(desk: Desk) -> None:
    query = await desk.say_yes()
    await desk.come_back(**query)
    kept = await desk.credentials()
    again = await desk.come_back(**query)

    assert "problem=connection_refused" in again.headers["location"]
    assert kept == await desk.credentials()


async def test_an_answer_to_somebody_else_s_question_is_refused(desk: Desk) -> None:
    query = await desk.say_yes()
    make_login(desk.installation.owner_url, "bo@napoli.example", restaurant=desk.restaurant)
    async with desk.app.client() as other:
        await other.post("/auth/login", json={"email": "bo@napoli.example", "password": PASSWORD})
        answer = await other.get(f"{HERE}/authorised", params=query)

    assert (422, None) == (answer.status_code, (await desk.credentials()).get("access_token"))


@pytest.mark.parametrize("state", ["", "x", "A" * 96, "ø"])
async def test_a_state_that_nobody_made_is_refused(desk: Desk, state: str) -> None:
    query = await desk.say_yes()

    assert 422 == (await desk.come_back(code=query["code"], state=state)).status_code


async def test_who_may_not_connect_is_not_led_to_wolt(desk: Desk) -> None:
    make_login(desk.installation.owner_url, "mia@napoli.example", restaurant=desk.restaurant, role="manager")
    async with desk.app.client() as other:
        await other.post("/auth/login", json={"email": "mia@napoli.example", "password": PASSWORD})
        answer = await other.get(f"{HERE}/authorise?restaurant={desk.restaurant}")

    assert 403 == answer.status_code
