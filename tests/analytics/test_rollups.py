"""Roll-ups say what rows say, whenever and however often they are made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from flow.analytics.metrics.catalogue import METRICS
from flow.analytics.metrics.types import BREAKDOWNS, HEALTH_SOURCES, Answer
from flow.analytics.rollups import store
from flow.analytics.rollups.service import mark_finished_days, recompute, recompute_stale
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.money import Money
from tests.analytics.conftest import Ask
from tests.analytics.random_world import fill
from tests.analytics.world import World

RollUp = Callable[..., Awaitable[None]]
TABLES = ("daily_metrics", "daily_breakdowns", "product_analytics", "page_view_aggregates")
EVERY = "2026-06-05..2026-06-19"


async def _everything(asking: Ask) -> dict[str, tuple[object, ...]]:
    """Rows and totals of every metric by every breakdown."""
    answers: dict[str, tuple[object, ...]] = {}
    for breakdown in (None, *BREAKDOWNS):
        metrics = [
            key
            for key, metric in METRICS.items()
            if metric.source not in HEALTH_SOURCES and (breakdown is None or breakdown in metric.breakdowns)
        ]
        if not metrics:
            continue
        answer: Answer = await asking(*metrics, period=EVERY, breakdown=breakdown, comparison="same_weekday_last_week")
        by_key = sorted(answer.rows, key=lambda row: row.key)
        answers[str(breakdown)] = (by_key, answer.totals, answer.comparison)
    return answers


@pytest.mark.parametrize("seed", range(3))
async def test_rolled_up_days_say_the_same_as_their_rows(world: World, asking: Ask, roll_up: RollUp, seed: int) -> None:
    fill(world, Random(seed), first_day=3, last_day=19)
    counted = await _everything(asking)
    assert [] == world.rows("select * from public.daily_metrics where restaurant_id = %s")  # all of it from rows
    assert all(rows for breakdown, (rows, _, _) in counted.items() if breakdown != "None")

    await roll_up("2026-05-25", "2026-06-18")

    assert counted == await _everything(asking)


async def test_rolling_up_twice_changes_nothing(world: World, roll_up: RollUp) -> None:
    fill(world, Random(7), first_day=5, last_day=12)
    await roll_up("2026-06-05", "2026-06-12")
    once = [
        world.rows(f"select * from public.{table} where restaurant_id = %s order by 1, 2, 3, 4") for table in TABLES
    ]

    await roll_up("2026-06-05", "2026-06-12")

    twice = [
        world.rows(f"select * from public.{table} where restaurant_id = %s order by 1, 2, 3, 4") for table in TABLES
    ]
    assert all(once)
    assert once == twice
    assert [] == world.rows("select * from public.daily_restatements where restaurant_id = %s")


async def test_a_value_that_vanished_leaves_the_roll_up(world: World, roll_up: RollUp) -> None:
    order = world.order("2026-06-12 12:00", channel="wolt")
    await roll_up("2026-06-12")
    world.update("orders", order, channel="web")

    await roll_up("2026-06-12")

    channels = world.rows(
        "select value from public.daily_breakdowns where restaurant_id = %s and dimension = 'order_channel'"
    )
    assert [("web",)] == channels


async def test_a_complete_day_that_changes_is_restated_with_its_reason(
    world: World, database: Database, clock: FixedClock, roll_up: RollUp
) -> None:
    order = world.order("2026-06-12 12:00", 10000)
    await roll_up("2026-06-12")
    world.update("orders", order, refunded_amount=2500)
    world.mark("2026-06-12", "order_refunded")

    made = await recompute_stale(database, clock=clock)

    assert (1, 2) == (made.days, made.restatements)
    assert [("refunds", 0, 2500, "order_refunded"), ("revenue", 10000, 7500, "order_refunded")] == world.rows(
        "select metric, old_value, new_value, reason from public.daily_restatements where restaurant_id = %s order by 1"
    )


async def test_the_running_day_is_not_restated(world: World, roll_up: RollUp) -> None:
    world.order("2026-06-19 12:00")
    await roll_up("2026-06-19")
    world.order("2026-06-19 13:00")

    await roll_up("2026-06-19")

    assert [(2,)] == world.rows("select total_orders from public.daily_metrics where restaurant_id = %s")
    assert [] == world.rows("select * from public.daily_restatements where restaurant_id = %s")


async def test_a_mark_made_during_the_roll_up_is_not_lost(world: World, database: Database, clock: FixedClock) -> None:
    world.order("2026-06-12 12:00")
    world.mark("2026-06-12")
    day = date(2026, 6, 12)

    async with database.as_service() as transaction:
        await store.take_marks(transaction, world.restaurant, after_day=date.min, most=31)
        await recompute(transaction, world.restaurant, day, day, clock=clock)
        async with asyncio.timeout(5):  # the writer does not wait for the roll-up
            await asyncio.to_thread(world.order, "2026-06-12 13:00")
            await asyncio.to_thread(world.mark, "2026-06-12")

    assert [(1,)] == world.rows("select total_orders from public.daily_metrics where restaurant_id = %s")
    assert [(1,)] == world.rows("select count(*) from public.stale_days where restaurant_id = %s")
    await recompute_stale(database, clock=clock)
    assert [(2,)] == world.rows("select total_orders from public.daily_metrics where restaurant_id = %s")
    assert [(0,)] == world.rows("select count(*) from public.stale_days where restaurant_id = %s")


async def test_several_workers_share_the_waiting_days(world: World, database: Database, clock: FixedClock) -> None:
    for day in range(1, 19):
        world.order(f"2026-06-{day:02} 12:00")
        world.mark(f"2026-06-{day:02}")

    made = await asyncio.gather(*(recompute_stale(database, clock=clock) for _ in range(3)))

    assert 18 == sum(rollup.days for rollup in made)
    assert [(18,)] == world.rows("select sum(total_orders) from public.daily_metrics where restaurant_id = %s")


async def test_a_failing_restaurant_keeps_its_marks_and_holds_up_no_other(
    world: World, database: Database, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    world.order("2026-06-12 12:00")
    world.mark("2026-06-12")
    world.connection.execute("insert into public.stale_days (restaurant_id, date, reason, marked_at) "
                             "values (gen_random_uuid(), '2026-06-12', 'orphan', '2020-01-01')")  # fmt: skip

    made = await recompute_stale(database, clock=clock)

    assert 1 == made.days
    assert "its days keep waiting" in caplog.text
    assert [("orphan",)] == world.connection.execute("select reason from public.stale_days").fetchall()


async def test_older_orders_that_arrive_later_take_the_first_order_from_a_later_day(
    world: World, database: Database, clock: FixedClock, asking: Ask
) -> None:
    anna = world.customer()
    world.order("2026-06-12 12:00", customer_id=anna)
    world.mark("2026-06-12")
    await recompute_stale(database, clock=clock)
    world.order("2026-06-01 12:00", customer_id=anna)
    world.mark("2026-06-01", "imported")

    await recompute_stale(database, clock=clock)
    await recompute_stale(database, clock=clock)

    answer = await asking("new_customers", period="2026-06-01..2026-06-12")
    assert 1 == answer.totals["new_customers"]
    assert [("first_orders", 1, 0, "first_orders_moved")] == world.rows(
        "select metric, old_value, new_value, reason from public.daily_restatements where restaurant_id = %s"
    )


async def test_visits_deleted_by_retention_stay_in_the_roll_up_of_old_days(
    world: World, asking: Ask, roll_up: RollUp
) -> None:
    product = world.product("Margherita")
    session = world.session("2026-03-02 12:00", channel="email", page_views=2)
    world.page_view("2026-03-02 12:00", session, "/menu", max_seq=4, events_received=4)
    world.event("2026-03-02 12:00", session, "checkout_item_added", product_id=product)
    order = world.order("2026-03-02 12:30", 10000, lines=[(product, 1, 10000)])
    await roll_up("2026-03-02")
    for table in ("sessions", "page_views", "events"):
        world.connection.execute(f"delete from public.{table}")
    world.update("orders", order, refunded_amount=1000)

    await roll_up("2026-03-02")

    answer = await asking("revenue", "sessions", "page_views", "capture_rate", period="2026-03-02")
    assert Money(9000) == answer.totals["revenue"]
    assert (1, 1, 1.0) == (answer.totals["sessions"], answer.totals["page_views"], answer.totals["capture_rate"])
    by_channel = await asking("sessions", period="2026-03-02", breakdown="traffic_channel")
    assert [("email", 1)] == [(row.key, row.values["sessions"]) for row in by_channel.rows]
    by_product = await asking("cart_adds", "item_revenue", period="2026-03-02", breakdown="product")
    assert [(1, Money(10000))] == [(row.values["cart_adds"], row.values["item_revenue"]) for row in by_product.rows]
    assert [("/menu", 1)] == world.rows(
        "select page_path, views from public.page_view_aggregates where restaurant_id = %s"
    )


async def test_yesterday_is_finished_after_its_end_and_gaps_are_filled(
    world: World, database: Database, clock: FixedClock
) -> None:
    world.order("2026-06-16 12:00")
    world.order("2026-06-18 12:00")
    clock.set(world.at("2026-06-18 20:00"))
    world.mark("2026-06-16")
    world.mark("2026-06-18")
    await recompute_stale(database, clock=clock)
    world.order("2026-06-19 01:00")  # still the 18th; and its writer died before it could mark
    clock.set(world.at("2026-06-19 04:05"))

    assert 2 == await mark_finished_days(database, clock=clock)
    assert 0 == await mark_finished_days(database, clock=clock)
    await recompute_stale(database, clock=clock)

    assert [(16, 1), (17, 0), (18, 2)] == world.rows(
        "select extract(day from date)::int, total_orders from public.daily_metrics where restaurant_id = %s order by 1"
    )
    assert 0 == await mark_finished_days(database, clock=clock)


async def test_products_carry_the_figures_of_the_week_before(world: World, roll_up: RollUp) -> None:
    product = world.product("Margherita")
    world.order("2026-06-12 12:00", lines=[(product, 2, 8000)])
    world.order("2026-06-05 12:00", lines=[(product, 5, 8000)])
    await roll_up("2026-06-12")
    await roll_up("2026-06-05")

    assert [(5, None, None), (2, 5, 40000)] == world.rows(
        "select units_sold, units_sold_prev, revenue_prev from public.product_analytics "
        "where restaurant_id = %s order by date"
    )


async def test_pages_keep_views_visitors_entries_and_exits(world: World, roll_up: RollUp) -> None:
    session = world.session("2026-06-12 12:00")
    world.page_view("2026-06-12 12:00", session, "/", time_on_page_ms=4000, max_scroll_depth_percent=50, clicks_count=1)
    world.page_view("2026-06-12 12:01", session, "/menu", max_scroll_depth_percent=100)
    world.page_view("2026-06-12 12:02", session, "/")

    await roll_up("2026-06-12")

    assert [("/", 2, 1, 1, 1, 4000, 1, 50, 1), ("/menu", 1, 1, 0, 0, 0, 0, 100, 0)] == world.rows(
        "select page_path, views, visitors, entries, exits, time_on_page_ms, timed_views, scroll_depth_sum, clicks "
        "from public.page_view_aggregates where restaurant_id = %s order by 1"
    )


async def test_the_updated_time_is_the_clocks(world: World, roll_up: RollUp, clock: FixedClock) -> None:
    world.order("2026-06-12 12:00")
    await roll_up("2026-06-12")
    clock.advance(timedelta(hours=1))

    await roll_up("2026-06-12")

    assert [(datetime(2026, 6, 19, 17, 30, tzinfo=UTC),)] == world.rows(
        "select updated_at from public.daily_metrics where restaurant_id = %s"
    )
