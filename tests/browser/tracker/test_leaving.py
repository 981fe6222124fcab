"""Pages that disappear: closed, left, hidden, kept in the back/forward cache."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.tracker.collector import Collector
from tests.browser.tracker.conftest import delivered, flushed, set_hidden, until

STEP = "flow.track('napoli.step')"


async def test_a_tab_closed_at_once_loses_nothing(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate("for (let n = 0; n < 100; n++) flow.track('napoli.step', { n })")
    await page.close()
    await until(lambda: len(collector.events()) == 102)
    assert ["page_view", *100 * ["napoli.step"], "page_exit"] == collector.names()
    assert {} == collector.gaps()


async def test_an_event_in_flight_when_the_page_is_left_arrives(page: Page, collector: Collector) -> None:
    collector.next_fates.append("cut")
    await page.goto(collector.page("/"))
    collector.next_fates.append("slow")
    await page.evaluate("flow.checkout.completed({ order_id: 'A1', total: 100, item_count: 1 })")
    await page.goto(collector.plain_page("/thanks", ""))
    await until(lambda: len(collector.events()) == 3)
    assert ["page_view", "checkout_completed", "page_exit"] == collector.names()


async def test_what_the_page_itself_tells_while_it_goes_arrives(page: Page, collector: Collector) -> None:
    late = f"<script>addEventListener('pagehide', () => {STEP}); "
    late += f"document.addEventListener('visibilitychange', () => {STEP});</script>"
    await page.goto(collector.page("/", late))
    await page.goto(collector.plain_page("/away", ""))
    await until(lambda: len(collector.events()) == 4)
    assert ["page_view", "page_exit", "napoli.step", "napoli.step"] == collector.names()


async def test_the_exit_tells_how_the_page_was_left_and_how_long_it_was_on_screen(
    page: Page, collector: Collector
) -> None:
    begin = time.monotonic()
    await page.goto(collector.page("/"))
    await page.wait_for_timeout(300)
    await set_hidden(page, hidden=True)
    first = time.monotonic() - begin
    await page.wait_for_timeout(1000)
    await set_hidden(page, hidden=False)
    await page.wait_for_timeout(200)
    await page.close()
    both = time.monotonic() - begin - 1
    await until(lambda: len(collector.events("page_exit")) == 2)
    hidden, unloaded = collector.events("page_exit")
    assert [{"exit_type": "hidden"}, {"exit_type": "unload"}] == [hidden["event_data"], unloaded["event_data"]]
    assert 300 <= hidden["time_on_page_ms"] <= first * 1000
    assert 500 <= unloaded["time_on_page_ms"] <= both * 1000


async def test_a_page_hidden_and_then_closed_exits_once(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await set_hidden(page, hidden=True)
    await until(lambda: collector.events("page_exit"))
    await page.close()
    await page.context.close()
    assert ["page_view", "page_exit"] == collector.names()


async def test_what_was_handed_over_is_not_sent_again_when_the_page_lives_on(page: Page, collector: Collector) -> None:
    collector.fate = "slow"
    await page.goto(collector.page("/"))
    await set_hidden(page, hidden=True)
    await page.evaluate(STEP)
    await set_hidden(page, hidden=False)
    await page.evaluate(STEP)
    await flushed(page)
    assert {1} == set(collector.times_stored().values())
    assert ["page_view", "page_exit", "napoli.step", "napoli.step"] == collector.names()


async def test_what_could_not_be_handed_over_is_sent_when_the_page_lives_on(page: Page, collector: Collector) -> None:
    collector.next_fates.extend(["cut", "cut"])  # a browser itself tries once more
    await page.goto(collector.page("/"))
    await set_hidden(page, hidden=True)
    await until(lambda: len(collector.attempts) == 2)
    await set_hidden(page, hidden=False)
    await flushed(page)
    assert ["page_view", "page_exit"] == collector.names()


async def test_more_than_keepalive_allows_is_sent_the_ordinary_way_by_a_hidden_page(
    page: Page, collector: Collector
) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate("for (let n = 0; n < 500; n++) flow.track('napoli.step', { n })")
    await set_hidden(page, hidden=True)
    await flushed(page)
    assert 502 == len(collector.events())
    assert {} == collector.gaps()


@pytest_asyncio.fixture(loop_scope="session")
async def remembering(playwright: Playwright) -> AsyncIterator[Page]:
    """A tab of a browser with its back/forward cache on, which Playwright turns off."""
    launched = await playwright.chromium.launch(
        executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield await launched.new_page()
    await launched.close()


@pytest.mark.parametrize("consent", [False, True])
async def test_a_page_from_the_back_forward_cache_is_a_new_page_view(
    remembering: Page, collector: Collector, *, consent: bool
) -> None:
    page = remembering
    await page.goto(collector.page("/menu"))
    await page.evaluate("(given) => { window.still = 'alive'; flow.consent(given && 'analytics'); }", consent)
    await delivered(page)  # a page that waits for an answer may be left out of the cache
    await page.goto(collector.page("/cart"))
    await page.evaluate("history.back()")
    await page.wait_for_function("window.still == 'alive'")  # the very same document
    await until(lambda: len(collector.events("page_view")) == 3)
    await page.evaluate(STEP)
    await page.close()
    await until(lambda: len(collector.events()) == 7)
    views = [
        [event["event_name"] for event in collector.events() if event["page_view_id"] == view["id"]]
        for view in collector.events("page_view")
    ]
    assert [["page_view", "page_exit"], ["page_view", "page_exit"], ["page_view", "napoli.step", "page_exit"]] == views
    assert {} == collector.gaps()
    assert ["/menu", "/cart", "/menu"] == [
        event["page_url"].removeprefix(collector.origin) for event in collector.events("page_view")
    ]
