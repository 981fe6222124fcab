"""A newcomer follows docs/guides/first-sale.md to the letter: what it says to press is pressed, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.money.conftest import OWNER, Demo

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "first-sale.md"
SECONDS = 1_000
MOST_ACTIONS = 40


@dataclass
class Newcomer:
    """Somebody with the guide before them, who counts what they press and type."""

    pressed: list[str] = field(default_factory=list)
    actions: int = 0

    async def press(self, where: Page | Locator, text: str, *, role: str = "", name: str | None = None) -> None:
        """Presses the button or link that the guide calls `text`; `name` is what a screen reader says of it."""
        kinds: list[Any] = [role] if role else ["button", "link"]
        found = [where.get_by_role(kind, name=name or text, exact=name is None) for kind in kinds]
        await (found[0].or_(found[-1]) if len(found) > 1 else found[0]).first.click()
        self.pressed.append(text)
        self.actions += 1

    async def act(self, deed: Callable[[], object]) -> None:
        """Does something for which the guide has no name of a button."""
        await deed()  # type: ignore[misc]
        self.actions += 1


@pytest.mark.timeout(120)
async def test_the_first_sale_goes_as_the_guide_says(demo: Demo, browser: Browser) -> None:
    context = await browser.new_context(base_url=demo.server.url, locale="en", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15 * SECONDS)
    expect.set_options(timeout=15 * SECONDS)
    newcomer, page = Newcomer(), await context.new_page()
    try:
        await page.goto("/")
        await _connect_stripe(newcomer, page)
        await _connect_the_receiver(newcomer, page)
        await _buy(newcomer, await context.new_page())
        await _look(newcomer, page)
        await _refund(newcomer, page)
    finally:
        expect.set_options(timeout=5 * SECONDS)
        await context.close()

    assert re.findall(r"\*\*(.+?)\*\*", GUIDE.read_text(encoding="utf-8")) == newcomer.pressed
    assert newcomer.actions <= MOST_ACTIONS


async def _connect_stripe(newcomer: Newcomer, page: Page) -> None:
    await newcomer.press(page, "Log in", name=f"Log in as {OWNER.what}")
    await newcomer.act(page.get_by_role("button", name="All my restaurants").click)
    await newcomer.press(page, "Napoli", role="link", name="Napoli")
    await expect(page.locator(".switcher")).to_have_text("Napoli")
    await newcomer.act(page.get_by_role("button", name="Account").click)
    for text in ("Settings", "Integrations", "Stripe"):
        await newcomer.press(page, text, role="link")
    await newcomer.press(page, "Disconnect")
    await newcomer.press(page.get_by_role("dialog"), "Disconnect")
    await expect(page.get_by_role("status")).to_have_text("Disconnected. The credentials are gone.")
    await newcomer.press(page, "Keys from the simulated Stripe")
    await newcomer.press(page, "Take them to FLOW")
    await newcomer.press(page, "Connect and test")
    # FLOW itself waits for a provider, and on a busy machine the simulated one takes its time.
    await expect(page.get_by_role("status")).to_have_text("Connected: a test call was answered.", timeout=60_000)


async def _connect_the_receiver(newcomer: Newcomer, page: Page) -> None:
    await newcomer.press(page, "Webhooks", role="link")
    await newcomer.press(page, "Use its address")
    await newcomer.press(page, "Set it up")
    await newcomer.press(page, "Send a test")
    await expect(page.locator("#deliveries li", has_text="webhook.test")).to_contain_text("Delivered")


async def _buy(newcomer: Newcomer, shop: Page) -> None:
    await newcomer.act(lambda: shop.goto("/shop/napoli"))
    await newcomer.press(shop, "No, do not")
    await newcomer.press(shop.locator("form.product").first, "Add", name="Add")
    await newcomer.press(shop, "Go to checkout")
    await newcomer.act(lambda: shop.get_by_label("Name").fill("Ida"))
    await newcomer.act(lambda: shop.get_by_label("Phone").fill("20123456"))
    await newcomer.press(shop, "Card", role="radio", name="Card")
    await newcomer.press(shop, "Place the order", name="Place the order")
    await expect(shop.locator(".paying .price")).to_have_text("85,00 kr.")
    await newcomer.press(shop, "Pay with a card that works")
    await expect(shop.locator("[data-step-status=confirmed]")).to_have_attribute("aria-current", "step")
    await expect(shop.get_by_text("Card, reserved")).to_be_visible()


async def _look(newcomer: Newcomer, page: Page) -> None:
    await newcomer.act(page.bring_to_front)
    await expect(page.locator("#deliveries")).to_contain_text("payment.authorized")
    await newcomer.press(page, "payment.authorized")
    await expect(page.locator("#outcome")).to_have_text("Delivered")
    await expect(page.locator("#tries")).to_contain_text("200")
    await newcomer.press(page, "The order")
    await expect(page.get_by_text("Card, reserved")).to_be_visible()
    await newcomer.press(page, "Mark as: In the kitchen")
    await expect(page.get_by_text("Card, paid")).to_be_visible()
    await newcomer.press(page, "Mark as: Ready")
    await newcomer.press(page, "Mark as: Completed")
    await expect(page.get_by_text("There is a draft invoice")).to_be_visible()
    async with page.context.expect_page() as opened:
        await newcomer.press(page, "The invoice at e-conomic")
    invoice = await opened.value
    await expect(invoice.locator("tr:target")).to_contain_text("85,00 kr.")
    await newcomer.act(invoice.close)


async def _refund(newcomer: Newcomer, page: Page) -> None:
    await page.locator("summary", has_text="Refund").click()
    newcomer.pressed.append("Refund")
    newcomer.actions += 1
    await newcomer.act(lambda: page.get_by_label("Why is it refunded?").fill("It was cold"))
    await newcomer.press(page, "Refund")
    await expect(page.get_by_text("Card, refunded")).to_be_visible()
    await expect(page.locator("h1")).to_contain_text("Refunded")
    await expect(page.locator("#order-told")).to_contain_text("Money of a payment went back")
    async with page.context.expect_page() as opened:
        await newcomer.press(page, "The payment at Stripe")
    payment = await opened.value
    await expect(payment.locator("tr:target")).to_contain_text("85,00 kr.")
