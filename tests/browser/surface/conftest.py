"""The house of the dashboard tests, somebody who may see every page of it, and another site beside it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser.conftest import PATIENCE_MS
from tests.browser.dashboard.conftest import House, house
from tests.connections import kept_connection
from tests.factories import give_access
from tests.serving import make_login

__all__ = ["house"]


@dataclass
class ForeignSite:
    """Another web server on this machine: `pages` by path, with the headers they are sent with."""

    port: int
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def address(self, path: str, *, host: str = "localhost") -> str:
        """By `localhost` it is another site than FLOW at 127.0.0.1; by 127.0.0.1 the same site, another origin."""
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def foreign() -> Iterator[ForeignSite]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path, "").encode()
            self.send_response(200)
            for name, value in {"content-type": "text/html; charset=utf-8", **site.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket.settimeout(1)  # a connection that Chromium takes back must not keep `accept`, and so the shutdown
    site = ForeignSite(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()


@pytest.fixture(scope="session")
def overseer(house: House) -> House:
    """The house, in which `overseer` holds every role."""
    url = house.server.installation.owner_url
    user = make_login(url, "olav@flow.example", restaurant=house.napoli.restaurant)
    give_access(url, user, house.tivoli.restaurant, "compliance")
    with kept_connection(url) as connection:
        for role in ("super_admin", "compliance"):
            connection.execute("insert into user_roles (user_id, role) values (%s, %s)", [user, role])
    house.users["overseer"] = user
    return house


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, overseer: House) -> AsyncIterator[BrowserContext]:
    """The overseer's browser, logged in to FLOW."""
    context = await browser.new_context(base_url=overseer.server.url, locale="en")
    context.set_default_timeout(PATIENCE_MS)
    await context.add_cookies([overseer.cookie("overseer")])  # type: ignore[list-item]
    yield context
    await context.close()
