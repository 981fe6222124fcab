"""What never leaves the page: what visitors write, and what the site marks as private."""

from __future__ import annotations

import json

from playwright.async_api import Page

from tests.browser.tracker.collector import Collector
from tests.browser.tracker.conftest import flushed

SECRET = "Jens Hansen 12345678"


async def test_nothing_that_a_visitor_writes_is_sent(page: Page, collector: Collector) -> None:
    body = f"""<form id=f>
        <input name=a> <input name=b type=password> <textarea name=c>{SECRET}</textarea>
        <select name=d><option>{SECRET}</select> <input type=submit value="{SECRET}">
        <div contenteditable id=e>{SECRET} <a href="#">{SECRET}</a></div>
    </form>"""
    await page.goto(collector.page("/", body))
    for name in "ab":
        await page.locator(f"[name={name}]").click()
        await page.locator(f"[name={name}]").press_sequentially(SECRET)
    for selector in ("[name=c]", "[name=d]", "#e", "#e a", "[type=submit]"):
        await page.locator(selector).click()
    await page.locator("#f").click(position={"x": 1, "y": 1})
    await flushed(page)
    assert 8 == len(collector.events("element_click"))
    assert "Jens" not in json.dumps([attempt.batch for attempt in collector.attempts])


async def test_masked_text_is_replaced(page: Page, collector: Collector) -> None:
    body = f"""<button id=one data-flow-mask>{SECRET}</button>
        <div data-flow-mask><button id=two>{SECRET}</button></div>
        <button id=three>Order for <b data-flow-mask>{SECRET}</b> now</button>"""
    await page.goto(collector.page("/", body))
    for element in ("one", "two", "three"):
        await page.locator(f"#{element}").click()
    await flushed(page)
    assert ["•••", "•••", "Order for ••• now"] == [event["element_text"] for event in collector.events("element_click")]
    assert "Jens" not in json.dumps([attempt.batch for attempt in collector.attempts])


async def test_ignored_parts_tell_nothing_at_all(page: Page, collector: Collector) -> None:
    body = f"""<section data-flow-ignore><button id=b>{SECRET}</button>
        <form onsubmit="return false"><input name=a required></form>
        <p data-flow-hover>{SECRET}</p></section>
        <div id=around>Menu <b data-flow-ignore>{SECRET}</b></div>"""
    await page.goto(collector.page("/", body))
    await page.locator("#b").click()
    await page.locator("[name=a]").press("Enter")
    await page.locator("[name=a]").press_sequentially("x")
    await page.locator("[name=a]").press("Enter")
    await page.locator("p").hover()
    await page.wait_for_timeout(2100)
    await page.locator("#around").click(position={"x": 2, "y": 2})
    await flushed(page)
    assert ["page_view", "element_click"] == collector.names()
    assert "Menu" == collector.events("element_click")[0]["element_text"]


async def test_marks_reach_into_web_components(page: Page, collector: Collector) -> None:
    body = f"""<x-card id=open></x-card><x-card id=ignored data-flow-ignore></x-card>
        <x-card id=masked data-flow-mask></x-card>
        <script>customElements.define("x-card", class extends HTMLElement {{
            connectedCallback() {{
                this.attachShadow({{ mode: "open" }}).innerHTML = "<button>{SECRET}</button>";
            }}
        }})</script>"""
    await page.goto(collector.page("/", body))
    for card in ("open", "ignored", "masked"):
        await page.locator(f"#{card} button").click()
    await flushed(page)
    assert [SECRET, "•••"] == [event["element_text"] for event in collector.events("element_click")]


async def test_long_texts_are_cut_without_breaking_characters(page: Page, collector: Collector) -> None:
    body = f"<button id={'i' * 300} class='{'c ' * 400}'>{'🍕' * 150}</button>"
    await page.goto(collector.page("/", body))
    await page.get_by_role("button").click()
    await page.evaluate("document.title = '🍝'.repeat(600); history.pushState({}, '', '/two')")
    await flushed(page)
    [click] = collector.events("element_click")
    assert (200, 500, "🍕" * 100, "🍝" * 500) == (
        len(click["element_id"]),
        len(click["element_class"]),
        click["element_text"],
        collector.events("page_view")[1]["page_title"],
    )
