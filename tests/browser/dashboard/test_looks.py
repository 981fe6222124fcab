"""Pages on a phone, in the dark, in three languages, on paper, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.dashboard.conftest import House, OpenPage

PAGES = {
    "dashboard": ("/dashboard", "owner"),
    "new": ("/dashboard", "newcomer"),
    "employee": ("/dashboard", "employee"),
    "year": ("/dashboard?period=12m", "owner"),
    "orders": ("/orders", "owner"),
    "order": ("/orders/{order}?restaurant={napoli}", "owner"),
    "visits": ("/visits", "owner"),
    "quality": ("/quality", "owner"),
    "integrations": ("/integrations?restaurant={napoli}&period=7d", "owner"),
    "calls": ("/integrations/calls?restaurant={napoli}", "owner"),
    "notifications": ("/notifications?restaurant={napoli}", "owner"),
    "security": ("/settings/security", "owner"),
    "login": ("/login", None),
    "shop": ("/shop/napoli", None),
    "error": ("/nowhere", "owner"),
}


def address(house: House, name: str) -> tuple[str, str | None]:
    """The path of a page and who looks at it."""
    path, user = PAGES[name]
    return path.format(order=house.order(), napoli=house.napoli.restaurant), user


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"error"}))
async def test_a_phone_needs_no_scrolling_sideways(house: House, open_page: OpenPage, name: str) -> None:
    path, user = address(house, name)
    page = await open_page(path, user, viewport={"width": 390, "height": 844})
    for width in (390, 320):
        await page.set_viewport_size({"width": width, "height": 844})

        assert width == await page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("name", ["dashboard", "orders", "quality", "integrations", "login", "shop"])
async def test_the_dark_is_dark_and_the_light_is_light(house: House, open_page: OpenPage, name: str) -> None:
    path, user = address(house, name)
    page = await open_page(path, user)
    brightness = {}
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(",")) / 3

    assert (True, True) == (brightness["light"] > 230, brightness["dark"] < 40)


async def test_a_chosen_look_is_remembered(open_page: OpenPage) -> None:
    page = await open_page("/dashboard", color_scheme="light")
    await page.locator('[popovertarget="themes"]').click()
    async with page.expect_response("**/preferences"):
        await page.locator("#themes").get_by_text("Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.goto("/orders")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    ("locale", "language", "title"),
    [
        ("da-DK", "da", "Omsætning"),
        ("sv-SE", "sv", "Omsättning"),
        ("en-GB", "en", "Revenue"),
        ("de-DE", "da", "Omsætning"),
    ],
)
async def test_the_browser_is_answered_in_its_language_else_in_danish(
    open_page: OpenPage, locale: str, language: str, title: str
) -> None:
    page = await open_page("/dashboard", locale=locale)

    assert language == await page.get_attribute("html", "lang")
    await expect(page.locator('[data-tile="revenue"] h2')).to_have_text(title)


async def test_a_language_is_chosen_in_the_menu_and_stays(open_page: OpenPage) -> None:
    page = await open_page("/dashboard?period=7d")
    await page.locator('[popovertarget="languages"]').click()
    await page.locator("#languages").get_by_text("Svenska").click()
    await expect(page.locator("h1")).to_contain_text("7 dagar")
    await page.goto("/orders")
    await expect(page.locator("h1")).to_have_text("Ordrar")


async def test_without_scripts_everything_is_there(house: House, open_page: OpenPage) -> None:
    page = await open_page("/dashboard?period=7d", java_script_enabled=False)
    tiles = page.locator(".tile")

    assert 12 == await tiles.count()
    assert 11 == await page.locator('[data-part="value"]').count() + await page.locator(".hbars, .ring").count()
    await page.locator('[data-tile="revenue"] .define').click()
    await expect(page.locator("#revenue-definition")).to_be_visible()
    await page.locator('[data-tile="revenue"] .more').click()
    await page.locator("#revenue-more").get_by_text("Show as table").click()
    await expect(page.locator("#revenue-table tbody tr")).to_have_count(7)
    await page.locator("#revenue-table").get_by_role("button", name="Close").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Yesterday", exact=True).click()
    await expect(page.locator("h1")).to_contain_text("Yesterday")
    await page.locator('[popovertarget="themes"]').click()
    await page.locator("#themes").get_by_text("Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.goto("/orders?restaurant=all")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("h1")).to_have_text("Orders")


@pytest.mark.parametrize("name", ["dashboard", "orders"])
async def test_paper_holds_the_figures_and_no_controls(house: House, open_page: OpenPage, name: str) -> None:
    path, user = address(house, name)
    page = await open_page(path, user)
    await page.emulate_media(media="print")

    await expect(page.locator(".frame")).to_be_hidden()
    await expect(page.locator("main")).to_contain_text("DKK")


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}], ids=str)
async def test_what_a_person_asked_their_system_for_is_respected(open_page: OpenPage, options: dict[str, Any]) -> None:
    page = await open_page("/dashboard?period=7d", **options)
    animated = await page.evaluate(
        "document.querySelector('.value').classList.add('fresh-value') ||"
        " getComputedStyle(document.querySelector('.value')).animationName"
    )

    assert "reduced_motion" not in options or "none" == animated
    await expect(page.locator('[data-tile="revenue_by_day"] .mark').first).to_be_visible()
