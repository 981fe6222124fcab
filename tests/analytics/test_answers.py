"""Rows, comparisons and blanks of answers, over small worlds counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from flow.analytics.metrics.types import Filter
from flow.kit.clock import FixedClock
from flow.kit.money import Money
from tests.analytics.conftest import Ask
from tests.analytics.test_rollups import RollUp
from tests.analytics.world import World


async def test_today_is_compared_so_far_and_whole(world: World, asking: Ask, roll_up: RollUp) -> None:
    world.order("2026-06-12 12:00", 10000)
    world.order("2026-06-12 18:30", 50000)  # at this very minute: not before it
    world.order("2026-06-12 20:00", 30000)
    world.order("2026-06-19 12:00", 15000)
    await roll_up("2026-06-12")

    answer = await asking("revenue", comparison="same_weekday_last_week")

    assert answer.comparison is not None
    assert Money(90000) == answer.comparison.full["revenue"]
    assert answer.comparison.so_far is not None
    assert Money(10000) == answer.comparison.so_far["revenue"]
    assert 0.5 == answer.change("revenue")


async def test_after_midnight_so_far_means_the_same_night(world: World, asking: Ask, clock: FixedClock) -> None:
    clock.set(world.at("2026-06-20 01:30"))
    world.order("2026-06-12 23:00", 10000)
    world.order("2026-06-13 01:00", 20000)
    world.order("2026-06-13 02:00", 40000)
    world.order("2026-06-19 12:00", 60000)

    answer = await asking("revenue", comparison="same_weekday_last_week")

    assert answer.comparison is not None
    assert answer.comparison.so_far is not None
    assert Money(30000) == answer.comparison.so_far["revenue"]
    assert Money(70000) == answer.comparison.full["revenue"]


async def test_so_far_goes_by_the_clock_on_the_wall_across_daylight_saving(
    world: World, asking: Ask, clock: FixedClock
) -> None:
    clock.set(world.at("2026-03-31 12:00"))  # summer time; a week before it was winter time
    world.order("2026-03-24 11:59", 10000)
    world.order("2026-03-24 12:01", 20000)

    answer = await asking("revenue", period="2026-03-31", comparison="same_weekday_last_week")

    assert answer.comparison is not None
    assert answer.comparison.so_far is not None
    assert Money(10000) == answer.comparison.so_far["revenue"]


async def test_a_finished_period_is_compared_whole(world: World, asking: Ask) -> None:
    world.order("2026-06-11 20:00", 10000)
    world.order("2026-06-18 12:00", 5000)

    answer = await asking("revenue", period="2026-06-18", comparison="same_weekday_last_week")

    assert answer.comparison is not None
    assert answer.comparison.so_far is None
    assert -0.5 == answer.change("revenue")


async def test_a_week_that_runs_is_compared_up_to_the_same_time_of_its_last_day(world: World, asking: Ask) -> None:
    for day in range(1, 20):
        world.order(f"2026-06-{day:02} 12:00", 1000)
        world.order(f"2026-06-{day:02} 20:00", 1000)

    answer = await asking("orders", period="2026-06-15..2026-06-21", breakdown="day", comparison="previous_period")

    assert [2, 2, 2, 2, 2, None, None] == [row.values["orders"] for row in answer.rows]
    assert [False, False, False, False, True, False, False] == [row.is_running for row in answer.rows]
    assert [2] * 7 == [row.compared["orders"] for row in answer.rows if row.compared]
    assert [1] == [row.compared_so_far["orders"] for row in answer.rows if row.compared_so_far]
    assert answer.comparison is not None
    assert answer.comparison.so_far is not None
    assert (9, 14) == (answer.comparison.so_far["orders"], answer.comparison.full["orders"])


async def test_without_data_then_the_comparison_is_blank_and_says_so(world: World, asking: Ask) -> None:
    world.order("2026-06-10 12:00")
    world.order("2026-06-19 12:00")

    year = await asking("revenue", "sessions", comparison="same_weekday_last_year")
    weeks = await asking("orders", period="2026-06-13..2026-06-19", comparison="previous_period", breakdown="day")

    assert year.comparison is not None
    assert year.comparison.full["revenue"] is None
    assert "no_data_then" == year.comparison.blanks["revenue"]
    assert year.change("revenue") is None
    assert weeks.comparison is not None
    assert "partial_data_then" == weeks.comparison.blanks["orders"]
    assert [None] * 4 + [1, 0, 0] == [row.compared["orders"] for row in weeks.rows if row.compared]


async def test_before_the_first_day_of_data_rows_are_blank_not_zero(world: World, asking: Ask) -> None:
    world.order("2026-06-17 12:00")

    answer = await asking("orders", "sessions", period="2026-06-16..2026-06-19", breakdown="day")

    assert [None, 1, 0, 0] == [row.values["orders"] for row in answer.rows]
    assert [None] * 4 == [row.values["sessions"] for row in answer.rows]
    assert {"sessions": "no_data_then"} == dict(answer.blanks)
    assert date(2026, 6, 17) == answer.coverage.first_day["orders"]
    assert answer.coverage.first_day["visits"] is None


async def test_a_rate_over_days_divides_sums(world: World, asking: Ask) -> None:
    world.order("2026-06-17 12:00", 10000)
    for _ in range(3):
        world.order("2026-06-18 12:00", 30000)

    answer = await asking("aov", period="2026-06-17..2026-06-18", breakdown="day")

    assert Money(25000) == answer.totals["aov"]
    assert [Money(10000), Money(30000)] == [row.values["aov"] for row in answer.rows]


async def test_weeks_are_iso_weeks_and_months_calendar_months(world: World, asking: Ask, roll_up: RollUp) -> None:
    world.order("2026-05-31 12:00")
    world.order("2026-06-01 12:00")
    await roll_up("2026-05-25", "2026-06-18")

    weeks = await asking("orders", period="2026-05-30..2026-06-02", breakdown="week")
    months = await asking("orders", period="2026-05-30..2026-06-02", breakdown="month")

    assert [("2026-W22", 1), ("2026-W23", 1)] == [(row.key, row.values["orders"]) for row in weeks.rows]
    assert [("2026-05", 1), ("2026-06", 1)] == [(row.key, row.values["orders"]) for row in months.rows]


async def test_hours_begin_at_the_cut_off_and_end_with_the_present_one(world: World, asking: Ask) -> None:
    world.order("2026-06-19 05:10")
    world.order("2026-06-19 18:20")

    answer = await asking("orders", "sessions", breakdown="hour")

    assert ["04", "05"] == [row.key for row in answer.rows[:2]]
    assert {"05": 1, "18": 1} == {row.key: row.values["orders"] for row in answer.rows if row.values["orders"]}
    assert ["18"] == [row.key for row in answer.rows if row.is_running]
    assert {None} == {row.values["orders"] for row in answer.rows if row.key in {"19", "23", "00", "03"}}
    assert {None} == {row.values["sessions"] for row in answer.rows}  # nobody collects visits here


async def test_top_products_are_limited_and_the_rest_is_summed(world: World, asking: Ask) -> None:
    dishes = [world.product(f"Dish {number}") for number in range(4)]
    world.order("2026-06-18 12:00", lines=[(dish, number + 1, 1000) for number, dish in enumerate(dishes)])
    world.order("2026-06-19 12:00", lines=[(dishes[3], 1, 1000), (None, 9, 100)])

    answer = await asking(
        "items_sold", "item_revenue", "orders_containing",
        period="2026-06-13..2026-06-19", breakdown="product", limit=2,
    )  # fmt: skip

    assert [("Dish 3", 5, 2), ("Dish 2", 3, 1)] == [
        (row.label, row.values["items_sold"], row.values["orders_containing"]) for row in answer.rows
    ]
    assert 2 == answer.omitted
    assert answer.rest is not None
    assert (3, Money(3000)) == (answer.rest["items_sold"], answer.rest["item_revenue"])
    assert 20 == answer.totals["items_sold"]
    assert answer.totals["orders_containing"] is None
    assert "not_additive" == answer.blanks["orders_containing"]


async def test_the_channel_mix_adds_up_to_one(world: World, asking: Ask) -> None:
    world.order("2026-06-19 12:00", touch=("email", "direct"))
    world.order("2026-06-19 12:00", touch=("social", "direct"))
    world.order("2026-06-19 12:00", channel="phone")

    answer = await asking("channel_mix", "orders", breakdown="last_touch")

    assert {"direct": pytest.approx(2 / 3), "": pytest.approx(1 / 3)} == {
        row.key: row.values["channel_mix"] for row in answer.rows
    }
    assert 1.0 == answer.totals["channel_mix"]


async def test_a_filter_shows_one_value_over_time(world: World, asking: Ask, roll_up: RollUp) -> None:
    world.order("2026-06-17 12:00", channel="wolt")
    world.order("2026-06-18 12:00", channel="web")
    world.order("2026-06-19 12:00", channel="wolt")
    await roll_up("2026-06-17", "2026-06-18")

    answer = await asking(
        "orders", period="2026-06-17..2026-06-19", breakdown="day", filter=Filter("order_channel", "wolt")
    )

    assert [1, 0, 1] == [row.values["orders"] for row in answer.rows]
    assert 2 == answer.totals["orders"]


async def test_a_day_that_waits_is_counted_from_its_rows(world: World, asking: Ask, roll_up: RollUp) -> None:
    world.order("2026-06-16 12:00")
    await roll_up("2026-06-16")
    world.order("2026-06-16 13:00")
    world.mark("2026-06-16")

    answer = await asking("orders", period="2026-06-16..2026-06-17")

    assert 2 == answer.totals["orders"]
    assert 0 == answer.freshness.waiting_days


async def test_an_old_day_that_waits_is_told(world: World, asking: Ask, roll_up: RollUp) -> None:
    world.order("2026-03-02 12:00")
    await roll_up("2026-03-02")
    world.order("2026-03-02 13:00")
    world.connection.execute(
        "insert into public.stale_days (restaurant_id, date, reason, marked_at) values (%s, '2026-03-02', 'x', %s)",
        [world.restaurant, world.at("2026-06-19 18:00")],
    )

    answer = await asking("orders", period="2026-03-02")

    assert 1 == answer.totals["orders"]
    assert 1 == answer.freshness.waiting_days
    assert world.at("2026-06-19 18:00") == answer.freshness.as_of


async def test_visits_so_far_of_a_day_that_is_no_longer_kept_are_blank(
    world: World, asking: Ask, roll_up: RollUp
) -> None:
    world.session("2025-06-20 12:00")
    await roll_up("2025-06-20")
    world.connection.execute("delete from public.sessions")
    world.session("2026-06-19 12:00")

    answer = await asking("sessions", comparison="same_weekday_last_year")

    assert answer.comparison is not None
    assert answer.comparison.so_far is not None
    assert answer.comparison.so_far["sessions"] is None
    assert "not_kept" == answer.comparison.blanks["sessions"]
    assert 1 == answer.comparison.full["sessions"]
