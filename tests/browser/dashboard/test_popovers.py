"""Definitions, tables and menus of a tile, by mouse, keyboard and finger."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.dashboard.conftest import House, OpenPage

DEFINITION = "What guests paid: totals of orders that were not cancelled"


async def test_a_definition_shows_while_the_pointer_rests_on_the_title(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    note = page.locator("#revenue-definition")
    await page.locator('[data-tile="revenue"] .define').hover()
    await expect(note).to_be_visible()
    await expect(note).to_contain_text(DEFINITION)
    await expect(note).to_contain_text("Counted at")
    await note.hover()
    await page.wait_for_timeout(600)
    await expect(note).to_be_visible()
    await page.mouse.move(900, 700)
    await expect(note).to_be_hidden()


async def test_a_definition_shows_by_keyboard_and_goes_with_the_focus(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    await page.locator('[popovertarget="comparisons"]').focus()
    await page.keyboard.press("Tab")
    await expect(page.locator('[data-tile="revenue"] .define')).to_be_focused()
    await expect(page.locator("#revenue-definition")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator("#revenue-definition")).to_be_hidden()


async def test_a_definition_shows_by_a_tap(open_page: OpenPage) -> None:
    page = await open_page("/dashboard", viewport={"width": 390, "height": 844}, has_touch=True)
    await page.locator('[data-tile="orders"] .define').tap()
    await expect(page.locator("#orders-definition")).to_be_visible()
    await page.touchscreen.tap(200, 800)
    await expect(page.locator("#orders-definition")).to_be_hidden()


async def test_the_menu_of_a_tile_leads_to_its_table_its_rows_and_its_files(house: House, open_page: OpenPage) -> None:
    page = await open_page(f"/dashboard?restaurant={house.napoli.restaurant}&period=7d")
    tile = page.locator('[data-tile="revenue_by_day"]')
    await tile.locator(".more").click()
    menu = page.locator("#revenue_by_day-more")
    assert ["Rows behind this number", "Show as table", "Download CSV", "Download XLSX", "Download PNG"] == (
        await menu.locator(".item").all_inner_texts()
    )
    async with page.expect_download() as download:
        await menu.get_by_text("Download CSV").click()
    assert (await download.value).suggested_filename.startswith("flow-revenue_by_day-")
    await menu.get_by_text("Show as table").click()
    table = page.locator("#revenue_by_day-table")
    await expect(table.locator("tbody tr")).to_have_count(7)
    await expect(table.get_by_role("columnheader", name="Revenue")).to_be_visible()
    await table.get_by_role("button", name="Close").click()
    await expect(table).to_be_hidden()
    await expect(menu).to_be_hidden()
    await tile.locator(".more").click()
    await menu.get_by_text("Rows behind this number").click()
    await page.wait_for_url("**/orders?*")


async def test_the_table_says_what_the_picture_shows(open_page: OpenPage) -> None:
    page = await open_page("/dashboard?period=30d")
    shown = await page.locator('[data-tile="channels"] .ring tbody tr').all_inner_texts()
    await page.locator('[data-tile="channels"] .more').click()
    await page.locator("#channels-more").get_by_text("Show as table").click()
    in_table = await page.locator("#channels-table tbody tr").all_inner_texts()

    assert [row.split()[0] for row in shown] == [row.split()[0] for row in in_table]


async def test_a_hint_follows_the_pointer_over_a_chart_and_a_click_leads_to_the_day(open_page: OpenPage) -> None:
    page = await open_page("/dashboard?period=7d")
    bar = page.locator('[data-tile="revenue_by_day"] .hits a').nth(2)
    await bar.hover()
    await expect(page.locator(".tip")).to_be_visible()
    await expect(page.locator(".tip")).to_contain_text("DKK")
    await bar.click()
    await page.wait_for_url("**/orders?*from=*")
    days = {name: values for name, values in parse_qs(urlsplit(page.url).query).items() if name in ("from", "to")}
    assert days["from"] == days["to"]


@pytest.mark.parametrize("width", [390, 1280])
async def test_every_menu_opens_within_the_window(open_page: OpenPage, width: int) -> None:
    page = await open_page("/dashboard", viewport={"width": width, "height": 844})
    for button in await page.locator("button[popovertarget]:visible").all():
        target = await button.get_attribute("popovertarget")
        if await button.evaluate("(element) => element.closest('[popover]') !== null"):
            continue
        await button.scroll_into_view_if_needed()
        await button.click()
        box = await page.locator(f"#{target}").bounding_box()
        assert box is not None, target
        assert (True, True) == (box["x"] >= 0, box["x"] + box["width"] <= width), (target, box)
        await page.keyboard.press("Escape")
        await page.mouse.move(1, 1)
