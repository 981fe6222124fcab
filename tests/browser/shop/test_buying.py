"""A guest buys a pizza, on a web process of the file's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import UUID

import httpx
import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from flow.database.embedded import EmbeddedServer
from tests.business.menus import make_menu, make_site_key
from tests.conftest import new_database
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import Server, bearer, make_login, running_server

EMPLOYEE = "emil@napoli.example"
NASTY = "<img src=x onerror=\"document.title='broken'\">"


@pytest.fixture(scope="module")
def server(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    for installation in new_database(postgres):
        url = installation.owner_url
        napoli = make_restaurant(url, "Napoli")
        make_menu(url, napoli)
        make_site_key(url, napoli)
        make_login(url, EMPLOYEE, restaurant=napoli, role="employee")
        with kept_connection(url) as connection:
            connection.execute("update public.restaurants set is_simulated = true, delivery_fee = 3900")
            connection.execute("update public.products set description = %s", [NASTY])
            connection.execute(
                "insert into public.discount_codes (restaurant_id, code, percent) values (%s, 'TI', 10)", [napoli]
            )
        with running_server(installation, tmp_path_factory.mktemp("shop"), FLOW_ALLOW_HEADLESS="1") as running:
            yield running


@pytest_asyncio.fixture(loop_scope="session")
async def shop(server: Server, page: Page) -> Page:
    """The shop with a family pizza in the cart, at the checkout."""
    await page.goto(f"{server.url}/shop/napoli?lang=en&utm_source=google&utm_medium=cpc&utm_campaign=jul")
    pizza = page.locator("form.product").first
    await pizza.locator("summary").click()
    await pizza.get_by_label("Familie").check()
    await pizza.locator("button.add").click()
    await page.get_by_role("button", name="Go to checkout").click()
    return page


async def test_a_guest_buys_a_pizza_and_sees_it_move(server: Server, shop: Page) -> None:
    await shop.fill("[name='customer.name']", NASTY)
    await shop.fill("[name='customer.phone']", "20123456")
    await shop.fill("[name='discount_code']", "ti")
    await shop.press("[name='discount_code']", "Tab")
    await expect(shop.locator("[data-discount]")).to_have_text("-DKK 15.50")
    await expect(shop.locator(".place")).to_contain_text("DKK 139.50")
    await shop.locator(".place").click()
    await shop.wait_for_url("**/orders/**")
    await expect(shop.locator(".receipt")).to_contain_text("DKK 139.50")

    _confirm(server, UUID(shop.url.split("/orders/")[1].split("?")[0]))
    await expect(shop.locator("[data-step-status=confirmed]")).to_have_attribute("aria-current", "step", timeout=10_000)
    assert "broken" != await shop.title()


async def test_without_consent_nothing_is_kept_on_the_device(shop: Page, context: BrowserContext) -> None:
    kept = await shop.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]")

    assert [[], []] == kept
    assert [] == await context.cookies()


async def test_the_order_is_credited_to_the_visit_without_consent(server: Server, shop: Page) -> None:
    await shop.fill("[name='customer.name']", "Dina")
    await shop.fill("[name='customer.phone']", "20123459")
    await shop.evaluate("flow.flush()")
    await _until(server, "select 1 from public.sessions where utm_campaign = 'jul' and page_views > 0")
    await shop.locator(".place").click()
    await shop.wait_for_url("**/orders/**")

    assert [("paid_search", "google", "jul", None)] == _rows(
        server,
        "select a.last_touch_channel, a.last_touch_source, a.first_touch_campaign, o.session_id"
        " from public.channel_attribution a join public.orders o on o.id = a.order_id where o.customer_name = 'Dina'",
    )
    assert [(True,)] == _rows(server, "select bool_or(orders_created > 0) from public.sessions")


async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(shop: Page) -> None:
    await shop.fill("[name='customer.name']", "Anna")
    await shop.fill("[name='customer.phone']", "12")
    await shop.fill("[name='discount_code']", "nope")
    await shop.locator(".place").click()
    await expect(shop.locator("#customer-phone-problem")).to_have_text("This phone number cannot exist.")
    await shop.fill("[name='customer.phone']", "20123456")
    await shop.locator(".place").click()
    await expect(shop.locator("#discount_code-problem")).to_have_text("This discount code is not known.")

    assert "Anna" == await shop.input_value("[name='customer.name']")


async def test_a_code_typed_at_the_last_moment_still_counts(shop: Page) -> None:
    await shop.fill("[name='customer.name']", "Cleo")
    await shop.fill("[name='customer.phone']", "20123458")
    await shop.fill("[name='discount_code']", "ti")
    await shop.locator(".place").click()
    await shop.wait_for_url("**/orders/**")

    await expect(shop.locator(".receipt")).to_contain_text("DKK 139.50")


async def test_an_order_that_meets_a_broken_network_is_placed_once(server: Server, shop: Page) -> None:
    await shop.fill("[name='customer.name']", "Bo")
    await shop.fill("[name='customer.phone']", "20123457")
    keys: list[str] = []

    async def lose_the_answer(route: object) -> None:
        keys.append(route.request.headers["idempotency-key"])  # type: ignore[attr-defined]
        await route.fetch()  # type: ignore[attr-defined]
        await route.abort()  # type: ignore[attr-defined]

    await shop.route("**/api/orders", lose_the_answer, times=1)
    await shop.locator(".place").click()
    await expect(shop.locator("[data-problem]")).to_be_visible()
    await shop.locator(".place").click()
    await shop.wait_for_url("**/orders/**")

    assert [(keys[0],)] == _rows(server, "select idempotency_key from public.orders where customer_name = 'Bo'")


def _rows(server: Server, sql: str) -> list[tuple[object, ...]]:
    with kept_connection(server.installation.owner_url) as connection:
        return connection.execute(sql.encode()).fetchall()


async def _until(server: Server, sql: str) -> None:
    """Waits until the query finds something; the test's own patience ends it."""
    async with asyncio.timeout(10):
        while not _rows(server, sql):
            await asyncio.sleep(0.1)


def _confirm(server: Server, order: UUID) -> None:
    with server.client() as http, psycopg.connect(server.installation.owner_url) as connection:
        row = connection.execute("select restaurant_id from public.orders where id = %s", [order]).fetchone()
        assert row is not None
        answer = http.patch(
            f"/api/orders/{order}",
            params={"restaurant_id": str(row[0])},
            json={"status": "confirmed"},
            headers=bearer(http, EMPLOYEE),
        )
        assert httpx.codes.OK == answer.status_code
