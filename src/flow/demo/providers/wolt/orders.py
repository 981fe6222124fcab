"""Orders of Wolt's app: what guests order, what the venue answers, and the notifications of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from secrets import token_hex

from flow.demo.providers.books import Json
from flow.demo.providers.world import World

__all__ = ["OrderConflict", "Orders", "instant"]

_TIME_TO_ACCEPT = timedelta(minutes=3)
_UNANSWERED = ("received", "fetched", "acknowledged")
_NOTIFIED = {"received": "CREATED", "production": "PRODUCTION", "ready": "READY", "delivered": "DELIVERED"}
_MADE_UP_MENU: list[Json] = [
    {"pos_id": "1", "name": "Margherita", "price": 8900},
    {"pos_id": "2", "name": "Marinara", "price": 7900},
]


class OrderConflict(Exception):
    """The order is past that."""


def instant(at: datetime) -> str:
    """A time as Wolt writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Orders:
    """One venue's orders."""

    def __init__(self, world: World, account: Json) -> None:
        self._world = world
        self._account = account

    def find(self, number: str) -> Json | None:
        """An order of this venue."""
        order = self._world.books.table("wolt.order").get(number)
        return order if order is not None and order["venue"]["id"] == self._account["number"] else None

    def place(self, wish: Json) -> Json:
        """A guest orders {items: [{pos_id, name, price, count, options}], comment, consumer_name}, or by chance."""
        items = [self._item(number, item) for number, item in enumerate(wish.get("items") or self._chosen())]
        total = sum(item["item_price"]["total"]["amount"] for item in items)
        orders, now = self._world.books.table("wolt.order"), self._world.now()
        order = {
            "id": token_hex(12),
            "venue": {"id": self._account["number"], "name": self._account["name"], "external_venue_id": None},
            "order_number": f"{len(orders) % 999 + 1:03d}",
            "order_status": "received",
            "type": wish.get("type", "instant"),
            "pre_order": None,
            "basket_price": {
                "total": _money(total),
                "price_breakdown": {"total_before_discounts": _money(total), "total_discounts": _money(0)},
            },
            "fees": {"total": _money(wish.get("fees", 3900)), "price_breakdown": {}, "parts": []},
            "delivery": {
                "status": "not_started",
                "type": wish.get("delivery", "homedelivery"),
                "time": instant(now + timedelta(minutes=40)),
                "location": None,
                "self_delivery": None,
            },
            "items": items,
            "consumer_name": wish.get("consumer_name", "Ida"),
            "consumer_phone_number": None,
            "consumer_comment": wish.get("comment"),
            "attribution_id": None,
            "cash_payment": None,
            "loyalty_card_number": None,
            "company_tax_id": None,
            "pickup_eta": None,
            "created_at": instant(now),
            "modified_at": instant(now),
        }
        orders[str(order["id"])] = order
        self._tell(order)
        return order

    def accept(self, order: Json, pickup: str | None = None) -> None:
        """The venue takes it, and begins to cook."""
        self._require(order, order["order_status"] in _UNANSWERED)
        order["pickup_eta"] = pickup or instant(self._world.now() + timedelta(minutes=25))
        self._move(order, "production")

    def reject(self, order: Json) -> None:
        """It comes to nothing, be it by the venue, the guest or the clock."""
        self._require(order, order["order_status"] not in ("delivered", "rejected"))
        self._move(order, "rejected")

    def ready(self, order: Json) -> None:
        """The food can be fetched."""
        self._require(order, order["order_status"] == "production")
        self._move(order, "ready")

    def delivered(self, order: Json) -> None:
        """The guest has it."""
        self._require(order, order["order_status"] in ("production", "ready"))
        self._move(order, "delivered")

    def expire(self) -> None:
        """Rejects what the venue has not answered in time."""
        latest = instant(self._world.now() - _TIME_TO_ACCEPT)
        for order in self._world.books.table("wolt.order").values():
            is_ours = order["venue"]["id"] == self._account["number"]
            if is_ours and order["order_status"] in _UNANSWERED and order["created_at"] < latest:
                self._move(order, "rejected")

    def _require(self, order: Json, holds: bool) -> None:
        if not holds:
            raise OrderConflict(f"The order is {order['order_status']}.")

    def _move(self, order: Json, status: str) -> None:
        order.update(order_status=status, modified_at=instant(self._world.now()))
        self._tell(order)

    def _tell(self, order: Json) -> None:
        status = _NOTIFIED.get(order["order_status"], "CANCELED")
        told = {
            "id": order["id"][::-1],  # one and the same for all statuses of an order, as in Wolt's own examples
            "type": "order.notification",
            "order": {
                "id": order["id"],
                "venue_id": self._account["number"],
                "status": status,
                "resource_url": f"{self._world.address}/wolt/orders/{order['id']}",
            },
            "created_at": instant(self._world.now()),
        }
        self._world.books.touch()
        self._world.post.send(self._account, status, json.dumps(told, separators=(",", ":")).encode())

    def _item(self, number: int, wish: Json) -> Json:
        options = [self._option(at, option) for at, option in enumerate(wish.get("options", []))]
        unit = int(wish["price"]) + sum(option["price"]["amount"] * option["count"] for option in options)
        count = int(wish.get("count", 1))
        return {
            "id": f"item-{number + 1}",
            "item_type": "regular",
            "count": count,
            "pos_id": wish.get("pos_id"),
            "sku": wish.get("sku", wish.get("pos_id")),
            "gtin": None,
            "name": wish["name"],
            "category": {"id": "cat-1", "name": wish.get("category", "Menu")},
            "options": options,
            "item_price": {"unit_price": _money(unit), "total": _money(unit * count), "price_breakdown": {}},
            "deposit": None,
            "is_bundle_offer": False,
        }

    def _option(self, number: int, wish: Json) -> Json:
        return {
            "id": f"opt-{number + 1}",
            "name": wish["name"],
            "value": wish["value"],
            "price": _money(int(wish.get("price", 0))),
            "pos_id": wish.get("pos_id"),
            "value_pos_id": wish.get("value_pos_id"),
            "count": int(wish.get("count", 1)),
            "deposit": None,
        }

    def _chosen(self) -> list[Json]:
        menu = self._account.get("menu") or _MADE_UP_MENU
        random = self._world.random
        return [{**random.choice(menu), "count": random.randint(1, 2)} for _ in range(random.randint(1, 3))]


def _money(amount: int) -> Json:
    return {"amount": amount, "currency": "DKK"}
