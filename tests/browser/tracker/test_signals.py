"""Do Not Track and Global Privacy Control, by setting."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser.tracker.collector import Collector
from tests.browser.tracker.conftest import flushed

SIGNALS = {
    "dnt": "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1', configurable: true })",
    "gpc": "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true, configurable: true })",
}
VISIT = "flow.consent('analytics'); flow.track('napoli.step')"


@pytest.fixture(params=SIGNALS)
def signal(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def visit(page: Page, collector: Collector, attributes: str = "") -> None:
    await page.goto(collector.page("/", "<button>Order</button>", attributes=attributes))
    await page.evaluate(VISIT)
    await page.get_by_role("button").click()
    await flushed(page)


@pytest.mark.parametrize("setting", [None, "cookieless"])
async def test_a_signal_refuses_consent_and_the_visit_stays_cookieless(
    page: Page, collector: Collector, signal: str, setting: str | None
) -> None:
    await page.add_init_script(SIGNALS[signal])
    await visit(page, collector, f"data-respect-{signal}={setting}" if setting else "")
    assert ["page_view", "napoli.step", "element_click"] == collector.names()
    assert [] == [batch for batch in collector.batches if "visitor_id" in batch]
    assert {} == await page.evaluate("({ ...localStorage })")
    assert await page.evaluate("flow.consent()") is False


@pytest.mark.parametrize("value", ["=block", "=true", ""])
async def test_a_signal_may_stop_all_measuring(page: Page, collector: Collector, signal: str, value: str) -> None:
    await page.add_init_script(SIGNALS[signal])
    await visit(page, collector, f"data-respect-{signal}{value}")
    await page.goto(collector.plain_page("/away", ""))
    await page.wait_for_timeout(200)
    assert [] == collector.attempts


async def test_a_signal_may_be_ignored(page: Page, collector: Collector, signal: str) -> None:
    await page.add_init_script(SIGNALS[signal])
    await visit(page, collector, f"data-respect-{signal}=off")
    assert "visitor_id" in collector.batches[-1]


async def test_each_signal_has_its_own_setting(page: Page, collector: Collector) -> None:
    await page.add_init_script(SIGNALS["gpc"])
    await visit(page, collector, "data-respect-dnt=block data-respect-gpc=off")
    assert "visitor_id" in collector.batches[-1]


async def test_a_signal_that_comes_later_clears_the_device(page: Page, collector: Collector, signal: str) -> None:
    await visit(page, collector)
    assert {} != await page.evaluate("({ ...localStorage })")
    await page.add_init_script(SIGNALS[signal])
    await page.goto(collector.page("/later"))
    await flushed(page)
    assert {} == await page.evaluate("({ ...localStorage })")
    assert "visitor_id" not in collector.batches[-1]
