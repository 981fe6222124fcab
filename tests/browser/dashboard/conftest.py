"""A restaurant with a shop, another one, a new one, and the people who look at their pages in real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from flow.database.embedded import EmbeddedServer
from flow.web.transactions import SESSION_COOKIE
from tests.analytics.health.signs import made, speak
from tests.analytics.world import World
from tests.browser.conftest import PATIENCE_MS
from tests.business.menus import make_menu, make_site_key
from tests.conftest import new_database
from tests.connections import kept_connection
from tests.delivery.fortnight import fill
from tests.factories import give_access
from tests.serving import Server, make_login, running_server, session_token


@dataclass(frozen=True)
class House:
    """The web process and who is there: `napoli` has a shop, the owner has all three restaurants."""

    server: Server
    napoli: World
    tivoli: World
    fresh: World
    users: dict[str, UUID]

    def cookie(self, user: str) -> dict[str, str]:
        """The cookie of somebody who has just logged in."""
        token = session_token(self.server, self.users[user])["Authorization"].removeprefix("Bearer ")
        return {"name": SESSION_COOKIE, "value": token, "url": self.server.url}

    def order(self) -> UUID:
        """An order of Napoli's."""
        (found,) = self.napoli.rows(
            "select id from public.orders where restaurant_id = %s and status = 'completed' limit 1"
        )
        assert isinstance(found[0], UUID)
        return found[0]


@pytest.fixture(scope="session")
def house(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    for installation in new_database(postgres):
        url = installation.owner_url
        napoli, tivoli, fresh = World(url, "Napoli"), World(url, "Tivoli"), World(url, "Fresh")
        for world in (napoli, tivoli):
            fill(world, Random(3))
        for world in (napoli, fresh):
            make_menu(url, world.restaurant)
            make_site_key(url, world.restaurant)
        for signs in made(url, napoli.restaurant):
            speak(signs, datetime.now(UTC))
        users = {
            "owner": make_login(url, "olga@napoli.example", restaurant=napoli.restaurant),
            "newcomer": make_login(url, "nora@fresh.example", restaurant=fresh.restaurant),
            "employee": make_login(url, "emil@napoli.example", restaurant=napoli.restaurant, role="employee"),
        }
        give_access(url, users["owner"], tivoli.restaurant)
        with kept_connection(url) as connection:
            connection.execute("update public.restaurants set is_simulated = true")
            connection.execute(
                "insert into public.order_counters (restaurant_id, last_number) "
                "select restaurant_id, max(order_number) from public.orders group by restaurant_id"
            )
        with running_server(installation, tmp_path_factory.mktemp("dashboard"), FLOW_ALLOW_HEADLESS="1") as server:
            yield House(server, napoli, tivoli, fresh, users)
        for world in (napoli, tivoli, fresh):
            world.close()


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, house: House) -> AsyncIterator[OpenPage]:
    """Opens a page as somebody, in a browser of their own; whatever the console complains of fails the test."""
    complaints: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_(path: str, user: str | None = "owner", **options: Any) -> Page:
            given: dict[str, Any] = {"locale": "en", "viewport": {"width": 1280, "height": 900}, **options}
            context = await browser.new_context(base_url=house.server.url, **given)
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if user is not None:
                await context.add_cookies([house.cookie(user)])  # type: ignore[list-item]
            page = await context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(path)
            return page

        yield open_
    assert [] == complaints
