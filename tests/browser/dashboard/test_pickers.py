"""Choosing a period, a comparison, a restaurant; filtering a list."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.async_api import expect

from tests.browser.dashboard.conftest import House, OpenPage


async def test_a_period_is_chosen_from_the_bar_or_the_menu(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    await page.get_by_role("link", name="30 days", exact=True).click()
    await expect(page.locator("h1")).to_contain_text("30 days")
    await expect(page.locator(".against")).to_contain_text("Period before")
    await page.locator(".segments [popovertarget=periods]").click()
    await page.locator("#periods").get_by_text("12 months").click()
    await expect(page.locator("h1")).to_contain_text("12 months")
    await expect(page.locator(".segments [aria-current]")).to_contain_text("12 months")


async def test_a_period_of_ones_own(open_page: OpenPage) -> None:
    last = date.today() - timedelta(days=3)  # noqa: DTZ011
    page = await open_page("/dashboard")
    await page.locator(".segments [popovertarget=periods]").click()
    await page.fill("#from", (last - timedelta(days=2)).isoformat())
    await page.fill("#to", last.isoformat())
    await page.locator("#periods .primary").click()
    await page.wait_for_url(f"**to={last.isoformat()}*")

    assert 7 == await page.locator('[data-tile="revenue_by_day"] .axis').count()
    await expect(page.locator('[data-tile="orders"] [data-part="value"]')).not_to_have_text("0")


async def test_a_comparison_is_chosen_and_stays(open_page: OpenPage) -> None:
    page = await open_page("/dashboard?period=7d")
    await page.locator(".against").click()
    await page.locator("#comparisons").get_by_text("Nothing").click()
    await expect(page.locator(".change")).to_have_count(0)
    await page.get_by_role("link", name="Yesterday", exact=True).click()
    await expect(page.locator(".against")).to_contain_text("Nothing")


async def test_a_restaurant_is_chosen_and_stays(house: House, open_page: OpenPage) -> None:
    page = await open_page("/dashboard?period=7d")
    both = int(await page.locator('[data-tile="orders"] [data-part="value"]').inner_text())
    await page.locator(".switcher").click()
    await page.locator("#restaurants").get_by_text("Tivoli").click()
    await page.wait_for_url(f"**restaurant={house.tivoli.restaurant}*")
    one = int(await page.locator('[data-tile="orders"] [data-part="value"]').inner_text())

    assert 0 < one < both
    await expect(page.locator(".segments [aria-current]")).to_have_text("7 days")


async def test_a_list_is_narrowed_by_its_form(open_page: OpenPage) -> None:
    page = await open_page("/orders?restaurant=all")
    await page.fill("#from", (date.today() - timedelta(days=12)).isoformat())  # noqa: DTZ011
    await page.select_option("#status", "cancelled")
    await page.get_by_role("button", name="Show").click()
    await page.wait_for_url("**status=cancelled*")
    texts = set(await page.locator("tbody .status").all_inner_texts())

    assert {"Cancelled"} == texts
    await page.select_option("#status", "")
    await page.select_option("#channel", "pos")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator(".state")).to_contain_text("Nothing matches")


async def test_an_order_is_moved_on_by_its_buttons(house: House, open_page: OpenPage) -> None:
    order = house.tivoli.order(_now(house), status="pending")
    page = await open_page(f"/orders/{order}?restaurant={house.tivoli.restaurant}")
    for status in ("Confirmed", "In the kitchen", "Ready", "Completed"):
        await page.get_by_role("button", name=f"Mark as: {status}").click()
        await expect(page.locator("h1 .status")).to_have_text(status)
    await expect(page.locator(".moves")).to_have_count(0)


def _now(house: House) -> str:
    (found,) = house.tivoli.connection.execute("select to_char(now() at time zone 'Europe/Copenhagen', 'YYYY-MM-DD HH24:MI')").fetchone() or ("",)  # fmt: skip  # noqa: E501
    return str(found)
