"""The pages of integrations in a real browser: the form, the inbox; on a desk and on a phone, light and dark."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.axe import faults_in_light_and_dark
from tests.browser.settings.conftest import Office, OpenPage
from tests.connections import kept_connection

PAGE = "/settings/integrations"


def _fill(office: Office) -> None:
    """A connection to Stripe with a history, and an item that waits."""
    with kept_connection(office.server.installation.owner_url) as connection:
        connection.execute(
            "insert into public.integration_configs (restaurant_id, id, integration_type, integration_name, status, "
            "last_sync_at) values (%s, gen_random_uuid(), 'payment', 'stripe', 'active', now()) on conflict do nothing",
            [office.restaurant],
        )
        connection.execute(
            "insert into public.api_logs (restaurant_id, id, api_name, endpoint, method, response_time_ms, success) "
            "select %s, gen_random_uuid(), 'stripe', '/v1/refunds', 'POST', 120, true from generate_series(1, 3)",
            [office.restaurant],
        )
        connection.execute(
            "insert into public.provider_calls (restaurant_id, id, provider, kind, key, status, attempts, last_error) "
            "values (%s, gen_random_uuid(), 'stripe', 'capture', 'capture-1', 'failed', 14, 'provider_away') "
            "on conflict do nothing",
            [office.restaurant],
        )
        connection.execute(
            "insert into public.webhook_inbox (restaurant_id, id, provider, dedupe_key, event_type, payload_sealed, "
            "status, reason, processed_at) values (%s, gen_random_uuid(), 'stripe', gen_random_uuid()::text, "
            "'payment_intent.succeeded', 'x', 'parked', 'unreadable_delivery', now())",
            [office.restaurant],
        )


async def test_a_parked_item_is_applied_again_from_its_page(office: Office, open_page: OpenPage) -> None:
    _fill(office)
    page = await open_page(f"{PAGE}/inbox", office.anna)
    await expect(page.get_by_text("It is signed, but cannot be understood.").first).to_be_visible()

    await page.get_by_role("button", name="Apply payment_intent.succeeded").first.click()

    await expect(page.get_by_role("status")).to_have_text("It is applied again; look again in a moment.")
    with kept_connection(office.server.installation.owner_url) as connection:
        row = connection.execute(
            "select count(*) from public.webhook_inbox where status = 'received' and restaurant_id = %s",
            [office.restaurant],
        ).fetchone()
    assert row is not None
    assert row[0] >= 1


async def test_what_is_wrong_with_a_form_is_said_before_anything_is_called(office: Office, open_page: OpenPage) -> None:
    page = await open_page(f"{PAGE}/economic", office.anna)

    await page.get_by_role("button", name="Connect and test").click()

    assert await page.locator("input:invalid").count() >= 1
    assert page.url.endswith("/economic")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/stripe", f"{PAGE}/inbox?status=all"])
async def test_the_pages_are_accessible_and_need_no_scrolling_sideways(
    office: Office, open_page: OpenPage, path: str, width: int
) -> None:
    _fill(office)
    page = await open_page(path, office.anna, viewport={"width": width, "height": 844})

    assert [] == await faults_in_light_and_dark(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
