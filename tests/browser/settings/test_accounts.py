"""From an invitation to a log-in with a second factor, and from a forgotten password to a new one."""

from __future__ import annotations

import re
import time

import pyotp
import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import faults, faults_in_light_and_dark
from tests.browser.settings.conftest import ANNA, Office, OpenPage
from tests.serving import PASSWORD


async def _set_up(page: Page) -> str:
    """Turns the second factor on as a person does; the secret that the app keeps."""
    await page.goto("/settings/security")
    await page.get_by_role("button", name="Set up").click()
    await page.get_by_text("Type it instead").click()
    secret = "".join((await page.locator("#secret").inner_text()).split())
    await page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Turn on").click()
    await expect(page.locator(".recovery code")).to_have_count(10)
    return secret


async def _log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    await page.goto("/login")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Log in", exact=True).click()


def _next_code(secret: str) -> str:
    """The code of the next half minute: the present one was used to set it up, and clocks may be that much off."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30)


async def test_invite_accept_set_up_and_log_in_with_a_code(office: Office, open_page: OpenPage) -> None:
    admin = await open_page("/settings/people", office.anna)
    await admin.get_by_label("E-mail").fill("nora@napoli.example")
    await admin.get_by_label("Manager").check()
    await admin.get_by_label("Language of the mail").select_option("en")
    await admin.get_by_role("button", name="Send the invitation").click()
    await expect(admin.get_by_role("status")).to_have_text("The invitation is on its way.")

    nora = await open_page(await office.link_to("nora@napoli.example"))
    await expect(nora.get_by_role("heading")).to_have_text("Work with Napoli")
    await nora.get_by_label("Your name").fill("Nora Holm")
    await nora.get_by_label("Choose a password").fill(PASSWORD)
    await nora.get_by_role("button", name="Accept").click()
    await nora.wait_for_url("**/settings/security")
    secret = await _set_up(nora)

    again = await open_page("/login")
    await _log_in(again, "nora@napoli.example")
    await again.wait_for_url("**/login/code**")
    assert [] == await faults(again)
    await again.get_by_label("Code").fill("000 000")
    await again.get_by_role("button", name="Go on").click()
    await expect(again.get_by_role("alert")).to_contain_text("wrong or was used")
    await again.get_by_label("Code").fill(_next_code(secret))
    await again.get_by_role("button", name="Go on").click()
    await again.wait_for_url("**/dashboard**")
    await again.goto("/settings/people")

    await expect(again.locator(".lines > li", has_text="Nora Holm")).to_contain_text("with second factor")
    await expect(again.get_by_role("heading", name="Invite somebody")).to_have_count(0)


async def test_a_forgotten_password(office: Office, open_page: OpenPage) -> None:
    office.new_admin("fred@napoli.example")
    page = await open_page("/login")
    await page.get_by_role("link", name="Forgotten your password?").click()
    await page.get_by_label("E-mail").fill("fred@napoli.example")
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("status")).to_contain_text("If there is an account with this address")
    link = await office.link_to("fred@napoli.example")
    await page.goto(link)
    assert [] == await faults(page)
    await page.get_by_label("New password").fill("a brand new horse")
    await page.get_by_role("button", name="Set the password").click()
    await expect(page.get_by_role("status")).to_have_text("Your password was set. Log in with it.")
    await _log_in(page, "fred@napoli.example", "a brand new horse")
    await page.wait_for_url("**/dashboard**")
    await page.goto(link)

    await expect(page.get_by_role("heading")).to_have_text("This link is over")


async def test_a_key_is_made_shown_once_and_revoked_after_a_question(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/keys", office.anna)
    await page.get_by_label("What it is for").fill("Till at the bar")
    await page.get_by_label("Read orders").check()
    await page.get_by_role("button", name="Make the key").click()
    key = await page.locator("#fresh-key").inner_text()
    api = await page.request.get(
        f"/api/orders?restaurant_id={office.restaurant}", headers={"authorization": f"Bearer {key}"}
    )
    await page.goto("/settings/keys")
    assert (200, False) == (api.status, key in await page.content())

    await page.get_by_role("button", name="Revoke the key Till at the bar").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Revoke the key Till at the bar?")
    assert [] == await faults(page)
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("button", name="Revoke the key Till at the bar").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()

    await expect(page.get_by_role("status")).to_contain_text("The key was revoked.")
    refused = await page.request.get(
        f"/api/orders?restaurant_id={office.restaurant}", headers={"authorization": f"Bearer {key}"}
    )
    assert 401 == refused.status


async def test_the_second_factor_is_turned_off_with_a_code_alone(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/security", office.new_admin("ida@napoli.example"))
    secret = await _set_up(page)
    await page.get_by_role("link", name="I have kept them").click()
    await page.get_by_role("button", name="Turn off").click()
    question = page.get_by_role("dialog")
    await question.get_by_label("Code").fill("123")
    await question.get_by_role("button", name="Turn off").click()
    await expect(page.get_by_role("alert")).to_contain_text("wrong or was used")
    await page.get_by_role("button", name="Turn off").click()
    await question.get_by_label("Code").fill(_next_code(secret))
    await question.get_by_role("button", name="Turn off").click()

    await expect(page.get_by_role("status")).to_contain_text("The second factor is off")


async def test_a_log_in_from_before_the_second_factor_confirms_before_it_changes_people(
    office: Office, open_page: OpenPage
) -> None:
    user = office.new_admin("kim@napoli.example")
    old, new = await open_page("/settings/keys", user), await open_page("/settings/security", user)
    secret = await _set_up(new)
    await old.get_by_label("What it is for").fill("Shop")
    await old.get_by_label("Read the menu").check()
    await old.get_by_role("button", name="Make the key").click()
    await old.wait_for_url("**/login/step-up**")
    await old.get_by_label("Code").fill(_next_code(secret))
    await old.get_by_role("button", name="Go on").click()

    await old.wait_for_url("**/settings/keys")


async def test_everything_is_reached_by_keyboard(office: Office, open_page: OpenPage) -> None:
    """Tab, Enter, Escape: from the top of the page to a question and back."""
    office.new_admin("lea@napoli.example")
    page = await open_page("/settings/people", office.anna)
    button = page.get_by_role("button", name="Remove lea@napoli.example")
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await button.evaluate("node => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Remove lea@napoli.example from Napoli?")
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await button.evaluate("node => node === document.activeElement")


PATHS = ["/settings/security", "/settings/people", "/settings/keys", "/password/forgotten", "/login/step-up"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_has_no_faults(office: Office, open_page: OpenPage, path: str) -> None:
    page = await open_page(path, office.anna)

    assert [] == await faults_in_light_and_dark(page)


async def test_the_page_with_the_qr_code_has_no_faults(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/security", office.new_admin("quentin@napoli.example"))
    await page.get_by_role("button", name="Set up").click()
    await page.get_by_text("Type it instead").click()
    box = await page.locator(".scan svg").bounding_box()

    assert [] == await faults_in_light_and_dark(page)
    assert box is not None
    assert box["width"] >= 200


@pytest.mark.parametrize("path", PATHS)
async def test_a_phone_needs_no_scrolling_sideways(office: Office, open_page: OpenPage, path: str) -> None:
    page = await open_page(path, office.anna, viewport={"width": 390, "height": 844})
    for width in (390, 320):
        await page.set_viewport_size({"width": width, "height": 844})

        assert width == await page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize(("locale", "title"), [("da", "Sikkerhed"), ("sv", "Säkerhet"), ("en", "Security")])
async def test_the_settings_speak_three_languages(office: Office, open_page: OpenPage, locale: str, title: str) -> None:
    page = await open_page("/settings/security", office.anna, locale=locale)

    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await expect(page.locator("nav").get_by_role("link", name=re.compile(title))).to_have_attribute(
        "aria-current", "page"
    )


async def test_the_pages_work_before_scripts(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/people", office.anna, java_script_enabled=False)
    await page.get_by_label("E-mail").fill(ANNA)
    await page.get_by_role("button", name="Send the invitation").click()

    await expect(page.get_by_role("alert")).to_have_text("This address belongs to somebody who works here already.")
