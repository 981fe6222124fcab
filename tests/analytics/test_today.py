"""Today's figures come from rows, by the restaurant's own day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow.kit.clock import FixedClock
from flow.kit.money import Money
from tests.analytics.conftest import Ask
from tests.analytics.world import World


async def test_revenue_orders_and_average_are_those_of_orders_that_count(world: World, asking: Ask) -> None:
    world.order("2026-06-19 12:00", 10000)
    world.order("2026-06-19 13:00", 20000, discount_amount=5000, delivery_fee=2900)
    world.order("2026-06-19 14:00", 99900, status="cancelled")

    answer = await asking("revenue", "orders", "aov", "gross_sales", "discounts", "delivery_fees", "cancellation_rate")

    assert Money(27900) == answer.totals["revenue"]
    assert 2 == answer.totals["orders"]
    assert Money(13950) == answer.totals["aov"]
    assert Money(30000) == answer.totals["gross_sales"]
    assert Money(5000) == answer.totals["discounts"]
    assert Money(2900) == answer.totals["delivery_fees"]
    assert pytest.approx(1 / 3) == answer.totals["cancellation_rate"]
    assert answer.freshness.live


@pytest.mark.parametrize(
    ("local", "counted"),
    [("2026-06-19 03:59", 0), ("2026-06-19 04:00", 1), ("2026-06-20 03:59", 1), ("2026-06-20 04:00", 0)],
)
async def test_the_business_day_runs_from_four_to_four(world: World, asking: Ask, local: str, counted: int) -> None:
    world.order("2026-06-18 12:00")
    world.order(local)

    answer = await asking("orders")

    assert counted == answer.totals["orders"]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-06-19", 24)], ids=["spring", "autumn", "summer"]
)
async def test_days_of_daylight_saving_have_23_and_25_hours(
    world: World, asking: Ask, clock: FixedClock, day: str, hours: int
) -> None:
    starts_at, ends_at = world.profile.calendar.bounds(world.at(f"{day} 12:00").date())
    local = starts_at
    while local < ends_at:
        world.order(local.astimezone(world.zone).replace(tzinfo=None).isoformat(" "))
        local += timedelta(hours=1)
    clock.set(ends_at - timedelta(minutes=1))

    answer = await asking("orders", period=day)

    assert timedelta(hours=hours) == ends_at - starts_at
    # The doubled hour of autumn reads the same twice on the wall, and both of its orders belong to the day.
    assert hours == answer.totals["orders"]


async def test_a_refund_counts_on_the_day_of_its_order(world: World, asking: Ask) -> None:
    world.order("2026-06-19 12:00", 10000, refunded_amount=4000)
    world.order("2026-06-19 12:30", 20000, status="refunded")

    answer = await asking("revenue", "gmv", "refunds", "orders", "refund_rate")

    assert Money(6000) == answer.totals["revenue"]
    assert Money(30000) == answer.totals["gmv"]
    assert Money(24000) == answer.totals["refunds"]
    assert 2 == answer.totals["orders"]
    assert 0.8 == answer.totals["refund_rate"]


async def test_an_order_in_a_foreign_currency_is_counted_apart(world: World, asking: Ask) -> None:
    world.order("2026-06-19 12:00", 10000)
    world.order("2026-06-19 12:00", 5000, currency="SEK")

    answer = await asking("revenue", "orders", "foreign_currency_orders")

    assert Money(10000, "DKK") == answer.totals["revenue"]
    assert 1 == answer.totals["orders"]
    assert 1 == answer.totals["foreign_currency_orders"]


async def test_guests_without_name_count_as_orders_but_not_as_customers(world: World, asking: Ask) -> None:
    anna, bo = world.customer(), world.customer()
    world.order("2026-06-18 12:00", customer_id=anna)
    world.order("2026-06-19 12:00", customer_id=anna)
    world.order("2026-06-19 13:00", customer_id=bo)
    world.order("2026-06-19 14:00", customer_id=bo)
    world.order("2026-06-19 15:00")

    answer = await asking(
        "orders", "active_customers", "new_customers", "first_order_rate", "repeat_order_rate", "known_customer_rate",
        "revenue_per_customer", "customer_value",
    )  # fmt: skip

    assert 4 == answer.totals["orders"]
    assert 2 == answer.totals["active_customers"]
    assert 1 == answer.totals["new_customers"]
    assert pytest.approx(1 / 3) == answer.totals["first_order_rate"]
    assert pytest.approx(2 / 3) == answer.totals["repeat_order_rate"]
    assert 0.75 == answer.totals["known_customer_rate"]
    assert Money(15000) == answer.totals["revenue_per_customer"]
    assert Money(20000) == answer.totals["customer_value"]


async def test_a_cancelled_first_order_leaves_the_next_one_first(world: World, asking: Ask) -> None:
    anna = world.customer()
    world.order("2026-06-18 12:00", customer_id=anna, status="cancelled")
    world.order("2026-06-19 12:00", customer_id=anna)

    answer = await asking("new_customers")

    assert 1 == answer.totals["new_customers"]


async def test_different_customers_of_a_longer_time_count_once(world: World, asking: Ask) -> None:
    anna, bo = world.customer(), world.customer()
    for day in (17, 18, 19):
        world.order(f"2026-06-{day} 12:00", customer_id=anna)
    world.order("2026-06-18 13:00", customer_id=bo)

    answer = await asking("active_customers", period="2026-06-17..2026-06-19", breakdown="day")

    assert 2 == answer.totals["active_customers"]
    assert [1, 2, 1] == [row.values["active_customers"] for row in answer.rows]


async def test_orders_underway_are_those_of_the_last_day_and_night(world: World, asking: Ask) -> None:
    for status in ("pending", "confirmed", "preparing", "ready", "delivering", "completed", "cancelled"):
        world.order("2026-06-19 18:00", status=status)
    world.order("2026-06-10 18:00", status="pending")

    answer = await asking("active_orders", period="2026-05-01", comparison="previous_period")

    assert 5 == answer.totals["active_orders"]
    assert answer.comparison is not None
    assert answer.comparison.full["active_orders"] is None
    assert "not_kept" == answer.comparison.blanks["active_orders"]


async def test_visits_are_counted_by_visitor_and_session(world: World, asking: Ask) -> None:
    anna = world.session("2026-06-19 12:00", seconds=120, page_views=3, interactions=2, orders_created=1)
    world.session("2026-06-19 13:00", seconds=0, page_views=1)
    visitor = world.rows("select visitor_id from public.sessions where restaurant_id = %s and session_id = %s", anna)
    world.session("2026-06-19 15:00", seconds=60, page_views=2, interactions=1, visitor=visitor[0][0])  # type: ignore[arg-type]

    answer = await asking(
        "visitors", "sessions", "sessions_per_visitor", "pages_per_session", "avg_session_duration", "bounce_rate",
        "conversion_rate",
    )  # fmt: skip

    assert 2 == answer.totals["visitors"]
    assert 3 == answer.totals["sessions"]
    assert 1.5 == answer.totals["sessions_per_visitor"]
    assert 2.0 == answer.totals["pages_per_session"]
    assert 60.0 == answer.totals["avg_session_duration"]
    assert pytest.approx(1 / 3) == answer.totals["bounce_rate"]
    assert pytest.approx(1 / 3) == answer.totals["conversion_rate"]


async def test_only_consented_visitors_can_be_new(world: World, asking: Ask) -> None:
    returning, new = world.customer(), world.customer()
    world.session("2026-06-18 12:00", visitor=returning, is_consented=True)
    world.session("2026-06-19 12:00", visitor=returning, is_consented=True)
    world.session("2026-06-19 12:00", visitor=new, is_consented=True)
    world.session("2026-06-19 13:00", visitor=new, is_consented=True)
    world.session("2026-06-19 12:00")

    answer = await asking("new_visitors")

    assert 1 == answer.totals["new_visitors"]


async def test_the_capture_rate_comes_from_sequence_numbers_and_from_orders(world: World, asking: Ask) -> None:
    session = world.session("2026-06-19 12:00")
    world.page_view("2026-06-19 12:00", session, events_received=9, max_seq=10)
    world.page_view("2026-06-19 12:01", session, None, events_received=5, max_seq=5)
    told = world.order("2026-06-19 12:05", channel="web")
    world.order("2026-06-19 12:06", channel="web")
    world.order("2026-06-19 12:07", channel="web", source="till", external_id="7")
    world.event("2026-06-19 12:05", session, "checkout_completed", order_id=told)

    answer = await asking("capture_rate", "order_capture_rate", "page_views", "events")

    assert pytest.approx(14 / 15) == answer.totals["capture_rate"]
    assert 0.5 == answer.totals["order_capture_rate"]
    assert 1 == answer.totals["page_views"]
    assert 1 == answer.totals["events"]


async def test_conversations_are_blank_and_say_why(world: World, asking: Ask) -> None:
    world.order("2026-06-19 12:00", channel="ai_chat")

    answer = await asking("ai_orders", "ai_conversations", "ai_conversion_rate")

    assert 1 == answer.totals["ai_orders"]
    assert answer.totals["ai_conversion_rate"] is None
    assert {"ai_conversations": "not_collected", "ai_conversion_rate": "not_collected"} == dict(answer.blanks)
