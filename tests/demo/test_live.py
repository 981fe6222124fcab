"""Live guests come through the web process's own doors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.demo.live import run_live
from flow.demo.simulation.service import simulate_into
from flow.kit.clock import FixedClock
from tests.connections import kept_connection
from tests.serving import running_app


async def test_guests_visit_order_and_are_cooked_for(
    installation: Installation, database: Database, tmp_path: Path
) -> None:
    # So long ago that everything recent is live.
    past = FixedClock(dt.datetime.now(dt.UTC) - dt.timedelta(days=3))
    await simulate_into(installation, size=0.01, progress=lambda _: None, clock=past)
    async with running_app(installation, tmp_path) as app, app.client() as http:
        tally = await run_live(http, database, per_minute=60_000, visits=40, pace=0, random=Random(7))

    with kept_connection(installation.owner_url) as connection:
        [(sessions, pages, ordering)] = connection.execute(
            "select count(*), sum(page_views), sum(orders_created) from sessions "
            "where started_at > now() - interval '1 hour'"
        ).fetchall()
        [(orders, told)] = connection.execute(
            "select count(*), count(e.id) from orders o left join events e on e.restaurant_id = o.restaurant_id "
            "and e.event_name = 'checkout_completed' and e.event_data ->> 'order_id' = o.id::text "
            "where o.created_at > now() - interval '1 hour' and o.status = 'completed'"
        ).fetchall()

    assert (40, 0) == (tally.visits, tally.failed)
    assert 40 == sessions
    assert pages > 40
    assert tally.orders > 5
    assert (tally.orders, tally.orders, tally.orders) == (orders, told, ordering)
