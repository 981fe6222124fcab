"""Single-page apps, manual page views and prerendering."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser.tracker.collector import Collector, Event
from tests.browser.tracker.conftest import flushed, until


def paths(collector: Collector, events: list[Event]) -> list[str]:
    return [event["page_url"].removeprefix(collector.origin) for event in events]


async def test_a_single_page_app_has_a_page_view_per_address(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/menu"))
    await page.evaluate("""async () => {
        flow.track("napoli.step");
        history.pushState({}, "", "/menu/pizza");
        flow.track("napoli.step");
        history.replaceState({}, "", "/menu/pasta");
        const back = new Promise((done) => addEventListener("popstate", done, { once: true }));
        history.back();
        await back;
        flow.track("napoli.step");
    }""")
    await flushed(page)
    assert ["/menu", "/menu/pizza", "/menu/pasta", "/menu"] == paths(collector, collector.events("page_view"))
    visits = ["page_view", "napoli.step", "page_exit"]
    assert [*visits, *visits, "page_view", "page_exit", "page_view", "napoli.step"] == collector.names()
    assert 3 * ["navigation"] == [event["event_data"]["exit_type"] for event in collector.events("page_exit")]
    assert {} == collector.gaps()


async def test_exits_tell_the_address_that_was_left(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/menu"))
    await page.wait_for_timeout(200)
    await page.evaluate("history.pushState({}, '', '/cart')")
    await flushed(page)
    [left] = collector.events("page_exit")
    assert ["/menu"] == paths(collector, [left])
    assert left["time_on_page_ms"] >= 200


async def test_what_does_not_change_the_page_is_no_page_view(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/menu", "<a href='#drinks'>Drinks</a>"))
    await page.evaluate("history.replaceState({ scroll: 3 }, '')")
    await page.evaluate("history.pushState({}, '', '/menu?sort=price')")
    await page.evaluate("location.hash = 'desserts'")
    await page.get_by_text("Drinks").click()
    await flushed(page)
    assert ["page_view", "element_click"] == collector.names()


async def test_a_page_view_gets_the_title_that_the_app_sets_later(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/menu"))
    await page.evaluate("""() => {
        history.pushState({}, "", "/cart");
        setTimeout(() => (document.title = "Cart"), 100);
    }""")
    await until(lambda: len(collector.events("page_view")) == 2)
    assert ["Page /menu", "Cart"] == [event["page_title"] for event in collector.events("page_view")]


async def test_routes_in_the_fragment_count_when_asked_for(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", attributes="data-hash=on") + "#/menu")
    await page.evaluate("location.hash = '/cart'")
    await page.wait_for_function("flow.stats().queued == 3")
    await flushed(page)
    assert ["/#/menu", "/#/cart"] == paths(collector, collector.events("page_view"))


async def test_with_auto_off_the_page_says_when_a_view_begins(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", "<button>Order</button>", attributes="data-auto=off"))
    await page.get_by_role("button").click()
    await page.evaluate("history.pushState({}, '', '/two')")
    assert 0 == await page.evaluate("flow.stats().queued")
    await page.evaluate("flow.page()")
    await page.get_by_role("button").click()
    await page.evaluate("flow.page()")
    await flushed(page)
    assert ["page_view", "element_click", "page_exit", "page_view"] == collector.names()


async def test_with_auto_off_an_own_event_begins_a_view(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", attributes="data-auto=off"))
    await page.evaluate("flow.track('napoli.step')")
    await flushed(page)
    assert ["page_view", "napoli.step"] == collector.names()


@pytest.mark.parametrize("call", ["pushState", "replaceState"])
async def test_the_history_works_as_without_the_tracker(page: Page, collector: Collector, call: str) -> None:
    await page.goto(collector.page("/"))
    assert [{"n": 1}, "/two", "DataCloneError"] == await page.evaluate(
        """(call) => {
            history[call]({ n: 1 }, "", "/two");
            try { history[call](() => 0, "") } catch (error) { return [history.state, location.pathname, error.name] }
        }""",
        call,
    )


async def test_a_prerendered_page_counts_when_it_is_shown(page: Page, collector: Collector) -> None:
    await page.add_init_script("Object.defineProperty(document, 'prerendering', { value: true, configurable: true })")
    await page.goto(collector.page("/"))
    await page.evaluate("flow.track('napoli.step')")
    await page.wait_for_timeout(200)
    assert 0 == await page.evaluate("flow.stats().queued")
    shown = await page.evaluate("""() => {
        const now = new Date().toISOString();
        Object.defineProperty(document, "prerendering", { value: false });
        document.dispatchEvent(new Event("prerenderingchange"));
        return now;
    }""")
    await flushed(page)
    assert ["page_view", "napoli.step"] == collector.names()
    assert collector.events()[0]["timestamp"] >= shown
