"""Visits to a restaurant's shop as the tracker sends them: the ordinary events that the benchmarks are about."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from flow.kit.ids import new_id

SHOP = "https://napoli.example"
PAGES = {
    "/": "Pizzeria Napoli, Aarhus",
    "/menu": "Menu | Pizzeria Napoli",
    "/menu/pizza": "Pizza | Menu | Pizzeria Napoli",
    "/menu/pasta": "Pasta | Menu | Pizzeria Napoli",
    "/kurv": "Din kurv | Pizzeria Napoli",
    "/om-os": "Om os | Pizzeria Napoli",
}
CAMPAIGN = "?utm_source=google&utm_medium=cpc&utm_campaign=november&gclid=EAIaIQobChMI8f"
DISHES = ("Margherita", "Capricciosa", "Quattro formaggi", "Diavola", "Calzone", "Lasagne", "Tiramisu")
BUTTONS = (
    ("add-margherita", "button button-primary", "Læg i kurv", "button#add-margherita"),
    (None, "menu-link", "Se menuen", "main > nav > a:nth-of-type(2)"),
    (None, "dish", "Capricciosa 89,00 kr.", "main > ul.dishes > li:nth-of-type(4) > a.dish"),
    ("cart", "icon cart", "Kurv (2)", "a#cart"),
)
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Safari/605.1.15",
)
SCREENS = (("390x844", 390, 664), ("412x915", 412, 765), ("1920x1080", 1905, 947), ("1440x900", 1440, 789))


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the visits go: the restaurant and its site key."""

    restaurant_id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST: its body, and the two headers that tell visitors apart."""

    body: bytes
    address: str
    agent: str


class Visit:
    """One visitor walking through the shop; `events` never ends."""

    def __init__(self, shop: Shop, begins: datetime, chance: random.Random) -> None:
        self._shop = shop
        self._chance = chance
        self._at = begins
        self._device = chance.randrange(len(AGENTS))
        self._address = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        # Every fifth visitor has consented and has a lasting id.
        self._visitor = str(uuid4()) if chance.random() < 0.2 else None
        self.events = self._walk()

    def batch(self, size: int) -> Delivery:
        """The next `size` events as one request."""
        screen, width, height = SCREENS[self._device]
        body = {
            "restaurant_id": str(self._shop.restaurant_id),
            "key": self._shop.key,
            "sent_at": _written(self._at),
            "screen_resolution": screen,
            "viewport_width": width,
            "viewport_height": height,
            "language": "da-DK",
            "referrer": "https://www.google.com/",
            "events": [next(self.events) for _ in range(size)],
        }
        if self._visitor:
            body["visitor_id"] = self._visitor
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Delivery(text.encode(), self._address, AGENTS[self._device])

    def _walk(self) -> Iterator[dict[str, object]]:
        url = SHOP + "/" + self._chance.choice(("", "", CAMPAIGN))
        path = "/"
        while True:
            yield from self._page(url, PAGES[path])
            path = self._chance.choice(list(PAGES))
            url = SHOP + path

    def _page(self, url: str, title: str) -> Iterator[dict[str, object]]:
        """One page view: seen, read to some depth, clicked in, left; about eight events."""
        entered = self._at
        view = str(new_id(entered))
        for seq, (name, fields, data) in enumerate(self._happenings(), 1):
            event: dict[str, object] = {
                "id": view if seq == 1 else str(new_id(self._at)),
                "event_name": name,
                "timestamp": _written(self._at),
                "page_view_id": view,
                "page_url": url,
                "page_title": title,
                **fields,
            }
            if data is not None:
                event["event_data"] = data
            if name == "page_exit":
                event["time_on_page_ms"] = int((self._at - entered) / timedelta(milliseconds=1))
            event["seq"] = seq
            yield event
            self._at += timedelta(milliseconds=self._chance.randrange(200, 4000))

    def _happenings(self) -> Iterator[tuple[str, dict[str, object], dict[str, object] | None]]:
        chance = self._chance
        yield "page_view", {}, None
        for depth in (25, 50, 75, 100)[: chance.choice((1, 2, 2, 3, 4))]:
            yield "page_scroll", {}, {"scroll_depth_pct": depth, "direction": "down"}
        for _ in range(chance.choice((1, 1, 2, 2, 3))):
            yield self._click()
        for _ in range(chance.choice((0, 1, 1, 2))):
            yield self._item_added()
        if chance.random() < 0.15:
            yield "form_started", {}, {"form_id": "checkout", "form_name": "checkout"}
        if chance.random() < 0.3:
            yield "page_exit", {}, {"exit_type": "hidden"}
        yield "page_exit", {}, {"exit_type": "navigation"}

    def _click(self) -> tuple[str, dict[str, object], dict[str, object]]:
        identifier, css, text, selector = self._chance.choice(BUTTONS)
        _, width, height = SCREENS[self._device]
        x, y = self._chance.randrange(width), self._chance.randrange(height)
        fields: dict[str, object] = {"element_class": css, "element_text": text}
        if identifier:
            fields["element_id"] = identifier
        fields |= {"viewport_x": x, "viewport_y": y, "page_x": x, "page_y": y + self._chance.randrange(2000)}
        return "element_click", fields, {"element_tag": "a", "element_selector": selector}

    def _item_added(self) -> tuple[str, dict[str, object], dict[str, object]]:
        dish = self._chance.choice(DISHES)
        data = {"product_id": str(new_id()), "product_name": dish, "quantity": 1, "price": 8900, "cart_total": 17800}
        return "checkout_item_added", {}, data


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
