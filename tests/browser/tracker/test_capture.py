"""The measurement: a scripted visit of 200 actions with the network cut twice; every event arrives exactly once."""

from __future__ import annotations

from collections import Counter

from playwright.async_api import BrowserContext, Page

from tests.browser.tracker.collector import RESTAURANT, Collector
from tests.browser.tracker.conftest import flushed, until
from tests.browser.tracker.visitor import SHOP, Visitor


def open_shop(collector: Collector) -> str:
    for path in ("/menu", "/cart"):
        collector.page(path, SHOP)
    return collector.page("/", SHOP)


async def test_without_consent_every_event_of_200_actions_on_one_page_load_is_captured(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    visitor = Visitor(page)
    await visitor.opens(open_shop(collector))
    await visitor.acts(5)
    await context.set_offline(True)
    await visitor.acts(5)
    await context.set_offline(False)
    await visitor.acts(5)
    collector.fate = "cut"
    await visitor.acts(5)
    collector.fate = "stored"
    collector.next_fates.extend(["answer cut", 503])
    await visitor.acts(5)
    await flushed(page)
    assert 200 == visitor.actions
    assert visitor.expected == Counter(collector.names())
    assert {} == collector.gaps()
    assert {} == await page.evaluate("({ ...localStorage })")


async def test_with_consent_every_event_of_200_actions_is_captured_across_reloads_and_a_closed_tab(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    visitor = Visitor(page)
    shop = open_shop(collector)
    await visitor.opens(shop)
    await page.evaluate("flow.consent('analytics')")
    await visitor.acts(5)
    collector.fate = "cut"
    await visitor.acts(5)
    await visitor.reloads()
    await visitor.acts(3)
    collector.fate = "stored"
    await visitor.acts(3)
    collector.fate = "cut"
    await visitor.reloads()
    await visitor.acts(4)
    await visitor.closes()
    collector.fate = "answer cut"
    visitor.page = await context.new_page()
    await visitor.opens(shop)
    await until(lambda: collector.attempts[-1].fate == "answer cut")
    collector.fate = "stored"
    await visitor.acts(5)
    await flushed(visitor.page)
    assert 200 == visitor.actions
    assert visitor.expected == Counter(collector.names())
    assert {} == collector.gaps()
    stored = await visitor.page.evaluate("Object.keys(localStorage)")
    assert [f"flow.{RESTAURANT}.visitor"] == stored
