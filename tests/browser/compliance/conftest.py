"""A restaurant that knows a guest, its compliance officer and its administrator, and their browsers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page

from flow.database.embedded import EmbeddedServer
from flow.web.transactions import SESSION_COOKIE
from tests.browser.conftest import PATIENCE_MS
from tests.conftest import new_database
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.privacy.rights.subject import fill
from tests.serving import Server, make_login, running_server, session_token


@dataclass(frozen=True)
class Desk:
    """The web process and who is there."""

    server: Server
    home: Path
    napoli: UUID
    name: str
    users: dict[str, UUID]

    def cookie(self, user: str) -> dict[str, str]:
        """The cookie of somebody who has just logged in."""
        token = session_token(self.server, self.users[user])["Authorization"].removeprefix("Bearer ")
        return {"name": SESSION_COOKIE, "value": token, "url": self.server.url}

    def work(self) -> None:
        """What the worker would do within seconds."""
        place = self.server.installation
        environment = {
            **os.environ,
            "FLOW_HOME": str(self.home),
            "DATABASE_URL": place.admin_url,
            "FLOW_API_DATABASE_URL": place.api_url,
            "FLOW_WORKER_DATABASE_URL": place.worker_url,
            "FLOW_SECRET": place.secret.decode(),
        }
        subprocess.run([sys.executable, "-m", "flow", "privacy", "resume"], env=environment, check=True, timeout=60)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Of the owner; `%s` is the restaurant."""
        with kept_connection(self.server.installation.owner_url) as connection:
            return connection.execute(sql.encode(), [self.napoli]).fetchall()


@pytest.fixture(scope="module")
def place(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """One web process for the tests of a file."""
    home = tmp_path_factory.mktemp("compliance")
    for installation in new_database(postgres):
        with running_server(installation, home) as server:
            yield server, home


@pytest.fixture
def desk(place: tuple[Server, Path]) -> Desk:
    """A restaurant of the test's own, with its people."""
    server, home = place
    url, name = server.installation.owner_url, f"Napoli {uuid4().hex[:6]}"
    napoli = make_restaurant(url, name)
    fill(url, napoli)
    with kept_connection(url) as connection:
        connection.execute("delete from public.legal_holds")
    users = {
        role: make_login(url, f"{role}.{uuid4().hex[:6]}@napoli.example", restaurant=napoli, role=role)
        for role in ("compliance", "admin", "manager")
    }
    return Desk(server, home, napoli, name, users)


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, desk: Desk) -> AsyncIterator[OpenPage]:
    """Opens a page as somebody; whatever the console complains of fails the test."""
    complaints: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_(path: str, user: str = "compliance", **options: Any) -> Page:
            given: dict[str, Any] = {"locale": "en", "viewport": {"width": 1280, "height": 900}, **options}
            context = await browser.new_context(base_url=desk.server.url, **given)
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            await context.add_cookies([desk.cookie(user)])  # type: ignore[list-item]
            page = await context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(path)
            return page

        yield open_
    assert [] == complaints


def _is_complaint(said: ConsoleMessage) -> bool:
    """A form that is answered with what is wrong in it is none."""
    return said.type == "error" and "status of 4" not in said.text
