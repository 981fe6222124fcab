"""The banner: asks once, both answers weigh the same, nothing is stored before one, and it can be opened again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import faults_in_light_and_dark
from tests.browser.conftest import PATIENCE_MS
from tests.browser.consent.conftest import DESK, PHONE, OpenPage, Shop

STORED = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"
SIZES = {"desk": DESK, "phone": PHONE}
WORDS = {
    "da": ("Må vi huske denne enhed?", "Nej tak", "Ja, det må I gerne"),
    "sv": ("Får vi komma ihåg den här enheten?", "Nej tack", "Ja, det får ni"),
    "en": ("May we remember this device?", "No, do not", "Yes, you may"),
}


def banner(page: Page) -> Locator:
    return page.locator("#flow-consent section")


def button(page: Page, name: str) -> Locator:
    return banner(page).get_by_role("button", name=name)


async def visitor_of(page: Page, shop: Shop) -> str | None:
    found: str | None = await page.evaluate(f"localStorage['flow.{shop.restaurant}.visitor']")
    return found


async def kept(shop: Shop, visitor: str, count: int) -> list[tuple[Any, ...]]:
    """The evidence, as soon as there is so much of it."""
    async with asyncio.timeout(5):
        while len(found := shop.answers(visitor)) < count:
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_it_asks_in_the_visitors_language(open_page: OpenPage, language: str) -> None:
    page = await open_page(locale=language)
    title, no, yes = WORDS[language]
    await expect(banner(page)).to_be_visible()
    assert [title] == await banner(page).get_by_role("heading").all_text_contents()
    assert [no, yes] == await banner(page).get_by_role("button").all_text_contents()
    assert language == await banner(page).get_attribute("lang")


async def test_nothing_is_on_the_device_before_an_answer(open_page: OpenPage) -> None:
    page = await open_page()
    await expect(banner(page)).to_be_visible()
    assert ([], []) == (await page.evaluate(STORED), await page.context.cookies())
    assert 0 == await banner(page).locator("input, [aria-checked], [aria-pressed]").count()


@pytest.mark.parametrize("size", sorted(SIZES))
async def test_no_is_as_easy_as_yes(open_page: OpenPage, size: str) -> None:
    page = await open_page(viewport=SIZES[size])
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        no, yes = [await look(button(page, name)) for name in ("No, do not", "Yes, you may")]
        assert no == yes


async def look(locator: Locator) -> tuple[int, int, list[str]]:
    """Width, height and style of a button, which is large enough for a finger."""
    await expect(locator).to_be_visible()
    box = await locator.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    style = await locator.evaluate(
        "(b) => { const s = getComputedStyle(b); return [s.color, s.backgroundColor, s.borderColor, s.fontSize, "
        "s.fontWeight, s.opacity]; }"
    )
    return round(box["width"]), round(box["height"]), style


async def test_yes_gives_a_lasting_id_with_evidence_of_what_was_shown(open_page: OpenPage, shop: Shop) -> None:
    page = await open_page(locale="sv")
    text = await banner(page).locator("p").text_content()
    await button(page, "Ja, det får ni").click()
    await expect(banner(page)).to_have_count(0)
    visitor = await visitor_of(page, shop)
    assert visitor is not None
    [(granted, version, language)] = await kept(shop, visitor, 1)
    assert (True, "sv") == (granted, language)
    assert [(text,)] == shop.rows(
        f"select distinct consent_text from public.user_consents where consent_version = '{version}'"
    )
    await _until(page, f"JSON.parse(localStorage['flow-consent.{shop.restaurant}']).told")
    await page.reload()
    await page.wait_for_load_state("networkidle")
    await expect(banner(page)).to_have_count(0)
    assert 1 == len(shop.answers(visitor))


async def test_no_is_remembered_just_as_long_and_gives_no_id(open_page: OpenPage, shop: Shop) -> None:
    page = await open_page()
    await button(page, "No, do not").click()
    await expect(banner(page)).to_have_count(0)
    await page.reload()
    await page.wait_for_load_state("networkidle")
    await expect(banner(page)).to_have_count(0)
    assert [f"flow-consent.{shop.restaurant}"] == await page.evaluate(STORED)
    assert [] == await page.context.cookies()


@pytest.mark.parametrize("answer", ["none", "analytics"])
async def test_an_answer_of_last_year_is_asked_for_again_and_a_lapsed_yes_taken_back(
    open_page: OpenPage, shop: Shop, answer: str
) -> None:
    old = (
        f"localStorage['flow-consent.{shop.restaurant}'] ??= JSON.stringify({{ answer: '{answer}', version: 'x', "
        "at: Date.now() - 366 * 864e5, told: true });"
    )
    if answer == "analytics":
        visitor = f"localStorage['flow.{shop.restaurant}.visitor']"
        old += f"{visitor} ??= '0190a000-0000-7000-8000-0000000000aa';"
    page = await open_page(script=old)
    await expect(banner(page)).to_be_visible()
    assert await visitor_of(page, shop) is None


async def test_a_change_of_mind_is_one_press_away_and_brings_the_focus_back(open_page: OpenPage, shop: Shop) -> None:
    page = await open_page()
    await button(page, "Yes, you may").click()
    visitor = await visitor_of(page, shop)
    assert visitor is not None
    await kept(shop, visitor, 1)
    opener = page.get_by_role("button", name="Statistics and your device")
    await opener.press("Enter")
    await expect(banner(page)).to_contain_text("Your answer now: yes.")
    await expect(banner(page).get_by_role("heading")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(banner(page)).to_have_count(0)
    await expect(opener).to_be_focused()
    assert await visitor_of(page, shop) == visitor

    await opener.press("Enter")
    await button(page, "No, do not").click()
    await expect(opener).to_be_focused()
    assert await visitor_of(page, shop) is None
    assert [True, False] == [row[0] for row in await kept(shop, visitor, 2)]
    await opener.press("Enter")
    await expect(banner(page)).to_contain_text("Your answer now: no.")


async def test_the_keyboard_meets_the_question_first_and_is_not_caught_in_it(open_page: OpenPage) -> None:
    page = await open_page()
    await expect(banner(page)).to_be_visible()
    focused = "(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).textContent.trim()"
    met = []
    for _ in range(3):
        await page.keyboard.press("Tab")
        met.append(await page.evaluate(focused))
    assert ["No, do not", "Yes, you may", "Skip to content"] == met
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await expect(banner(page)).to_have_count(0)


async def test_what_has_the_focus_is_never_behind_it(open_page: OpenPage) -> None:
    page = await open_page(viewport=PHONE)
    await expect(banner(page)).to_be_visible()
    last = page.get_by_role("button", name="Statistics and your device")
    await last.focus()
    await _until(page, "scrollY > 0")
    await page.wait_for_timeout(600)
    low, top = await last.bounding_box(), await banner(page).bounding_box()
    assert low is not None
    assert top is not None
    assert low["y"] + low["height"] <= top["y"]


async def test_at_twice_the_size_on_a_small_screen_everything_is_within_reach(open_page: OpenPage) -> None:
    page = await open_page(viewport={"width": 320, "height": 256}, device_scale_factor=2)  # 640 x 512 at 200 %
    await expect(banner(page)).to_be_visible()
    for name in ("No, do not", "Yes, you may"):
        await button(page, name).scroll_into_view_if_needed()
        await expect(button(page, name)).to_be_in_viewport(ratio=0.99)
    assert await banner(page).evaluate("(s) => s.scrollWidth <= s.clientWidth")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("signal", ["globalPrivacyControl: true", "doNotTrack: '1'"])
async def test_a_browser_that_says_no_is_not_asked(open_page: OpenPage, signal: str) -> None:
    name, _, value = signal.partition(": ")
    page = await open_page(script=f"Object.defineProperty(Navigator.prototype, '{name}', {{ get: () => {value} }})")
    await page.wait_for_load_state("networkidle")
    await expect(banner(page)).to_have_count(0)
    await page.get_by_role("button", name="Statistics and your device").click()
    await expect(banner(page)).to_contain_text("Your browser says no for you")
    await button(page, "Yes, you may").click()
    assert [] == [key for key in await page.evaluate(STORED) if key.endswith(".visitor")]


async def test_a_yes_that_did_not_arrive_is_told_from_the_next_page(open_page: OpenPage, shop: Shop) -> None:
    page = await open_page()
    await expect(banner(page)).to_be_visible()
    await page.evaluate(
        "() => { navigator.sendBeacon = () => false; window.fetch = () => Promise.reject(new Error('offline')); }"
    )
    await button(page, "Yes, you may").click()
    visitor = await visitor_of(page, shop)
    assert visitor is not None
    assert [] == shop.answers(visitor)
    await page.reload()
    assert 1 == len(await kept(shop, visitor, 1))


@pytest.mark.parametrize("size", sorted(SIZES))
async def test_axe_finds_nothing_to_mend(open_page: OpenPage, size: str) -> None:
    page = await open_page(viewport=SIZES[size])
    await expect(banner(page)).to_be_visible()
    assert [] == await faults_in_light_and_dark(page)
    await button(page, "No, do not").click()
    await page.get_by_role("button", name="Statistics and your device").click()
    await expect(banner(page)).to_contain_text("Your answer now: no.")
    assert [] == await faults_in_light_and_dark(page)


async def _until(page: Page, condition: str) -> None:
    """Waits for it from outside: the page's content policy lets nothing that is given as text wait within it."""
    for _ in range(PATIENCE_MS // 50):
        if await page.evaluate(condition):
            return
        await page.wait_for_timeout(50)
    raise AssertionError(f"waited in vain: {condition}")
