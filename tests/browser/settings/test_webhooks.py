"""Setting an endpoint up in a browser: the secret once, what it was told, and pages that everybody can read."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.axe import faults
from tests.browser.settings.conftest import Office, OpenPage
from tests.connections import kept_connection


def _deliver(office: Office) -> None:
    """A delivery that failed twice, as the sender would have left it."""
    with kept_connection(office.server.installation.owner_url) as connection:
        row = connection.execute("select restaurant_id, id from public.webhook_endpoints").fetchone()
        assert row is not None
        delivery = connection.execute(
            "insert into public.webhook_deliveries (restaurant_id, id, endpoint_id, event_id, event_type, object_id, "
            "sequence, body, attempts, next_attempt_at) values (%s, gen_random_uuid(), %s, gen_random_uuid(), "
            "'order.created', gen_random_uuid(), 1, %s, 2, now() + interval '5 minutes') returning id",
            [*row, '{"type":"order.created","data":{"total":24950}}'],
        ).fetchone()
        assert delivery is not None
        for seconds in (6, 1):
            connection.execute(
                "insert into public.webhook_attempts (restaurant_id, id, delivery_id, endpoint_id, attempted_at, "
                "duration_ms, status_code, answer) values (%s, gen_random_uuid(), %s, %s, now() - %s * interval "
                "'1 second', 31, 500, 'out of paper')",
                [row[0], delivery[0], row[1], seconds],
            )


@pytest.mark.browser
async def test_from_a_new_endpoint_to_the_body_of_a_delivery(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/webhooks", office.anna)
    assert [] == await faults(page)
    await page.get_by_label("Address").fill("https://10.0.0.1/")
    await page.get_by_label("What it is for").fill("Till at the bar")
    await page.get_by_label("An order was placed").check()
    await page.get_by_role("button", name="Set it up").click()
    await expect(page.get_by_role("alert")).to_contain_text("cannot be used")
    await page.get_by_label("Address").fill("https://till.example/flow")
    await page.get_by_role("button", name="Set it up").click()

    await expect(page.locator("#fresh-secret")).to_contain_text("whsec_")
    assert [] == await faults(page)
    _deliver(office)
    await page.goto("/settings/webhooks")
    await page.get_by_role("link", name="Till at the bar").click()
    await expect(page.locator("#fresh-secret")).to_have_count(0)
    await page.get_by_role("link", name="order.created").click()
    await expect(page.get_by_text("out of paper").first).to_be_visible()
    assert [] == await faults(page)
    await page.get_by_role("button", name="Deliver once more").click()
    await expect(page.get_by_role("status")).to_have_text("It is on its way once more.")


@pytest.mark.browser
async def test_on_a_phone_nothing_sticks_out(office: Office, open_page: OpenPage) -> None:
    page = await open_page("/settings/webhooks", office.anna)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.get_by_label("Address").fill("https://till.example/" + "a-long-path/" * 12)
    await page.get_by_label("An order was placed").check()
    await page.get_by_role("button", name="Set it up").click()
    await expect(page.locator("#fresh-secret")).to_be_visible()

    assert 360 >= await page.evaluate("document.documentElement.scrollWidth")
