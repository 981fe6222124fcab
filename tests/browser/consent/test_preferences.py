"""A guest ticks the box, confirms, looks at the preferences, and withdraws; by mouse, by keyboard, on a phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import faults_in_light_and_dark
from tests.browser.consent.conftest import DESK, PHONE, OpenPage, Shop

SIZES = {"desk": DESK, "phone": PHONE}
_numbers = iter(range(20_123_000, 20_123_999))


async def order_with_news(page: Page, shop: Shop) -> str:
    """Orders a pizza with the box ticked; the guest's phone number."""
    phone = f"+45{next(_numbers)}"
    await page.locator("#flow-consent").get_by_role("button", name="No, do not").click()
    await page.locator("form.product").filter(has_text="Cola").first.locator("button.add").click()
    await page.get_by_role("button", name="Go to checkout").click()
    box = page.get_by_role("checkbox", name="Napoli may send me news")
    await expect(box).not_to_be_checked()
    await box.check()
    await page.fill("[name='customer.name']", "Anna Hansen")
    await page.fill("[name='customer.phone']", phone)
    await page.locator(".place").click()
    await page.wait_for_url("**/orders/**")
    return phone


@pytest.mark.parametrize("size", sorted(SIZES))
async def test_from_the_box_to_the_last_click(open_page: OpenPage, shop: Shop, size: str) -> None:
    page = await open_page(viewport=SIZES[size])
    phone = await order_with_news(page, shop)
    await page.goto(shop.confirmation(phone))
    assert [] == await faults_in_light_and_dark(page)
    await page.get_by_role("button", name="Yes, I agree").click()

    switch = page.get_by_role("switch", name="News and offers by SMS")
    await expect(switch).to_be_checked()
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert [] == await faults_in_light_and_dark(page)
    await switch.focus()
    await page.keyboard.press("Space")
    await expect(switch).not_to_be_checked()
    await switch.click()
    await expect(switch).to_be_checked()
    await page.get_by_role("button", name="Withdraw all").click()
    await expect(switch).not_to_be_checked()
    assert ["No", "Yes", "No", "Yes, confirmed", "Yes, waiting for your confirmation"] == await page.locator(
        ".history li p b"
    ).all_text_contents()
    assert [] == await faults_in_light_and_dark(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_page_works_without_scripts_and_in_three_languages(open_page: OpenPage, shop: Shop) -> None:
    page = await open_page(shop.preferences("+4521000001"), java_script_enabled=False)
    assert 0 == await page.locator("script").count()
    for language, title in (
        ("Dansk", "Det har du sagt ja til"),
        ("Svenska", "Det här har du sagt ja till"),
        ("English", "What you have agreed to"),
    ):
        await page.get_by_role("button", name=language).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await page.get_by_role("button", name="Withdraw all").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved")


async def test_the_switch_says_what_it_agrees_to(open_page: OpenPage, shop: Shop) -> None:
    page = await open_page()
    phone = await order_with_news(page, shop)
    await page.goto(shop.preferences(phone))
    switch = page.get_by_role("switch", name="News and offers by SMS")
    await expect(switch).to_have_accessible_description(
        "Napoli may send me news and offers by SMS. I can say stop at any time, in one click."
    )
    await expect(page.locator(".card").first).to_contain_text("Waiting: confirm it by the link that we sent you.")
