"""What consent changes: a lasting id, and a queue that outlives the page."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import BrowserContext, Error, Page

from tests.browser.tracker.collector import KEY, RESTAURANT, Collector
from tests.browser.tracker.conftest import flushed, until

CONSENT = "flow.consent('analytics')"
STORED = "Object.keys(localStorage)"
VISITOR = f"flow.{RESTAURANT}.visitor"
STEP = "flow.track('napoli.step')"
TRACK = "(count) => { for (let n = 1; n <= count; n++) flow.track('napoli.step', { n }); }"


async def crash(page: Page) -> None:
    """Ends the tab's process without a word."""
    with pytest.raises(Error, match="crash"):
        await page.goto("chrome://crash")


async def test_consent_gives_a_lasting_id(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await flushed(page)
    assert await page.evaluate(CONSENT) is True
    await page.evaluate(STEP)
    await flushed(page)
    await page.goto(collector.page("/menu"))
    await flushed(page)
    visitor = await page.evaluate(f"localStorage['{VISITOR}']")
    assert [None, *[visitor] * (len(collector.batches) - 1)] == [batch.get("visitor_id") for batch in collector.batches]
    assert await page.evaluate("flow.consent()") is True
    assert [VISITOR] == await page.evaluate(STORED)


async def test_withdrawal_clears_the_device_at_once_and_loses_no_event(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    address = collector.page("/")
    await page.goto(address)
    await page.evaluate(CONSENT)
    other = await context.new_page()
    await other.goto(address)
    collector.fate = "cut"
    await page.evaluate(TRACK, 3)
    await other.evaluate(TRACK, 3)
    assert len(await page.evaluate(STORED)) > 3
    withdrawal = page.evaluate(f"[flow.consent(false), {STORED}]")
    left, _ = await asyncio.gather(withdrawal, other.evaluate(TRACK, 50))
    assert [False, []] == left
    await other.evaluate(STEP)
    await other.wait_for_function(f"{STORED}.length == 0")
    await page.wait_for_function(f"{STORED}.length == 0")
    collector.fate = "stored"
    before = len(collector.batches)
    await flushed(page)
    await flushed(other)
    assert {None} == {batch.get("visitor_id") for batch in collector.batches[before:]}
    assert 57 == len(collector.events("napoli.step"))
    assert await page.evaluate("navigator.locks.query()") == {"held": [], "pending": []}


async def test_the_queue_survives_reloads_without_a_network(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate(CONSENT)
    collector.fate = "cut"
    await page.evaluate(TRACK, 5)
    await page.reload()
    await page.evaluate(TRACK, 5)
    await page.reload()
    collector.fate = "stored"
    await until(lambda: len(collector.events("napoli.step")) == 10)
    await flushed(page)
    assert {} == collector.gaps()
    assert [VISITOR] == await page.evaluate(STORED)


@pytest.mark.parametrize("ending", ["closed", "crashed"])
async def test_a_later_page_sends_what_a_lost_tab_left_behind(
    page: Page, context: BrowserContext, collector: Collector, ending: str
) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate(CONSENT)
    collector.fate = "cut"
    await page.evaluate(TRACK, 5)
    await (page.close() if ending == "closed" else crash(page))
    collector.fate = "stored"
    later = await context.new_page()
    await later.goto(collector.page("/later"))
    await until(lambda: len(collector.events("napoli.step")) == 5)
    await flushed(later)
    assert {} == collector.gaps()
    assert [VISITOR] == await later.evaluate(STORED)


async def test_what_was_left_behind_keeps_the_referrer_of_its_own_page(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    address = collector.page("/")
    collector.plain_page("/search", f"<a href={address}>Pizza</a>")
    await page.goto(address)
    await page.evaluate(CONSENT)
    await flushed(page)
    collector.fate = "cut"
    await page.goto(collector.origin + "/search")
    await page.get_by_text("Pizza").click()
    await page.wait_for_function("window.flow?.stats().queued")
    await page.close()
    collector.fate = "stored"
    later = await context.new_page()
    await later.goto(collector.page("/later"))
    await until(lambda: len(collector.events("page_view")) == 3)
    referrers = {
        event["page_url"].removeprefix(collector.origin): batch["referrer"]
        for batch in collector.batches[1:]
        for event in batch["events"]
        if event["event_name"] == "page_view"
    }
    assert {"/": collector.origin + "/search", "/later": ""} == referrers


async def test_two_living_tabs_each_send_their_own(page: Page, context: BrowserContext, collector: Collector) -> None:
    address = collector.page("/")
    await page.goto(address)
    await page.evaluate(CONSENT)
    other = await context.new_page()
    await other.goto(address)
    collector.next_fates.extend(["cut", "cut", 503, 503])
    await asyncio.gather(page.evaluate(TRACK, 20), other.evaluate(TRACK, 20))
    await asyncio.gather(flushed(page), flushed(other))
    assert 40 == len(collector.events("napoli.step"))
    assert {1} == set(collector.times_stored().values())
    assert {} == collector.gaps()


async def test_of_several_new_tabs_one_takes_what_was_left_behind(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    address = collector.page("/")
    await page.goto(address)
    await page.evaluate(CONSENT)
    await flushed(page)
    collector.fate = "cut"
    await page.evaluate(TRACK, 20)
    await crash(page)
    collector.fate = "stored"
    tabs = [await context.new_page() for _ in range(3)]
    await asyncio.gather(*(tab.goto(address) for tab in tabs))
    await until(lambda: len(collector.events("napoli.step")) == 20)
    await asyncio.gather(*(flushed(tab) for tab in tabs))
    assert {1} == set(collector.times_stored().values())
    assert [VISITOR] == await tabs[0].evaluate(STORED)


async def test_without_web_locks_nothing_is_lost_either(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    await context.add_init_script("delete Navigator.prototype.locks")
    address = collector.page("/")
    await page.goto(address)
    await page.evaluate(CONSENT)
    collector.fate = "cut"
    await page.evaluate(TRACK, 10)
    other = await context.new_page()
    await other.goto(address)
    await other.evaluate(TRACK, 10)
    await page.close()
    collector.fate = "stored"
    await until(lambda: len(collector.events("napoli.step")) == 20)
    await flushed(other)
    assert {} == collector.gaps()
    assert [VISITOR] == await other.evaluate(STORED)


async def test_restaurants_on_one_origin_share_neither_id_nor_queue(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    another = RESTAURANT[:-1] + "2"
    await page.goto(collector.page("/"))
    await page.evaluate(CONSENT)
    collector.fate = "cut"
    await page.evaluate(STEP)
    await page.close()
    collector.fate = "stored"
    tag = f'<script src="/flow.js" data-restaurant="{another}" data-key="fk_other"></script>'
    neighbour = await context.new_page()
    await neighbour.goto(collector.plain_page("/neighbour", tag))
    await flushed(neighbour)
    assert await neighbour.evaluate("flow.consent()") is False
    [batch] = [batch for batch in collector.batches if batch["restaurant_id"] == another]
    assert ["page_view"] == [event["event_name"] for event in batch["events"]]
    assert "visitor_id" not in batch


async def test_where_storage_is_forbidden_consent_says_so_and_tracking_goes_on(
    page: Page, collector: Collector
) -> None:
    await page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    await page.goto(collector.page("/"))
    assert await page.evaluate(CONSENT) is False
    await page.evaluate(STEP)
    await flushed(page)
    assert ["page_view", "napoli.step"] == collector.names()


async def test_an_answer_is_told_with_what_was_shown_and_a_withdrawal_too(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    assert await page.evaluate("flow.consent('analytics', { version: 'web-da-2', language: 'da' })") is True
    visitor = await page.evaluate(f"localStorage['{VISITOR}']")
    assert await page.evaluate("flow.consent('analytics')") is True
    assert await page.evaluate("flow.consent('none')") is False
    assert await page.evaluate("flow.consent(false)") is False
    await until(lambda: len(collector.answers) == 2)
    sender = {"restaurant_id": RESTAURANT, "key": KEY, "visitor_id": visitor}
    assert [
        {**sender, "granted": True, "version": "web-da-2", "language": "da"},
        {**sender, "granted": False},
    ] == collector.answers
    assert [] == await page.evaluate(STORED)


async def test_a_no_to_begin_with_tells_nothing_since_there_is_nobody_to_tell_of(
    page: Page, collector: Collector
) -> None:
    await page.goto(collector.page("/"))
    assert await page.evaluate("flow.consent('none')") is False
    await flushed(page)
    assert ([], []) == (collector.answers, await page.evaluate(STORED))


async def test_an_answer_goes_even_when_the_page_is_left_at_once(page: Page, collector: Collector) -> None:
    address = collector.page("/")
    await page.goto(address)
    await page.evaluate("() => { flow.consent('analytics'); location.href = '/?next'; }")
    await until(lambda: len(collector.answers) == 1)


async def test_an_answer_goes_to_the_address_that_the_page_names(page: Page, collector: Collector) -> None:
    await page.route("**/visits/consent", lambda route: route.fulfill(status=204))
    await page.goto(collector.page("/", attributes='data-consents="/visits/consent"'))
    async with page.expect_request("**/visits/consent") as told:
        await page.evaluate(CONSENT)
    assert "text/plain;charset=UTF-8" == (await told.value).headers["content-type"]
