"""A restaurant, its admin, and a post office: what the worker would do, done when a test asks for it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from flow.access.resets.answering import answer_wishes
from flow.database.embedded import EmbeddedServer
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import SystemClock
from flow.operations.mail.jobs import send_waiting
from flow.web.transactions import SESSION_COOKIE
from tests.browser.conftest import PATIENCE_MS
from tests.conftest import new_database
from tests.factories import make_restaurant
from tests.serving import Server, make_login, running_server, session_token, settings_of

ANNA = "anna@napoli.example"


@dataclass(frozen=True)
class Office:
    """The web process, its home folder, the restaurant and its admin."""

    server: Server
    home: Path
    restaurant: UUID
    anna: UUID

    def new_admin(self, address: str) -> UUID:
        """Somebody whose account a test may change."""
        return make_login(self.server.installation.owner_url, address, restaurant=self.restaurant)

    def cookie(self, user: UUID) -> Any:
        """The cookie of somebody who has just logged in."""
        token = session_token(self.server, user)["Authorization"].removeprefix("Bearer ")
        return {"name": SESSION_COOKIE, "value": token, "url": self.server.url}

    async def link_to(self, address: str) -> str:
        """The link in the latest mail to this address, once the worker has run."""
        await asyncio.to_thread(lambda: asyncio.run(self._work()))
        mails = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted((self.home / "outbox").glob("*.eml"))
        ]
        body = [mail for mail in mails if mail["To"] == address][-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"https?://\S+", body.get_content())
        assert found is not None
        return found[0]

    async def _work(self) -> None:
        installation = self.server.installation
        settings = settings_of(installation, self.home, public_url=self.server.url)
        async with Database(api_url=installation.api_url, worker_url=installation.worker_url) as database:
            context = JobContext(settings, SystemClock(), installation, database)
            await answer_wishes(context)
            await send_waiting(context)


@pytest.fixture(scope="session")
def office(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    for installation in new_database(postgres):
        restaurant = make_restaurant(installation.owner_url)
        anna = make_login(installation.owner_url, ANNA, restaurant=restaurant)
        home = tmp_path_factory.mktemp("settings")
        with running_server(installation, home) as server:
            yield Office(server, home, restaurant, anna)


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, office: Office) -> AsyncIterator[OpenPage]:
    """Opens a page as somebody, in a browser of their own; whatever the console complains of fails the test."""
    complaints: list[str] = []

    def note(said: Any) -> None:
        # Chromium reports every answer that is no success; a refused form is what some tests are about.
        if said.type == "error" and "the server responded with a status of 4" not in said.text:
            complaints.append(said.text)

    async with AsyncExitStack() as stack:

        async def open_(path: str, user: UUID | None = None, **options: Any) -> Page:
            given: dict[str, Any] = {"locale": "en", "viewport": {"width": 1280, "height": 900}, **options}
            context = await browser.new_context(base_url=office.server.url, **given)
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if user is not None:
                await context.add_cookies([office.cookie(user)])
            page = await context.new_page()
            page.on("console", note)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(path)
            return page

        yield open_
    assert [] == complaints
