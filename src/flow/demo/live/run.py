"""Sends live guests to the web process, some a minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import httpx

from flow.database.pool import Database
from flow.demo.live.guest import visit
from flow.demo.live.kitchen import Kitchen
from flow.demo.live.shop import Shop, find_shops
from flow.demo.simulation.origins import origins

__all__ = ["Tally", "run_live"]


@dataclass(slots=True)
class Tally:
    """What has happened so far; `failed` visits met an error of the web process."""

    visits: int = 0
    orders: int = 0
    failed: int = 0


async def run_live(
    http: httpx.AsyncClient,
    database: Database,
    *,
    per_minute: float,
    visits: int | None = None,
    pace: float = 1.0,
    report: Callable[[Tally], None] = lambda _: None,
    random: Random | None = None,
) -> Tally:
    """Guests who visit, order and are cooked for; `http` has the web process as its base address.

    They come at random, `per_minute` on average, until `visits` have come or for ever; `pace` multiplies the seconds
    that people take. Answers when the last one has eaten.
    """
    random = random or Random()  # noqa: S311 (chance, not secrets)
    shops, kitchen, tally = await find_shops(database), Kitchen(http, random, pace=pace), Tally()
    await kitchen.log_in()

    async def guest(shop: Shop) -> None:
        origin = origins(shop.profile.visits, on_sending_day=False).draw(random)
        try:
            placed = await visit(http, shop, origin, random, pace=pace)
        except httpx.HTTPError:
            tally.failed += 1
            return
        tally.visits += 1
        tally.orders += placed is not None
        report(tally)
        if placed is not None:
            await kitchen.cook(placed)

    async with asyncio.TaskGroup() as guests:
        coming = 0
        while visits is None or coming < visits:
            guests.create_task(guest(shops.draw(random)))
            coming += 1
            await asyncio.sleep(random.expovariate(per_minute / 60))
    return tally
