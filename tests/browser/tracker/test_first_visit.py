"""The first visit: what is sent, and that nothing stays on the device."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page

from tests.browser.tracker.collector import KEY, RESTAURANT, Collector
from tests.browser.tracker.conftest import flushed, until

ON_THE_DEVICE = """async () => ({
    cookies: document.cookie,
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    locks: (await navigator.locks.query()).held,
})"""
NOTHING = {"cookies": "", "local": {}, "session": {}, "databases": [], "caches": [], "workers": 0, "locks": []}


async def test_a_page_view_is_sent_by_itself(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/menu"))
    await until(collector.events)
    [batch] = collector.batches
    [event] = batch["events"]
    assert (RESTAURANT, KEY) == (batch["restaurant_id"], batch["key"])
    assert ("1280x720", 1280, 720) == (
        batch["screen_resolution"],
        batch["viewport_width"],
        batch["viewport_height"],
    )
    assert batch["language"] == await page.evaluate("navigator.language")
    assert ("page_view", 1, event["id"]) == (event["event_name"], event["seq"], event["page_view_id"])
    assert (collector.origin + "/menu", "Page /menu") == (event["page_url"], event["page_title"])


async def test_ids_sort_in_the_order_the_events_were_made(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate("for (let n = 0; n < 200; n++) flow.track('napoli.step', { n })")
    await flushed(page)
    ids = [event["id"] for event in collector.events()]
    assert 201 == len(set(ids))
    assert sorted(ids) == ids


async def test_nothing_is_stored_on_the_device_before_consent(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    await page.goto(collector.page("/menu", "<button>Order</button><input name=a>"))
    await page.get_by_role("button").click()
    await page.locator("input").fill("x")
    await page.evaluate("flow.checkout.started({ cart_value: 8950, item_count: 1 })")
    collector.next_fates.extend(["cut", 503])
    await page.reload()
    await page.evaluate("flow.track('napoli.seen')")
    await flushed(page)
    assert await page.evaluate(ON_THE_DEVICE) == NOTHING
    assert await context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
    assert [] == [batch for batch in collector.batches if "visitor_id" in batch]


async def test_no_cookie_is_sent_even_to_the_site_itself(
    page: Page, context: BrowserContext, collector: Collector
) -> None:
    await context.add_cookies([{"name": "login", "value": "secret", "url": collector.origin}])
    await page.goto(collector.page("/menu"))
    await flushed(page)
    await page.goto(collector.plain_page("/away", ""))
    await until(lambda: len(collector.attempts) == 2)
    assert [None, None] == [attempt.headers.get("Cookie") for attempt in collector.attempts]


async def test_of_the_address_only_campaign_parameters_are_kept(page: Page, collector: Collector) -> None:
    collector.page("/menu")
    await page.goto(f"{collector.origin}/menu?email=a@b.dk&utm_source=face+book&gclid=x1&table=4&li_fat_id=9#top")
    await until(collector.events)
    assert [f"{collector.origin}/menu?utm_source=face+book&gclid=x1&li_fat_id=9"] == [
        event["page_url"] for event in collector.events()
    ]


async def test_a_site_may_keep_its_query(page: Page, collector: Collector) -> None:
    collector.page("/menu", attributes="data-query=keep")
    await page.goto(f"{collector.origin}/menu?dish=7#top")
    await until(collector.events)
    assert f"{collector.origin}/menu?dish=7" == collector.events()[0]["page_url"]


async def test_the_referrer_loses_its_query(page: Page, collector: Collector) -> None:
    address = collector.page("/menu")
    collector.plain_page("/search", f"<meta name=referrer content=unsafe-url><a href={address}>Pizza</a>")
    await page.goto(f"{collector.origin}/search?q=who+delivers")
    await page.get_by_text("Pizza").click()
    await until(collector.events)
    assert f"{collector.origin}/search" == collector.batches[0]["referrer"]


async def test_calls_made_before_the_script_came_are_kept_in_order(page: Page, collector: Collector) -> None:
    stub = """<script>
        window.flow = window.flow || { q: [], track(...a) { this.q.push(["track", ...a]) } };
        flow.track("napoli.first", { n: 1 });
        flow.q.push(["checkout.started", { cart_value: 100, item_count: 1 }]);
    </script>"""
    tag = f'<script async src="/flow.js" data-restaurant="{RESTAURANT}" data-key="{KEY}"></script>'
    await page.goto(collector.plain_page("/", stub + tag))
    await until(lambda: len(collector.events()) == 3)
    assert ["page_view", "napoli.first", "checkout_started"] == collector.names()
    assert {"n": 1} == collector.events("napoli.first")[0]["event_data"]


async def test_a_script_tag_that_stands_twice_counts_once(page: Page, collector: Collector) -> None:
    tag = f'<script src="/flow.js" data-restaurant="{RESTAURANT}" data-key="{KEY}"></script>'
    await page.goto(collector.page("/", tag))
    await flushed(page)
    assert ["page_view"] == collector.names()


async def test_the_module_works_from_another_origin_without_a_preflight(page: Page, collector: Collector) -> None:
    script = f"""<script type=module>
        import {{ init }} from "{collector.other_origin}/flow.mjs";
        window.tracker = init({{ restaurant: "{RESTAURANT}", key: "{KEY}" }});
        window.same = init({{ restaurant: "other" }}) === tracker;
        tracker.ai.intentDetected({{ conversation_id: "c1", intent: "order_food", confidence: 0.9 }});
    </script>"""
    await page.goto(collector.plain_page("/", script))
    await until(lambda: len(collector.events()) == 2)
    assert ["page_view", "ai_intent_detected"] == collector.names()
    assert await page.evaluate("same")
    assert "flow" not in await page.evaluate("Object.keys(window)")


async def test_the_script_adds_one_name_to_the_page(page: Page, collector: Collector) -> None:
    before = "<script>window.before = [...Object.getOwnPropertyNames(window), 'before']</script>"
    await page.goto(
        collector.plain_page("/", before + f'<script src="/flow.js" data-restaurant="{RESTAURANT}"></script>')
    )
    added = await page.evaluate("Object.getOwnPropertyNames(window).filter((name) => !before.includes(name))")
    assert ["flow"] == added


async def test_the_core_counts_pages_and_own_events_only(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", "<button>Order</button>", script="flow.core.js"))
    await page.get_by_role("button").click()
    await page.evaluate("flow.track('napoli.seen')")
    await flushed(page)
    assert ["page_view", "napoli.seen"] == collector.names()


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })",
        "window.fetch = () => { throw new Error('replaced by the page') }",
        "delete Navigator.prototype.locks",
        "delete AbortSignal.timeout",
    ],
)
async def test_nothing_that_is_missing_or_broken_reaches_the_page(
    page: Page, collector: Collector, broken: str
) -> None:
    errors: list[str] = []

    def note(error: str) -> None:
        errors.append(error)

    page.on("pageerror", lambda error: note(error.message))
    page.on("console", lambda message: note(message.text))
    await page.add_init_script(broken)
    await page.goto(collector.page("/", "<button>Order</button>"))
    await page.get_by_role("button").click()
    await page.evaluate("""() => {
        const loop = {};
        loop.self = loop;
        flow.track("napoli.loop", loop);
        flow.track("napoli.big", { n: 1n });
        flow.consent("analytics");
        flow.consent(false);
        flow.consent("nonsense");
        flow.flush();
        history.pushState({}, "", "/next");
    }""")
    await page.wait_for_timeout(100)
    assert [] == errors
