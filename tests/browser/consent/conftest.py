"""A restaurant with a shop and its web process; visitors with a browser of their own, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from flow.database.embedded import EmbeddedServer
from flow.privacy.consents.links import ConfirmationLink, PreferencesLink
from flow.privacy.subjects import pseudonym
from tests.browser.conftest import PATIENCE_MS
from tests.business.menus import make_menu, make_site_key
from tests.conftest import new_database
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import Server, running_server

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Shop:
    """The web process of Napoli's shop, and what its database holds."""

    server: Server
    restaurant: UUID

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with kept_connection(self.server.installation.owner_url) as connection:
            return connection.execute(sql.encode()).fetchall()

    def answers(self, visitor: str) -> list[tuple[Any, ...]]:
        """What is kept of a visitor's answers."""
        subject = pseudonym(self.server.installation.secret, visitor)
        return self.rows(
            f"select granted, consent_version, language from public.user_consents "
            f"where subject = '{subject}' order by number"
        )

    def preferences(self, contact: str) -> str:
        secret = self.server.installation.secret
        ends = datetime.now(UTC) + timedelta(days=30)
        return f"/preferences/{PreferencesLink(self.restaurant, pseudonym(secret, contact), ends).signed(secret)}"

    def confirmation(self, contact: str) -> str:
        """The link that the newest question to this contact will hold."""
        secret = self.server.installation.secret
        [(consent,)] = self.rows(
            "select consent_id from public.consent_confirmations "
            f"where contact = '{contact}' order by created_at desc limit 1"
        )
        ends = datetime.now(UTC) + timedelta(days=7)
        return f"/preferences/confirm/{ConfirmationLink(self.restaurant, consent, ends).signed(secret)}"


@pytest.fixture(scope="session")
def shop(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    for installation in new_database(postgres):
        url = installation.owner_url
        restaurant = make_restaurant(url, "Napoli")
        make_menu(url, restaurant)
        make_site_key(url, restaurant)
        with kept_connection(url) as connection:
            connection.execute("update public.restaurants set is_simulated = true")
        with running_server(installation, tmp_path_factory.mktemp("consent"), FLOW_ALLOW_HEADLESS="1") as server:
            yield Shop(server, restaurant)


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, shop: Shop) -> AsyncIterator[OpenPage]:
    """Opens a page in a browser of its own; whatever the console complains of fails the test."""
    complaints: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_(path: str = "/shop/napoli", *, script: str = "", **options: Any) -> Page:
            given: dict[str, Any] = {"locale": "en", "viewport": DESK, **options}
            context = await browser.new_context(base_url=shop.server.url, **given)
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if script:
                await context.add_init_script(script)
            page = await context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(path)
            return page

        yield open_
    assert [] == complaints
