"""What the tracker's tests share: the collector, and waiting for what a browser does in its own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.async_api import Page

from tests.browser.tracker.collector import Collector


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A running collector; all that it was sent must have kept to the wire format."""
    running = Collector()
    yield running
    running.stop()
    assert running.problems == []


async def until(holds: Callable[[], object], *, seconds: float = 6) -> None:
    """Returns as soon as `holds()` is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.02)


async def delivered(page: Page) -> None:
    """Returns when the tracker on `page`, in its own time, has sent all it had."""
    await page.wait_for_function("flow.stats().queued == 0")


async def flushed(page: Page) -> None:
    """The same without patience: a tracker that waits before it tries again is told to try now."""
    await page.wait_for_function("() => { flow.flush(); return flow.stats().queued == 0; }", polling=100)


async def set_hidden(page: Page, *, hidden: bool) -> None:
    """Puts the tab into the background or back. Playwright keeps every tab in front, so the page is told so."""
    await page.evaluate(
        """(state) => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        "hidden" if hidden else "visible",
    )
