"""Whoever changes a key of a connection that works sees what came of it, on a desk and on a phone."""

from __future__ import annotations

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.money.conftest import OWNER, Demo

WIDTHS = (1280, 390)


async def _stripe(page: Page, demo: Demo) -> None:
    await page.goto("/")
    await page.get_by_role("button", name=f"Log in as {OWNER.what}").click()
    await expect(page.get_by_role("button", name="Account")).to_be_visible()
    await page.goto(f"/settings/integrations/stripe?restaurant={demo.napoli}")


async def _type_a_key(page: Page, key: str) -> None:
    await page.get_by_label("Secret key").fill(key)
    await page.get_by_role("button", name="Save and test").click()


async def _fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        assert width >= await page.evaluate("document.documentElement.scrollWidth")


async def _turn(demo: Demo, *, outage: bool) -> None:
    async with httpx.AsyncClient(base_url=demo.simulator, trust_env=False) as http:
        answer = await http.patch("/control/knobs", params={"provider": "stripe"}, json={"outage": outage})
    answer.raise_for_status()


@pytest.mark.timeout(90)
async def test_a_wrong_key_is_told_and_the_right_one_stays(demo: Demo, browser: Browser) -> None:
    context = await browser.new_context(base_url=demo.server.url, locale="en", viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    untried = page.get_by_label("Save it even if Stripe does not answer")
    try:
        await _stripe(page, demo)
        await _type_a_key(page, "sk_test_wrong")
        await expect(page.get_by_role("alert")).to_have_text(
            "Stripe does not accept this secret key. Nothing was changed: the former settings stay in force."
        )
        await expect(untried).to_have_count(0)
        await _fits(page)
        await _turn(demo, outage=True)
        await _type_a_key(page, "sk_test_wrong")
        await expect(page.get_by_role("alert")).to_contain_text("Stripe does not answer", timeout=20_000)
        await expect(untried).not_to_be_checked()
        await _fits(page)
        await _turn(demo, outage=False)
        await page.get_by_role("button", name="Test the connection").click()
        await expect(page.get_by_role("status")).to_have_text("The test call was answered.")
    finally:
        await _turn(demo, outage=False)
        await context.close()
