"""A real Chromium for every test below this folder.

Playwright's objects belong to the event loop they were made on, and the browser is shared by all tests, so the
asynchronous tests here all run on the loop of the session. What a test needs from elsewhere (a server, a database) it
reaches over the network or synchronously, never through an object of another loop.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

CHROMIUM = shutil.which("chromium")
# The same engine without a desktop's windows, where it is installed: opening a page costs a quarter of the CPU.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 5_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker("browser")
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver; skips the test where there is no Chromium."""
    if CHROMIUM is None or SHELL is None:
        pytest.skip("Chromium is not installed: `make chromium` does it where apt may be used")
    async with async_playwright() as driver:
        yield driver


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """One Chromium for the whole run."""
    launched = await playwright.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
    yield launched
    await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A visitor of the test's own: no cookies, no storage, nothing cached."""
    opened = await browser.new_context(locale="en-US")
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> Page:
    """A tab of that visitor."""
    return await context.new_page()
