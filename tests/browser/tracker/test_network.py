"""What the tracker does when the network or the server fails it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.async_api import BrowserContext, Page

from tests.browser.tracker.collector import Attempt, Collector, Fate
from tests.browser.tracker.conftest import delivered, flushed, until

TRACK = "(count) => { for (let n = 1; n <= count; n++) flow.track('napoli.step', { n }); }"


def ids(attempt: Attempt) -> list[str]:
    return [event["id"] for event in attempt.batch["events"]]


async def test_what_happens_offline_is_sent_when_the_network_is_back(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    await page.goto(collector.page("/"))
    await flushed(page)
    await context.set_offline(True)
    await page.evaluate(TRACK, 30)
    await page.wait_for_timeout(1500)
    assert 30 == await page.evaluate("flow.stats().queued")
    await context.set_offline(False)
    await until(lambda: len(collector.events("napoli.step")) == 30)
    assert {} == collector.gaps()


@pytest.mark.parametrize("fate", ["cut", 408, 429, 503])
async def test_a_batch_that_failed_is_sent_again_with_the_same_ids(
    page: Page, collector: Collector, fate: Fate
) -> None:
    collector.next_fates.append(fate)
    await page.goto(collector.page("/"))
    await page.evaluate(TRACK, 3)
    await delivered(page)
    first, last = collector.attempts[0], collector.attempts[-1]
    assert (fate, "stored", ids(first)) == (first.fate, last.fate, ids(last))
    assert {1} == set(collector.times_stored().values())


@pytest.mark.parametrize("fate", ["answer cut", "answer torn"])
async def test_a_lost_answer_makes_the_server_see_the_same_ids_again(
    page: Page, collector: Collector, fate: Fate
) -> None:
    collector.next_fates.append(fate)
    await page.goto(collector.page("/"))
    await page.evaluate(TRACK, 3)
    await delivered(page)
    assert ["page_view"] + 3 * ["napoli.step"] == collector.names()
    assert len(collector.batches) > 1
    assert {len(collector.batches)} == set(collector.times_stored().values())
    assert {"queued": 0, "sent": 4, "rejected": 0, "dropped": 0} == await page.evaluate("flow.stats()")


async def test_retry_after_is_waited_for_even_by_critical_events(page: Page, collector: Collector) -> None:
    collector.next_fates.append(503)
    collector.retry_after = "2"
    await page.goto(collector.page("/"))
    await until(lambda: collector.attempts)
    await page.evaluate("flow.checkout.completed({ order_id: 'A1', total: 100, item_count: 1 })")
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await delivered(page)
    refused, stored = collector.attempts
    assert 2 <= stored.at - refused.at < 6


async def test_the_waits_grow_while_the_server_is_away(page: Page, collector: Collector) -> None:
    collector.fate = 503
    await page.goto(collector.page("/"))
    await until(lambda: len(collector.attempts) == 4, seconds=13)
    collector.fate = "stored"
    times = [attempt.at for attempt in collector.attempts]
    first, second, third = (later - earlier for earlier, later in pairwise(times))
    assert 0.45 < first < 3
    assert 0.9 < second < 4
    assert 1.9 < third < 6


@pytest.mark.parametrize("status", [400, 401, 403, 413])
async def test_what_the_server_refuses_for_good_is_dropped_and_counted(
    page: Page, collector: Collector, status: int
) -> None:
    collector.next_fates.append(status)
    await page.goto(collector.page("/"))
    await flushed(page)
    await page.evaluate(TRACK, 2)
    await flushed(page)
    assert {"queued": 0, "sent": 2, "rejected": 0, "dropped": 1} == await page.evaluate("flow.stats()")
    assert ["napoli.step", "napoli.step"] == collector.names()


@pytest.mark.parametrize(
    "call",
    [
        "checkout.completed({ order_id: 'A1', total: 8950, item_count: 2 })",
        "checkout.paymentFailed({ payment_method: 'card', error_code: 'declined' })",
        "ai.orderCreated({ conversation_id: 'c1', order_id: 'A1', total: 8950 })",
    ],
)
async def test_critical_events_do_not_wait_for_others(page: Page, collector: Collector, call: str) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate(f"flow.{call}")
    await until(lambda: len(collector.events()) == 2, seconds=0.9)  # others wait for a second


async def test_one_request_is_under_way_at_a_time(page: Page, collector: Collector) -> None:
    collector.fate = "slow"
    await page.goto(collector.page("/"))
    for number in range(6):
        await page.evaluate(f"flow.checkout.completed({{ order_id: '{number}', total: 1, item_count: 1 }})")
        await page.wait_for_timeout(150)
    await delivered(page)
    assert 6 == len(collector.events("checkout_completed"))
    assert 1 == collector.most_at_once


async def test_batches_stay_below_what_keepalive_allows(page: Page, collector: Collector) -> None:
    collector.next_fates.append("cut")
    await page.goto(collector.page("/"))
    await page.evaluate("for (let n = 0; n < 600; n++) flow.track('napoli.step', { n, note: 'æøå😀'.repeat(20) })")
    await flushed(page)
    assert 601 == len(collector.events())
    assert {} == collector.gaps()
    assert max(attempt.size for attempt in collector.attempts) < 61_000
    assert max(len(attempt.batch["events"]) for attempt in collector.attempts) <= 250


async def test_an_event_larger_than_a_batch_goes_alone(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate("flow.track('napoli.big', { rows: Array(9000).fill('0123456789') })")
    await page.evaluate(TRACK, 2)
    await until(lambda: len(collector.events()) == 4)
    sizes = [len(batch["events"]) for batch in collector.batches]
    assert [1, 1, 2] == sizes
    collector.problems.clear()  # event_data of that size is refused by the catalogue, as it should be


async def test_the_queue_is_bounded_and_says_what_it_lost(page: Page, collector: Collector) -> None:
    collector.fate = "cut"
    await page.goto(collector.page("/"))
    await page.evaluate(TRACK, 2100)
    assert {"queued": 2000, "dropped": 101} == await page.evaluate(
        "(({ queued, dropped }) => ({ queued, dropped }))(flow.stats())"
    )
    collector.fate = "stored"
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await flushed(page)
    await page.evaluate(TRACK, 1)
    await flushed(page)
    assert [*range(1, 2001), 2102] == [event["seq"] for event in collector.events()]
