"""Somebody who clicks, writes, scrolls and orders, and keeps count of what that should be recorded as."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from playwright.async_api import Page

SHOP = """<style>body { margin: 0 }</style>
<button id=menu>Menu</button> <button id=cart>Cart</button> <button id=add>Add</button>
<form id=order onsubmit="return false"><input name=note> <button id=send>Send</button></form>
<div style="height: 5000px"></div>
<script>
    menu.onclick = () => history.pushState({}, "", "/menu");
    cart.onclick = () => history.pushState({}, "", "/cart");
    add.onclick = () => flow.checkout.itemAdded({ product_id: "p1", quantity: 1, price: 8950 });
    send.onclick = () => flow.checkout.completed({ order_id: "A1", total: 8950, item_count: 1 });
</script>"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 10))))"


@dataclass
class Visitor:
    """What the actions should be recorded as is counted here by hand, and not taken from the tracker."""

    page: Page
    expected: Counter[str] = field(default_factory=Counter)
    actions: int = 0

    async def opens(self, address: str) -> None:
        await self.page.goto(address)
        self.expected.update(["page_view"])

    async def reloads(self) -> None:
        await self.page.reload()
        self.expected.update(["page_exit", "page_view"])

    async def closes(self) -> None:
        await self.page.close()
        self.expected.update(["page_exit"])

    async def acts(self, rounds: int) -> None:
        """Eight actions a round, with two changes of address: 20 events."""
        for _ in range(rounds):
            await self._clicks("add", "checkout_item_added")
            await self._clicks("cart", "page_exit", "page_view")
            await self._writes()
            await self._clicks("send", "form_submitted", "checkout_completed")
            await self._scrolls(5000, *4 * ["page_scroll"])
            await self._scrolls(0)
            await self._tells()
            await self._clicks("menu", "page_exit", "page_view")

    async def _clicks(self, element: str, *then: str) -> None:
        box = await self.page.locator(f"#{element}").bounding_box()
        assert box is not None
        await self.page.mouse.click(box["x"] + 5, box["y"] + 5)
        self._counts("element_click", *then)

    async def _writes(self) -> None:
        await self.page.locator("[name=note]").press("x")
        self._counts("form_field_focus", "form_started")

    async def _scrolls(self, y: int, *then: str) -> None:
        await self.page.evaluate(f"scrollTo(0, {y})")
        await self.page.evaluate(TWO_FRAMES)
        self._counts(*then)

    async def _tells(self) -> None:
        await self.page.evaluate("flow.track('napoli.step')")
        self._counts("napoli.step")

    def _counts(self, *events: str) -> None:
        self.expected.update(events)
        self.actions += 1
