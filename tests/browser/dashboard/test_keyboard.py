"""The dashboard by keyboard alone: shortcuts, menus, and a focus that is always seen."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.conftest import OpenPage

FOCUSED = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element);
  return {
    name: element.id || element.getAttribute("aria-label") || element.textContent.trim().slice(0, 30),
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0,
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    body: element === document.body,
  };
}"""


@pytest.mark.parametrize(
    ("key", "period"),
    [("t", "today"), ("w", "7d"), ("m", "month")],
)
async def test_a_letter_chooses_a_period(open_page: OpenPage, key: str, period: str) -> None:
    page = await open_page("/dashboard?period=yesterday")
    await page.keyboard.press(key)
    await page.wait_for_url(f"**period={period}*")


async def test_arrows_step_back_and_forth(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    today = await page.locator("main .muted").first.inner_text()
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_url("**period=custom*")
    assert today != await page.locator("main .muted").first.inner_text()
    await page.keyboard.press("ArrowRight")
    await page.wait_for_url("**period=today*")
    assert today == await page.locator("main .muted").first.inner_text()


async def test_a_slash_opens_the_restaurants_and_arrows_walk_them(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    menu = page.locator("#restaurants")
    await page.keyboard.press("/")
    await expect(menu).to_be_visible()
    await expect(menu.locator("[aria-current]")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(menu.get_by_role("link", name="Napoli")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**restaurant=0*")
    await expect(page.locator(".switcher")).to_contain_text("Tivoli")


async def test_escape_closes_a_menu_and_gives_the_focus_back(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    button = page.locator('[popovertarget="account"]')
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#account")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#account")).to_be_hidden()
    await expect(button).to_be_focused()


async def test_a_question_mark_shows_every_shortcut(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    await page.keyboard.press("?")
    panel = page.locator("#shortcuts")
    await expect(panel).to_be_visible()
    assert ["t", "w", "m", "←", "→", "/", "?", "Esc"] == await panel.locator("kbd").all_inner_texts()
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()


async def test_keys_that_are_typed_into_a_field_choose_nothing(open_page: OpenPage) -> None:
    page = await open_page("/orders")
    await page.goto("/dashboard")
    await page.locator(".segments [popovertarget=periods]").click()
    await page.locator("#from").focus()
    for key in ("t", "w", "ArrowLeft", "/"):
        await page.keyboard.press(key)
    assert page.url.endswith("/dashboard")


async def test_shortcuts_can_be_switched_off_and_stay_off(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    await page.keyboard.press("?")
    await page.get_by_label("Use single-key shortcuts").uncheck()
    await page.reload()
    await page.keyboard.press("w")
    await page.keyboard.press("?")
    await page.wait_for_timeout(200)

    assert page.url.endswith("/dashboard")
    await expect(page.locator("#shortcuts")).to_be_hidden()


async def test_the_first_stop_leads_past_the_frame(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await expect(page.locator(".skip")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("Tab")
    assert "Period before" == await page.evaluate("document.activeElement.getAttribute('aria-label')")


@pytest.mark.parametrize("path", ["/dashboard", "/orders", "/quality"])
async def test_every_stop_is_seen_and_the_walk_ends(open_page: OpenPage, path: str) -> None:
    page = await open_page(path)
    stops = [stop async for stop in _stops(page, most=150)]

    assert 10 < len(stops) < 150
    assert [] == [stop["name"] for stop in stops if not (stop["seen"] and stop["within"])]


async def test_tiles_come_in_the_order_in_which_they_are_read(open_page: OpenPage) -> None:
    page = await open_page("/dashboard")
    order = await page.evaluate(
        "[...document.querySelectorAll('.tile')].map((tile) => [tile.dataset.tile, tile.getBoundingClientRect()])"
        ".map(([key, box]) => [key, Math.round(box.top / 40), box.left])"
    )

    assert [row[0] for row in order] == [row[0] for row in sorted(order, key=lambda row: (row[1], row[2]))]


async def _stops(page: Page, *, most: int):  # type: ignore[no-untyped-def]
    """What the focus stands on after each press of Tab, until it leaves the page; parts of a date field count once."""
    before = ""
    for _ in range(most):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(FOCUSED)
        if stop["body"]:
            return
        if stop["name"] != before:
            yield stop
        before = stop["name"]
