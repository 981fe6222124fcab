"""A guest buys a pizza in one tab, and the owner sees it in another."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.conftest import House, OpenPage

AT_ONCE_MS = 2_000


async def _to_the_checkout(open_page: OpenPage, shop: str) -> Page:
    """A guest with a pizza in the cart, one click before the order."""
    page = await open_page(f"/shop/{shop}?lang=en", None)
    pizza = page.locator("form.product").filter(has_text="Cola").first
    await pizza.locator("button.add").click()
    await page.get_by_role("button", name="Go to checkout").click()
    await page.fill("[name='customer.name']", "Anna Hansen")
    await page.fill("[name='customer.phone']", "20123456")
    return page


async def _value(page: Page, tile: str) -> str:
    return await page.locator(f'[data-tile="{tile}"] [data-part="value"]').inner_text()


async def _live(open_page: OpenPage, path: str, user: str = "owner") -> Page:
    page = await open_page(path, user)
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "on")
    return page


async def test_the_counters_rise_within_two_seconds_of_the_click(house: House, open_page: OpenPage) -> None:
    dashboard = await _live(open_page, f"/dashboard?restaurant={house.napoli.restaurant}")
    guest = await _to_the_checkout(open_page, "napoli")
    orders, underway = int(await _value(dashboard, "orders")), int(await _value(dashboard, "active"))

    clicked = time.monotonic()
    await guest.locator(".place").click(no_wait_after=True)
    orders_value = dashboard.locator('[data-tile="orders"] [data-part="value"]')
    await expect(orders_value).to_have_text(str(orders + 1), timeout=AT_ONCE_MS)
    waited = time.monotonic() - clicked

    assert waited < AT_ONCE_MS / 1000
    assert str(underway + 1) == await _value(dashboard, "active")
    await expect(dashboard.locator("[data-newest-order]")).to_contain_text("New order")
    await expect(dashboard.locator("[data-newest-order]")).to_contain_text("Web shop")
    await expect(dashboard.locator("[data-announce]")).to_contain_text("New order")
    await guest.wait_for_url("**/orders/**")


async def test_the_first_order_of_a_new_restaurant_fills_its_empty_page(open_page: OpenPage) -> None:
    dashboard = await _live(open_page, "/dashboard", "newcomer")
    await expect(dashboard.locator("#start-title")).to_be_visible()
    guest = await _to_the_checkout(open_page, "fresh")
    await guest.locator(".place").click()
    await guest.wait_for_url("**/orders/**")

    await expect(dashboard.locator('[data-tile="orders"] [data-part="value"]')).to_have_text("1", timeout=AT_ONCE_MS)
    await expect(dashboard.locator('[data-tile="top_products"]')).to_contain_text("Cola")


async def test_a_paused_page_stands_still_and_catches_up(house: House, open_page: OpenPage) -> None:
    dashboard = await _live(open_page, f"/dashboard?restaurant={house.napoli.restaurant}")
    state = dashboard.locator("[data-live]")
    await state.click()
    before = await _value(dashboard, "orders")
    guest = await _to_the_checkout(open_page, "napoli")
    await guest.locator(".place").click()
    await guest.wait_for_url("**/orders/**")

    assert ("paused", "true") == (await state.get_attribute("data-state"), await state.get_attribute("aria-pressed"))
    assert before == await _value(dashboard, "orders")
    await state.click()
    await expect(dashboard.locator('[data-tile="orders"] [data-part="value"]')).to_have_text(str(int(before) + 1))


@pytest.mark.parametrize("path", ["/dashboard?period=yesterday", "/dashboard?period=last_month"])
async def test_days_that_are_over_are_not_live(open_page: OpenPage, path: str) -> None:
    page = await open_page(path)

    await expect(page.locator("[data-live]")).to_have_count(0)
    await expect(page.locator(".is-live")).to_have_count(0)
