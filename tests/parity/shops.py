"""A restaurant and its administrator over HTTP, who does a bit of everything and says what was not answered well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import httpx

from flow.kit.clock import SystemClock
from flow.kit.ids import new_id
from tests.business.menus import SITE_KEY, Menu, make_menu, make_site_key
from tests.collect.events.sending import BROWSER
from tests.factories import make_restaurant
from tests.serving import Server, make_login, session_token

NUMBERS = count(1)
EVENTS = ("page_view", "element_click", "page_exit")


@dataclass(frozen=True)
class Shop:
    """One restaurant on one web process."""

    server: Server
    restaurant: UUID
    menu: Menu
    key: str
    headers: dict[str, str]

    def lives(self, rounds: int) -> list[str]:
        """In each round an order, some events, the dashboard and the list of orders; every fault in words."""
        placed: set[str] = set()
        with self.server.client() as http:
            return [fault for _ in range(rounds) for fault in self._round(http, placed)]

    def order(self, http: httpx.Client) -> httpx.Response:
        """A guest orders two colas."""
        body = {
            "restaurant_id": str(self.restaurant),
            "key": self.key,
            "items": [{"product_id": str(self.menu.cola), "quantity": 2}],
            "customer": {"name": "Anna Hansen", "phone": "20123456"},
        }
        return http.post("/api/orders", json=body, headers={"Idempotency-Key": str(new_id())})

    def _round(self, http: httpx.Client, placed: set[str]) -> list[str]:
        order = self.order(http)
        placed.add(order.json().get("id"))
        listed = http.get("/api/orders", params={"restaurant_id": str(self.restaurant)}, headers=self.headers)
        events, again = self._events(http)
        answers = [(order, 201), (listed, 200), (events, 200), (again, 200), (self._dashboard(http), 200)]
        faults = [
            f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}"
            for answer, status in answers
            if answer.status_code != status
        ]
        if not faults and (events.json()["accepted"], again.json()["duplicate"]) != (len(EVENTS), len(EVENTS)):
            faults.append(f"events: {events.text}, and again: {again.text}")
        if not faults and {order["id"] for order in listed.json()["orders"]} != placed:
            faults.append(f"not the own orders: {listed.text[:200]}")
        return faults

    def _dashboard(self, http: httpx.Client) -> httpx.Response:
        return http.get("/dashboard", headers=self.headers)

    def _events(self, http: httpx.Client) -> list[httpx.Response]:
        """The answers to a batch of events, and to the same once more."""
        now = SystemClock().now().isoformat()
        events = [
            {"id": str(new_id()), "event_name": name, "timestamp": now, "page_url": "https://napoli.example/menu"}
            for name in EVENTS
        ]
        body = {"restaurant_id": str(self.restaurant), "key": self.key, "sent_at": now, "events": events}
        headers = {name: value for name, value in BROWSER.items() if name != "x-forwarded-for"}
        return [http.post("/api/events/batch", content=json.dumps(body), headers=headers) for _ in range(2)]


def open_shop(server: Server) -> Shop:
    """A restaurant with a menu, a site key and somebody who may see all of it."""
    url = server.installation.owner_url
    restaurant = make_restaurant(url, f"Shop {next(NUMBERS)}")
    key = f"{SITE_KEY}-{restaurant}"
    make_site_key(url, restaurant, key=key)
    admin = make_login(url, f"{new_id()}@example.com", restaurant=restaurant)
    return Shop(server, restaurant, make_menu(url, restaurant), key, session_token(server, admin))
