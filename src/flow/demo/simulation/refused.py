"""What ingest did not take: a little quarantine to look at and replay, and the robots that every site has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

import msgspec

from flow.collect.events.types import Visit as SenderVisit
from flow.demo.simulation.chance import Ids, poisson
from flow.demo.simulation.copytext import moment
from flow.demo.simulation.profiles import Profile

__all__ = ["dropped_lines", "rejected_lines"]

_HOUR = 3_600_000
_DAYS = 30
_ROBOTS = (
    ("bot_user_agent", "Googlebot", 9.0),
    ("bot_user_agent", "bingbot", 3.5),
    ("bot_user_agent", "AhrefsBot", 2.0),
    ("bot_user_agent", "GPTBot", 1.6),
    ("bot_headless", "HeadlessChrome", 0.7),
    ("bot_pattern", "", 0.3),
)
# Mistakes that real pages make: code, what the quarantine says of it, event and its data. {name} is the namespace.
_MISTAKES: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    (
        "invalid_property",
        "price is missing: expected an integer in øre from 0 to 100,000,000,000",
        "checkout_item_added",
        {"product_id": "12", "quantity": 1},
    ),
    (
        "invalid_property",
        "quantity: expected an integer from 1 to 10,000, got a string",
        "checkout_item_added",
        {"product_id": "3", "quantity": "2", "price": 10900},
    ),
    (
        "unknown_event",
        "event_name is not in the catalogue; an own event is <namespace>.<name> of a-z, 0-9 and _",
        "chekout_started",
        {"cart_value": 17800, "item_count": 2},
    ),
    (
        "wrong_namespace",
        "event_name begins with another namespace; this restaurant's is {name}",
        "shop.coupon_shown",
        {"coupon": "forår"},
    ),
)


def dropped_lines(restaurant_id: str, random: Random, *, now: int, size: float) -> Iterator[str]:
    """Counts of robots' events per hour of the last weeks."""
    for hour in range(now // _HOUR - _DAYS * 24, now // _HOUR):
        for reason, detail, per_hour in _ROBOTS:
            if count := poisson(random, per_hour * size * 0.4):
                yield f"{restaurant_id}\t{moment(hour * _HOUR)}\t{reason}\t{detail}\t{count}\n"


def rejected_lines(profile: Profile, restaurant_id: str, random: Random, *, now: int) -> Iterator[str]:
    """A dozen events that pages sent wrongly, with all that replaying them needs."""
    ids, host = Ids(random), profile.visits.host
    for number in range(12):
        reason, message, name, data = _MISTAKES[number % len(_MISTAKES)]
        at = now - int(random.random() * 6 * 24 * _HOUR) - 60_000
        raw = {
            "id": ids.new(at),
            "event_name": name,
            "timestamp": moment(at).replace(" ", "T").replace("+00", "Z"),
            "page_url": f"https://{host}{profile.visits.pages['menu']}",
            "event_data": data,
        }
        context = msgspec.json.encode(
            SenderVisit(
                restaurant=bytes.fromhex(restaurant_id),
                visitor=bytes.fromhex(ids.new(at)),
                device_type="mobile",
                browser="Mobile Safari",
                os="iOS",
                viewport_width=390,
                viewport_height=664,
            )
        ).decode()
        told = message.format(name=profile.restaurant.event_namespace)
        yield (
            f"{restaurant_id}\t{ids.new(at)}\t{moment(at + 400)}\t{reason}\t{told}\t{name}\t"
            f"{json.dumps(raw, ensure_ascii=False)}\t{context}\n"
        )
