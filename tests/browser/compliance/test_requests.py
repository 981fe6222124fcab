"""A compliance officer answers requests: by mouse and by keyboard, on a desk and on a phone, light and dark."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import faults_in_light_and_dark
from tests.browser.compliance.conftest import Desk, OpenPage


async def _write_down(page: Page, kind: str, contact: str = "20 12 34 56") -> None:
    await page.get_by_role("radio", name=kind).check()
    await page.get_by_label("Phone number or e-mail of a guest").fill(contact)
    await page.get_by_role("button", name="Write it down").click()
    await expect(page.locator("h1")).to_have_text(kind)


async def _check_identity(page: Page) -> None:
    await page.get_by_label("How it was checked").select_option("in_person")
    await page.get_by_role("button", name="It is the person").click()
    await expect(page.get_by_text("Came in person")).to_be_visible()


async def test_an_erasure_from_the_request_to_the_certificate(desk: Desk, open_page: OpenPage) -> None:
    page = await open_page("/settings/requests")
    await _write_down(page, "Erasure")
    await expect(page.get_by_text("29 days left")).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text("20123456")
    await _check_identity(page)
    await page.get_by_role("link", name="Count").click()
    await expect(page.get_by_role("row", name="customers The person’s rows 1", exact=True)).to_contain_text("1")
    await page.get_by_role("button", name="Erase the person…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    await expect(page.get_by_text("It is being carried out.")).to_be_visible()
    desk.work()
    await page.reload()
    await expect(page.get_by_text("Completed")).to_be_visible()
    await expect(page.get_by_role("row", name="orders").first).to_be_visible()
    await page.get_by_role("link", name="Certificate").click()
    await expect(page.locator("h1")).to_have_text("Certificate: Erasure")
    await expect(page.locator("body")).to_contain_text("differ by 0 øre")

    assert [] == desk.rows("select from public.customers where phone is not null and restaurant_id = %s")


async def test_a_copy_of_the_data_is_downloaded(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = await open_page("/settings/requests")
    await _write_down(page, "Access", "anna.hansen@example.com")
    await _check_identity(page)
    await page.get_by_role("button", name="Put the file together").click()
    desk.work()
    await page.reload()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Download the file").click()
    path = tmp_path / "fetched.zip"
    await (await waiting.value).save_as(path)

    assert "json/orders.json" in zipfile.ZipFile(path).namelist()
    assert [("privacy_request_downloaded",)] == desk.rows(
        "select action from public.gdpr_audit_log where action like '%%downloaded' and restaurant_id = %s"
    )


async def test_the_whole_way_by_keyboard(open_page: OpenPage) -> None:
    page = await open_page("/settings/requests")
    await page.get_by_role("radio", name="Access").focus()
    for _ in range(3):
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.type("20123456")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Restriction")
    await page.get_by_label("How it was checked").focus()
    await page.keyboard.type("Came")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Leave the data alone").focus()
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("It is being carried out.")).to_be_visible()


async def test_more_time_and_a_refusal_need_their_reasons(open_page: OpenPage) -> None:
    page = await open_page("/settings/requests")
    await _write_down(page, "Access")
    await page.get_by_text("More time").click()
    await page.get_by_label("Reason", exact=True).fill("Many old backups")
    await page.get_by_role("button", name="Extend").click()
    await expect(page.get_by_text("59 days left")).to_be_visible()
    await expect(page.get_by_text("Many old backups")).to_be_visible()
    await page.get_by_text("Refuse", exact=True).first.click()
    await page.get_by_label("Reason, as the person will be told").fill("Somebody else")
    await page.get_by_role("button", name="Refuse").click()

    await expect(page.get_by_text("Somebody else")).to_be_visible()
    await expect(page.get_by_role("button", name="Put the file together")).to_have_count(0)


async def test_what_is_no_contact_is_told_and_kept_in_the_form(open_page: OpenPage) -> None:
    page = await open_page("/settings/requests")
    await page.get_by_label("Phone number or e-mail of a guest").fill("Anna")
    async with page.expect_response("**/settings/requests") as answered:
        await page.get_by_role("button", name="Write it down").click()

    assert 422 == (await answered.value).status
    await expect(page.get_by_role("alert")).to_have_text("This is neither a phone number nor an e-mail address.")
    await expect(page.get_by_label("Phone number or e-mail of a guest")).to_have_value("Anna")


async def test_a_restaurant_cannot_leave_without_a_second_factor(desk: Desk, open_page: OpenPage) -> None:
    page = await open_page("/settings/requests", "admin")
    await page.get_by_role("button", name="Leave FLOW…").click()
    await page.get_by_label("Type the name of the restaurant").fill(desk.name)
    async with page.expect_response("**/settings/requests/offboarding") as answered:
        await page.get_by_role("button", name="Leave FLOW", exact=True).click()

    assert 403 == (await answered.value).status
    await expect(page.get_by_role("alert")).to_contain_text("second factor")
    assert [("active",)] == desk.rows("select status from public.restaurants where id = %s")


async def test_a_manager_sees_no_requests(open_page: OpenPage) -> None:
    page = await open_page("/settings/security", "manager")

    await expect(page.get_by_role("link", name="Privacy requests")).to_have_count(0)


@pytest.mark.parametrize(("language", "title"), [("da", "Persondata-anmodninger"), ("sv", "Integritetsärenden")])
async def test_the_page_speaks_danish_and_swedish(open_page: OpenPage, language: str, title: str) -> None:
    page = await open_page(f"/settings/requests?lang={language}")

    await expect(page.locator("h1")).to_have_text(title)


async def test_no_page_has_faults_or_scrolls_sideways(open_page: OpenPage) -> None:
    page = await open_page("/settings/requests", "admin", viewport={"width": 390, "height": 844})
    await _write_down(page, "Erasure")
    await page.goto(f"{page.url}?count=true")
    await page.locator("details").first.click()
    for path in (page.url, "/settings/requests"):
        await page.goto(path)
        assert [] == await faults_in_light_and_dark(page)
        assert 390 == await page.evaluate("document.documentElement.scrollWidth")
