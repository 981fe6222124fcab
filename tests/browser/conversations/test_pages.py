"""Staff read and answer guests in real Chromium: on a desk and on a phone, light and dark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from flow.kit.ids import new_id
from tests.browser.axe import faults_in_light_and_dark
from tests.browser.compliance.conftest import Desk, OpenPage, desk, open_page, place
from tests.connections import kept_connection

__all__ = ["desk", "open_page", "place"]  # the fixtures

ANNA = "+4520998877"


def _insert(desk: Desk, table: str, **columns: object) -> None:
    names = ", ".join(("restaurant_id", *columns))
    marks = ", ".join(["%s"] * (len(columns) + 1))
    with kept_connection(desk.server.installation.owner_url) as connection:
        statement = f"insert into public.{table} ({names}) values ({marks})"
        connection.execute(statement.encode(), [desk.napoli, *columns.values()])


@pytest.fixture
def talk(desk: Desk) -> str:
    """Anna asks something by SMS, has been told that somebody answers, and waits."""
    name, at = f"sms-{new_id()}", datetime.now(UTC) - timedelta(minutes=20)
    _insert(
        desk, "ai_conversations", id=new_id(), conversation_id=name, channel="sms", channel_user_id=ANNA,
        customer_phone=ANNA, customer_name="Anna Hansen", current_state="handed_over", started_at=at,
        last_message_at=at,
    )  # fmt: skip
    said = (("incoming", "received", "guest", "Har I åbent i aften?"), ("outgoing", "delivered", "automatic", "Tak."))
    for direction, status, kind, body in said:
        _insert(
            desk, "messages", id=new_id(), conversation_id=name, direction=direction, status=status, kind=kind,
            body=body, channel="sms", contact=ANNA, provider="inmobile", created_at=at,
        )  # fmt: skip
    _insert(
        desk, "integration_configs", id=new_id(), integration_type="sms", integration_name="inmobile", status="active"
    )
    return name


async def test_a_guest_is_answered_from_the_list(desk: Desk, talk: str, open_page: OpenPage) -> None:
    page = await open_page(f"/conversations?restaurant={desk.napoli}", "manager")
    await expect(page.get_by_text("one guest waits for an answer")).to_be_visible()
    await page.get_by_role("link", name="Anna Hansen").click()
    await page.get_by_label("Answer").fill("Ja, til klokken 22.\nVelkommen!")
    await page.get_by_role("button", name="Send").click()

    await expect(page.locator(".thread li").last).to_contain_text("Ja, til klokken 22.")
    await expect(page.locator(".thread li").last).to_contain_text("on its way")
    await expect(page.locator("h1")).to_contain_text("Answered")
    assert [("queued",)] == desk.rows(
        "select status from public.provider_calls where kind = 'send' and provider = 'inmobile' and restaurant_id = %s"
    )


async def test_a_keyword_is_kept(desk: Desk, open_page: OpenPage) -> None:
    page = await open_page(f"/conversations/keywords?restaurant={desk.napoli}", "manager")
    await page.get_by_role("textbox", name="Word", exact=True).fill("cola")
    await page.get_by_label("What is answered").fill("Vis denne SMS og få en gratis cola.")
    await page.get_by_role("button", name="Keep").click()

    await expect(page.get_by_role("row", name="COLA")).to_contain_text("gratis cola")


@pytest.mark.parametrize("width", [1280, 390])
async def test_no_page_has_faults_or_scrolls_sideways(desk: Desk, talk: str, open_page: OpenPage, width: int) -> None:
    _insert(
        desk, "messages", id=new_id(), conversation_id=talk, direction="outgoing", status="failed", kind="staff",
        error_code="-8", body="https://example.com/" + "long/" * 40, channel="sms", contact=ANNA, provider="inmobile",
    )  # fmt: skip
    where = f"?restaurant={desk.napoli}"
    page = await open_page(f"/conversations{where}", "manager", viewport={"width": width, "height": 844})
    for path in ("", f"/{talk}", "/keywords"):
        await page.goto(f"/conversations{path}{where}")
        assert [] == await faults_in_light_and_dark(page)
        assert width == await page.evaluate("document.documentElement.scrollWidth")
