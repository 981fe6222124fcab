"""A restaurant's profile and its site keys, in a browser: typed, refused, saved, and readable for everybody."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.axe import faults, faults_in_light_and_dark
from tests.browser.settings.conftest import Office, OpenPage


async def test_an_admin_tells_where_the_restaurant_is(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/restaurant", office.anna)
    assert [] == await faults(page)
    await page.get_by_label("City").fill("Aarhus")
    await page.get_by_label("Phone").fill("12")
    await page.get_by_role("button", name="Save").click()

    await expect(page.get_by_text("This is no phone number.")).to_be_visible()
    await expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("City")).to_have_value("Aarhus")
    assert [] == await faults_in_light_and_dark(page)

    await page.get_by_label("Phone").fill("+45 20 12 34 56")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.get_by_label("Phone")).to_have_value("+4520123456")


async def test_a_key_is_made_given_its_pages_and_revoked(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/website", office.anna, viewport={"width": 390, "height": 844})
    await page.get_by_label("What it is for").fill("Landing page")
    await page.get_by_label("Addresses").fill("napoli.example")
    await page.get_by_role("button", name="Make the key").click()
    await expect(page.get_by_text("Write one address a line")).to_be_visible()
    await page.get_by_label("Addresses").fill("https://napoli.example")
    await page.get_by_role("button", name="Make the key").click()

    await expect(page.get_by_role("heading", name="Landing page")).to_be_visible()
    await expect(page.get_by_text("data-key=")).to_be_visible()
    assert [] == await faults(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="Revoke the key Landing page").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_text("There is no site key")).to_be_visible()
