"""Two weeks of a restaurant up to this minute, for pages that are looked at on the real clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from tests.analytics.world import World


def fill(world: World, random: Random) -> None:
    """An order and a visit every five hours; the newest is of this minute, for today began a moment ago at times."""
    now = datetime.now(UTC).astimezone(world.zone)
    dishes = [world.product(name, price=price) for name, price in (("Margherita", 8500), ("Tiramisù", 5500))]
    for hours in range(0, 14 * 24, 5):
        local = (now - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")
        touch = random.choice(["direct", "social", "email"])
        lines = [(random.choice(dishes), random.randint(1, 3), 8500)]
        status = "preparing" if hours < 3 else random.choice(["completed"] * 8 + ["cancelled", "refunded"])
        world.order(local, lines=lines, touch=(touch, touch), status=status)
        world.session(local, page_views=3, orders_created=1, landing_page="/menu", device_type="mobile")
