"""axe-core finds nothing to mend on any page, light or dark, with its menus closed or open."""

from __future__ import annotations

import pytest

from tests.browser.axe import faults_in_light_and_dark
from tests.browser.dashboard.conftest import House, OpenPage
from tests.browser.dashboard.test_looks import PAGES, address


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"error"}))
async def test_a_page_has_no_faults(house: House, open_page: OpenPage, name: str) -> None:
    path, user = address(house, name)
    page = await open_page(path, user)

    assert [] == await faults_in_light_and_dark(page)


async def test_the_receipt_and_the_cart_have_no_faults(open_page: OpenPage) -> None:
    page = await open_page("/shop/napoli?lang=en", None)
    await page.locator("form.product").filter(has_text="Cola").first.locator("button.add").click()
    await page.get_by_role("button", name="Go to checkout").click()
    assert [] == await faults_in_light_and_dark(page)
    await page.fill("[name='customer.name']", "Anna Hansen")
    await page.fill("[name='customer.phone']", "20123456")
    await page.locator(".place").click()
    await page.wait_for_url("**/orders/**")

    assert [] == await faults_in_light_and_dark(page)


@pytest.mark.parametrize(
    ("steps", "opened"),
    [
        (["[popovertarget=account]"], "#account"),
        (["[popovertarget=restaurants]"], "#restaurants"),
        ([".segments [popovertarget=periods]"], "#periods"),
        ([".against"], "#comparisons"),
        (['[data-tile="revenue"] .define'], "#revenue-definition"),
        (['[data-tile="channels"] .more', "[popovertarget=channels-table]"], "#channels-table"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_opens_has_no_faults(open_page: OpenPage, steps: list[str], opened: str) -> None:
    page = await open_page("/dashboard")
    for step in steps:
        await page.locator(step).first.click()
    await page.locator(opened).wait_for()

    assert [] == await faults_in_light_and_dark(page, within=opened)


@pytest.mark.parametrize(("scheme", "near"), [("light", "white"), ("dark", "black")])
async def test_a_planted_fault_is_found(open_page: OpenPage, scheme: str, near: str) -> None:
    page = await open_page("/dashboard")
    await page.evaluate(f"document.querySelector('h1').style.color = 'color-mix(in srgb, currentColor 20%, {near})'")
    faults = await faults_in_light_and_dark(page, within="h1")

    assert (1, True) == (len(faults), faults[0].startswith(f"{scheme}: color-contrast"))
