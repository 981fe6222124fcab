"""What one live guest does: looks around, perhaps fills a cart, perhaps orders."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from uuid import uuid4

import httpx

from flow.demo.live.browser import Browser
from flow.demo.live.shop import Chosen, Shop
from flow.demo.simulation.origins import Origin
from flow.kit.ids import new_id

__all__ = ["Placed", "visit"]

_CONSENTS, _READS_ON, _FILLS_CART, _ORDERS, _REFUSED = 0.4, 0.75, 0.65, 0.6, 0.1


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that a guest has placed; `total` in øre."""

    shop: Shop
    id: str
    fulfillment_type: str
    total: int


async def visit(http: httpx.AsyncClient, shop: Shop, origin: Origin, random: Random, *, pace: float) -> Placed | None:
    """One visit; `pace` multiplies the seconds that a guest takes. The order, if there is one."""
    browser = Browser(
        http,
        shop.id,
        shop.key,
        random,
        visitor_id=new_id() if random.random() < _CONSENTS else None,
        referrer=origin.referrer,
    )

    async def think(seconds: float) -> None:
        await asyncio.sleep(random.uniform(0.5, 1.5) * seconds * pace)

    await browser.open(*shop.page("home", origin.query))
    await think(2)
    placed = None
    if random.random() < _READS_ON:
        await browser.open(*shop.page("menu"))
        await think(3)
        browser.tell("page_scroll", {"scroll_depth_pct": 50})
        if random.random() < _FILLS_CART:
            cart = [shop.choose(random) for _ in range(random.choice((1, 2, 2, 3)))]
            _fill(browser, cart)
            await think(3)
            if random.random() < _ORDERS:
                placed = await _order(http, browser, shop, cart, random)
    await browser.close()
    return placed


def _fill(browser: Browser, cart: Sequence[Chosen]) -> None:
    total = 0
    for chosen in cart:
        total += chosen.price
        product = chosen.item.product
        browser.tell("element_click", element_id="add", element_text=product.name, viewport_x=300, viewport_y=420)
        browser.tell(
            "checkout_item_added",
            {
                "product_id": str(product.id),
                "product_name": product.name,
                "product_category": product.category,
                "quantity": 1,
                "price": chosen.price,
                "cart_total": total,
            },
        )


async def _order(
    http: httpx.AsyncClient, browser: Browser, shop: Shop, cart: Sequence[Chosen], random: Random
) -> Placed | None:
    await browser.open(*shop.page("checkout"))
    total = sum(chosen.price for chosen in cart)
    browser.tell("checkout_started", {"cart_value": total, "item_count": len(cart)})
    browser.tell("checkout_payment_initiated", {"payment_method": "card", "amount": total})
    body = {
        "restaurant_id": str(shop.id),
        "items": [_line(chosen) for chosen in cart],
        "fulfillment_type": "pickup",
        "payment_method": "card",
        "customer": {"name": random.choice(("Anna", "Mads", "Freja", "Noah", "Ida", "Emil"))},
        "visitor": {"visitor_id": str(browser.visitor_id)} if browser.visitor_id else {},
    }
    headers = {**browser.headers, "Idempotency-Key": str(uuid4()), "X-Flow-Key": shop.key}
    answer = await http.post("/api/orders", json=body, headers=headers)
    order = answer.raise_for_status().json()
    if order["payment_url"]:
        await _pay(http, order["payment_url"], random)
    await browser.open(*shop.page("thanks"))
    told = {"order_id": order["id"], "total": order["total"], "item_count": order["item_count"]}
    browser.tell("checkout_completed", told)
    return Placed(shop, order["id"], order["fulfillment_type"], order["total"])


async def _pay(http: httpx.AsyncClient, way: str, random: Random) -> None:
    """On the simulated provider's page. Some guests find that their card is refused, and take another one."""
    page = (await http.get(way)).headers["location"]
    for choice in ("decline", "pay") if random.random() < _REFUSED else ("pay",):
        await http.post(page, data={"choice": choice})


def _line(chosen: Chosen) -> dict[str, object]:
    return {
        "product_id": str(chosen.item.product.id),
        "quantity": 1,
        "option_ids": [str(option.id) for option in chosen.options],
    }
