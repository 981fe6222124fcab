"""What a visitor does: a journey is the pages stayed on, and what happens on each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import NamedTuple
from uuid import UUID

from flow.demo.simulation.chance import Choice, lognormal
from flow.demo.simulation.menu import Basket, Sold
from flow.demo.simulation.orders import Order
from flow.demo.simulation.profiles import PageName

__all__ = ["Act", "Journey", "Journeys", "Stay"]

_BOUNCES, _BROWSES, _FILLS_CART, _GIVES_UP = "bounces", "browses", "fills a cart", "gives up at the checkout"
_ONLOOKERS = Choice.of({_BOUNCES: 42.0, _BROWSES: 37.0, _FILLS_CART: 13.0, _GIVES_UP: 8.0})
_SECONDS: dict[PageName, float] = {
    "home": 14, "menu": 62, "checkout": 55, "thanks": 9, "about": 24, "contact": 17,
}  # fmt: skip
_DEPTHS: dict[PageName, Choice[int]] = {
    "home": Choice.of({0: 44.0, 25: 24.0, 50: 16.0, 75: 8.0, 100: 8.0}),
    "menu": Choice.of({0: 8.0, 25: 20.0, 50: 27.0, 75: 24.0, 100: 21.0}),
    "checkout": Choice.of({0: 10.0, 50: 50.0, 100: 40.0}),
    "thanks": Choice.of({0: 75.0, 50: 25.0}),
    "about": Choice.of({25: 30.0, 50: 30.0, 100: 40.0}),
    "contact": Choice.of({50: 50.0, 100: 50.0}),
}
_FURTHER: Choice[tuple[PageName, ...]] = Choice(
    [
        (("menu",), 55.0),
        (("menu", "about"), 15.0),
        (("contact",), 14.0),
        (("about", "menu"), 10.0),
        (("menu", "home"), 6.0),
    ]
)
_REMOVES = 0.08


class Act(NamedTuple):
    """An event of the checkout or a form: when, as a share of the stay, and its event_data as JSON.

    `product_id` is what was put into the cart or taken out of it.
    """

    share: float
    event_name: str
    data: str
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """One page view. `depth` is how far it is scrolled in per cent, `clicks` how often something is clicked."""

    page: PageName
    milliseconds: int
    depth: int
    clicks: int
    acts: tuple[Act, ...] = ()

    @property
    def events(self) -> int:
        """What the page sends: its opening and closing, milestones, clicks and what the checkout says."""
        return 2 + self.depth // 25 + self.clicks + len(self.acts)


class Journey:
    """Pages one after the other, with what they add up to."""

    __slots__ = ("cart_moves", "events", "interactions", "milliseconds", "stays")

    def __init__(self, *stays: Stay) -> None:
        self.stays = stays
        self.milliseconds = sum(stay.milliseconds for stay in stays)
        self.events = sum(stay.events for stay in stays)
        self.interactions = sum(stay.clicks + len(stay.acts) for stay in stays)
        self.cart_moves = [(act.event_name, act.product_id) for stay in stays for act in stay.acts if act.product_id]


class Journeys:
    """Draws journeys."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def onlooker(self, basket: Callable[[], Basket]) -> Journey:
        """Of a visitor who does not order; `basket` draws what might have been."""
        kind, landing = _ONLOOKERS.draw(self._random), self._landing()
        if kind == _BOUNCES:
            return Journey(self._stay(landing, clicks=0))
        if kind == _BROWSES:
            return Journey(self._stay(landing), *(self._stay(page) for page in _FURTHER.draw(self._random)))
        wish = basket()
        filled = (self._stay(landing), self._stay("menu", acts=self._cart(wish)))
        if kind == _FILLS_CART:
            return Journey(*filled)
        return Journey(*filled, self._stay("checkout", acts=_checkout_begun(wish)))

    def buyer(self, order: Order) -> Journey:
        """Of a guest who places this order."""
        return Journey(
            *([self._stay("home")] if self._random.random() < 0.6 else []),
            self._stay("menu", acts=self._cart(order.basket)),
            self._stay("checkout", acts=_checkout_done(order)),
            self._stay("thanks", clicks=0, acts=(_completed(order),)),
        )

    def _landing(self) -> PageName:
        return "home" if self._random.random() < 0.64 else "menu"

    def _stay(self, page: PageName, *, clicks: int | None = None, acts: tuple[Act, ...] = ()) -> Stay:
        random = self._random
        milliseconds = int(lognormal(random, _SECONDS[page] * 1_000, 0.7))
        clicked = len(acts) // 3 + int(random.random() * 1.8) if clicks is None else clicks
        return Stay(page, milliseconds + 1_000, _DEPTHS[page].draw(random), clicked, acts)

    def _cart(self, basket: Basket) -> tuple[Act, ...]:
        acts, total, step = [], 0, 0.8 / (len(basket.lines) + 1)
        for number, (sold, quantity) in enumerate(basket.lines, start=1):
            total += sold.unit_price * quantity
            data = _added(sold, quantity, total)
            acts.append(Act(0.1 + number * step, "checkout_item_added", data, sold.product_id))
        if self._random.random() < _REMOVES:
            sold, quantity = basket.lines[-1]
            acts.append(Act(0.93, "checkout_item_removed", _removed(sold, quantity), sold.product_id))
        return tuple(acts)


def _checkout_begun(basket: Basket) -> tuple[Act, ...]:
    return (_started(basket), Act(0.2, "form_started", '{"form_id": "checkout"}'))


def _checkout_done(order: Order) -> tuple[Act, ...]:
    paid = f'{{"payment_method": "{order.payment}", "amount": {order.total}}}'
    chosen = f'{{"fulfillment_type": "{order.fulfillment}", "delivery_fee": {order.delivery_fee}}}'
    address = (Act(0.4, "checkout_address_entered", '{"valid": true}'),) if order.fulfillment == "delivery" else ()
    return (
        *_checkout_begun(order.basket),
        Act(0.3, "checkout_delivery_selected", chosen),
        *address,
        Act(0.8, "checkout_payment_initiated", paid),
        Act(0.95, "checkout_payment_completed", paid),
        Act(0.97, "form_submitted", '{"form_id": "checkout", "success": true}'),
    )


def _started(basket: Basket) -> Act:
    return Act(0.02, "checkout_started", f'{{"cart_value": {basket.subtotal}, "item_count": {basket.count}}}')


def _completed(order: Order) -> Act:
    data = {
        "order_id": str(UUID(order.id)),
        "total": order.total,
        "item_count": order.basket.count,
        "fulfillment_type": order.fulfillment,
        "payment_method": order.payment,
    }
    return Act(0.01, "checkout_completed", json.dumps(data))


def _added(sold: Sold, quantity: int, cart_total: int) -> str:
    return f'{{{_product(sold)}, "quantity": {quantity}, "price": {sold.unit_price}, "cart_total": {cart_total}}}'


def _removed(sold: Sold, quantity: int) -> str:
    return f'{{{_product(sold)}, "quantity": {quantity}}}'


@lru_cache(maxsize=4096)
def _product(sold: Sold) -> str:
    data = {
        "product_id": str(UUID(sold.product_id)),
        "product_name": sold.name,
        "product_category": sold.category,
    }
    return json.dumps(data, ensure_ascii=False)[1:-1]
