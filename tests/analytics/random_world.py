"""A random fortnight of a restaurant: orders of every kind, guests who return, visits with and without orders."""

from __future__ import annotations

from random import Random
from uuid import UUID

from flow.kit.ids import new_id
from tests.analytics.world import World

CHANNELS = ("web", "app", "phone", "wolt", "pos", "ai_chat")
TOUCHES = ("direct", "organic_search", "social", "email")


def fill(world: World, random: Random, *, first_day: int, last_day: int) -> None:
    """Rows for the days of June 2026 from `first_day` to `last_day`, also in the small hours around the cut-off."""
    products = [
        world.product(f"Pizza {number}", category=random.choice(["Pizza", "Drinks"]), sku=f"P{number}")
        for number in range(4)
    ]
    customers = [world.customer() for _ in range(6)]
    visitors = [new_id() for _ in range(5)]
    for day in range(first_day, last_day + 1):
        for _ in range(random.randint(0, 6)):
            _order(world, random, _moment(random, day), products, customers)
        for _ in range(random.randint(0, 5)):
            _visit(world, random, _moment(random, day), products, visitors)


def _moment(random: Random, day: int) -> str:
    hour, minute = random.choice([0, 3, 4, 11, 12, 17, 18, 19, 23]), random.choice([0, 59])
    return f"2026-06-{day:02} {hour:02}:{minute:02}"


def _order(world: World, random: Random, at: str, products: list[UUID], customers: list[UUID]) -> None:
    status = random.choice(["completed"] * 6 + ["cancelled", "refunded", "pending"])
    touch = random.choice([None, (random.choice(TOUCHES), random.choice(TOUCHES))])
    lines = [
        (random.choice(products), random.randint(1, 3), random.randint(1, 200) * 100)
        for _ in range(random.randint(1, 3))
    ]
    subtotal = sum(quantity * price for _, quantity, price in lines)
    world.order(
        at,
        lines=lines,
        touch=touch,
        status=status,
        channel=random.choice(CHANNELS),
        fulfillment_type=random.choice(["delivery", "pickup"]),
        customer_id=random.choice([*customers, None]),
        discount_amount=random.choice([0, 0, subtotal // 10]),
        delivery_fee=random.choice([0, 2900]),
        refunded_amount=random.choice([0, 0, 0, 100]),
        currency=random.choice(["DKK"] * 9 + ["SEK"]),
    )


def _visit(world: World, random: Random, at: str, products: list[UUID], visitors: list[UUID]) -> None:
    session = world.session(
        at,
        seconds=random.randint(0, 600),
        visitor=random.choice([*visitors, None]),
        is_consented=random.random() < 0.5,
        page_views=random.randint(1, 4),
        interactions=random.randint(0, 2),
        orders_created=random.choice([0, 0, 1]),
        channel=random.choice(TOUCHES),
        device_type=random.choice(["mobile", "desktop", None]),
        country_code=random.choice(["DK", "SE", None]),
    )
    for _ in range(random.randint(0, 3)):
        sent = random.randint(1, 9)
        path = random.choice(["/", "/menu", None])
        world.page_view(at, session, path, max_seq=sent, events_received=random.randint(0, sent))
    for name in ("checkout_item_added", "checkout_item_removed"):
        named = random.choice([str(random.choice(products)), "P1", "unknown"])
        world.event(at, session, name, product_id=named)
