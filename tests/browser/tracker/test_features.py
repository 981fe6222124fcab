"""Scrolling, clicks, forms, hovering and the helpers, by real mouse and keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

from flow.collect.events.catalogue import helpers
from tests.browser.tracker.collector import Collector
from tests.browser.tracker.conftest import flushed

FORM = """<form id=checkout name=order onsubmit="return false">
    <input name=email type=email required> <textarea id=note></textarea>
    <select name=size><option>S<option>L</select> <input type=submit value=Pay>
</form>"""


async def told(page: Page, collector: Collector, name: str) -> list[dict[str, Any]]:
    """The event_data of all events called `name`, once everything is sent."""
    await flushed(page)
    return [event.get("event_data", {}) for event in collector.events(name)]


async def scroll_to(page: Page, y: int) -> None:
    await page.evaluate(f"scrollTo(0, {y})")
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done, 20))))")


async def test_scrolling_tells_each_milestone_once(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", "<div style='height: 7200px'></div>", attributes="data-features=scroll"))
    await page.add_style_tag(content="body { margin: 0 }")
    for y in (360, 1080, 1000, 2880, 0, 4680, 6480, 5000, 6480):
        await scroll_to(page, y)
    assert [25, 50, 75, 100] == [data["scroll_depth_pct"] for data in await told(page, collector, "page_scroll")]
    assert {"down"} == {event["event_data"]["direction"] for event in collector.events("page_scroll")}


async def test_a_leap_to_the_end_tells_all_milestones_and_a_new_view_begins_anew(
    page: Page, collector: Collector
) -> None:
    await page.goto(collector.page("/", "<div style='height: 7200px'></div>"))
    await scroll_to(page, 7200)
    await page.evaluate("history.pushState({}, '', '/two')")
    await scroll_to(page, 3000)
    await page.evaluate("scrollTo(0, 7200); history.pushState({}, '', '/three')")  # measured even as it is left
    depths = [data["scroll_depth_pct"] for data in await told(page, collector, "page_scroll")]
    assert [25, 50, 75, 100, 25, 50] == depths[:6]
    assert {} == collector.gaps()


async def test_a_page_that_cannot_scroll_tells_nothing(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", "<p>Short"))
    await page.mouse.wheel(0, 500)
    assert [] == await told(page, collector, "page_scroll")


async def test_a_click_tells_the_button_and_where_it_was_hit(page: Page, collector: Collector) -> None:
    body = """<div style='height: 2000px'></div><main id=menu><ul><li>One</li><li>
        <button class="buy now"><b>Add</b>
            <i>Margherita</i></button></li></ul></main>"""
    await page.goto(collector.page("/", body))
    await page.get_by_text("Margherita").click()
    hit = await page.evaluate("[scrollX, scrollY]")
    [data] = await told(page, collector, "element_click")
    [click] = collector.events("element_click")
    assert {"element_tag": "button", "element_selector": "#menu>ul>li:nth-of-type(2)>button"} == data
    assert ("buy now", "Add Margherita") == (click["element_class"], click["element_text"])
    assert "element_id" not in click
    assert [click["viewport_x"] + hit[0], click["viewport_y"] + hit[1]] == [click["page_x"], click["page_y"]]
    box = await page.locator("button").bounding_box()
    assert box is not None
    assert box["x"] <= click["viewport_x"] <= box["x"] + box["width"]


async def test_a_click_that_the_page_swallows_counts_and_one_of_a_script_does_not(
    page: Page, collector: Collector
) -> None:
    await page.goto(collector.page("/", "<button id=b onclick='event.stopImmediatePropagation()'>Order</button>"))
    await page.locator("#b").click()
    await page.evaluate("document.getElementById('b').click()")
    assert 1 == len(await told(page, collector, "element_click"))


async def test_a_button_pressed_by_keyboard_has_no_position(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", "<button id=b>Order</button>"))
    await page.locator("#b").press("Enter")
    await flushed(page)
    [click] = collector.events("element_click")
    assert ("b", "Order") == (click["element_id"], click["element_text"])
    assert [] == [name for name in click if name.endswith(("_x", "_y"))]


async def test_a_click_on_a_label_counts_once(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", "<label>Extra cheese <input type=checkbox></label>"))
    await page.get_by_text("Extra cheese").click(position={"x": 3, "y": 3})
    await flushed(page)
    assert ["Extra cheese"] == [event["element_text"] for event in collector.events("element_click")]


async def test_a_form_that_is_sent(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", FORM, attributes="data-features=forms"))
    await page.locator("[name=email]").fill("anna@example.dk")
    await page.locator("#note").fill("Ring the bell")
    await page.locator("select").select_option("L")
    await page.locator("[type=submit]").click()
    await page.evaluate("history.pushState({}, '', '/thanks')")
    await flushed(page)
    seen = [(event["event_name"], event.get("event_data")) for event in collector.events()]
    assert [
        ("page_view", None),
        ("form_field_focus", {"form_id": "checkout", "field_name": "email"}),
        ("form_started", {"form_id": "checkout", "form_name": "order"}),
        ("form_field_focus", {"form_id": "checkout", "field_name": "note"}),
        ("form_submitted", {"form_id": "checkout", "form_name": "order", "success": True}),
        ("page_exit", {"exit_type": "navigation"}),
        ("page_view", None),
    ] == seen


async def test_a_field_that_is_wrong(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", FORM))
    await page.locator("[type=submit]").click()
    await page.locator("[name=email]").fill("not an address")
    await page.locator("[type=submit]").click()
    errors = await told(page, collector, "form_field_error")
    assert [("email", "valueMissing"), ("email", "typeMismatch")] == [
        (error["field_name"], error["error_type"]) for error in errors
    ]
    assert [] == collector.events("form_submitted")


async def test_a_form_that_is_begun_and_left(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/", FORM))
    await page.locator("[name=email]").press("a")
    await page.locator("#note").press("b")
    await page.goto(collector.page("/away", FORM))
    await page.locator("[name=email]").focus()
    await page.goto(collector.page("/"))
    await flushed(page)
    [abandoned] = collector.events("form_abandoned")
    assert {"form_id": "checkout", "last_field": "note", "time_spent_sec": 0} == abandoned["event_data"]
    assert ["page_view", "form_field_focus", "page_exit"] == collector.names()[-4:-1]


async def test_forms_without_a_name_and_with_misleading_fields_are_told_apart(page: Page, collector: Collector) -> None:
    forms = "<form><input name=id></form><form name=second><input name=name></form>"
    await page.goto(collector.page("/", forms))
    for field in ("id", "name"):
        await page.locator(f"[name={field}]").press("a")
    assert ["html>body>form:nth-of-type(1)", "second"] == [
        data["form_id"] for data in await told(page, collector, "form_started")
    ]


async def test_hovering_over_a_marked_element_for_more_than_two_seconds(page: Page, collector: Collector) -> None:
    body = """<p id=pizza data-flow-hover>Pizza <b>of the day</b></p><p id=pasta data-flow-hover>Pasta</p><p>Else"""
    await page.goto(collector.page("/", body))
    await page.locator("#pasta").hover()
    await page.wait_for_timeout(300)
    await page.locator("#pizza").hover(position={"x": 5, "y": 5})
    await page.wait_for_timeout(1100)
    await page.locator("b").hover()
    await page.wait_for_timeout(1100)
    await page.get_by_text("Else").hover()
    [data] = await told(page, collector, "element_hover")
    [hover] = collector.events("element_hover")
    assert ("pizza", "Pizza of the day") == (hover["element_id"], hover["element_text"])
    assert data["hover_duration_ms"] >= 2200


@pytest.mark.parametrize("features", ["none", "scroll", "clicks,forms"])
async def test_a_site_chooses_its_features(page: Page, collector: Collector, features: str) -> None:
    body = "<button>Order</button><form><input name=a></form><div style='height: 3000px'></div>"
    await page.goto(collector.page("/", body, attributes=f"data-features={features}"))
    await page.get_by_role("button").click()
    await page.locator("input").press("a")
    await scroll_to(page, 3000)
    await flushed(page)
    expected = {
        "none": {"page_view"},
        "scroll": {"page_view", "page_scroll"},
        "clicks,forms": {"page_view", "element_click", "form_started", "form_field_focus"},
    }
    assert expected[features] == set(collector.names())


async def test_there_is_a_helper_for_every_event_that_a_page_tells(page: Page, collector: Collector) -> None:
    collector.fate = 400
    await page.goto(collector.page("/"))
    await page.evaluate(
        "(calls) => calls.forEach(([group, method]) => flow[group][method]())",
        [[group, method] for group, method, _ in helpers()],
    )
    await flushed(page)
    sent = [event["event_name"] for attempt in collector.attempts for event in attempt.batch["events"]]
    assert {name for _, _, name in helpers()} == set(sent) - {"page_view"}
    assert {"checkout_item_added", "ai_order_created"} < set(sent)
    collector.problems.clear()  # called without their properties, which the catalogue asks for


async def test_what_a_helper_is_given_is_kept_as_it_was(page: Page, collector: Collector) -> None:
    await page.goto(collector.page("/"))
    await page.evaluate("""() => {
        const item = { product_id: "p1", product_name: "Pizza æøå", quantity: 2, price: 8950, cart_total: 17900 };
        flow.checkout.itemAdded(item);
        item.quantity = 3;
    }""")
    assert [
        {"product_id": "p1", "product_name": "Pizza æøå", "quantity": 2, "price": 8950, "cart_total": 17900}
    ] == await told(page, collector, "checkout_item_added")
