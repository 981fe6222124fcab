"""A restaurant with an admin and an employee, and another restaurant, each before a browser of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from flow.database.installation import Installation
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import PASSWORD, App, make_login, running_app

HEADERS = {"accept": "text/html", "accept-language": "en"}


@dataclass(frozen=True)
class Town:
    """`admin` runs Napoli and `employee` works there; `stranger` runs Tivoli, `visitor` is nobody."""

    app: App
    napoli: UUID
    tivoli: UUID
    admin: httpx.AsyncClient
    employee: httpx.AsyncClient
    stranger: httpx.AsyncClient
    visitor: httpx.AsyncClient

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """What the owner of the tables sees."""
        with kept_connection(self.app.installation.owner_url) as connection:
            return connection.execute(sql.encode(), parameters).fetchall()


@pytest.fixture
async def town(installation: Installation, tmp_path: Path) -> AsyncIterator[Town]:
    url = installation.owner_url
    napoli, tivoli = make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")
    make_login(url, "anna@napoli.example", restaurant=napoli)
    make_login(url, "emil@napoli.example", restaurant=napoli, role="employee")
    make_login(url, "olga@tivoli.example", restaurant=tivoli)
    async with running_app(installation, tmp_path) as app, AsyncExitStack() as stack:
        browsers = []
        for email in ("anna@napoli.example", "emil@napoli.example", "olga@tivoli.example"):
            browser = await stack.enter_async_context(app.client(headers=HEADERS))
            await browser.post("/auth/login", json={"email": email, "password": PASSWORD})
            browsers.append(browser)
        yield Town(app, napoli, tivoli, *browsers, await stack.enter_async_context(app.client()))
