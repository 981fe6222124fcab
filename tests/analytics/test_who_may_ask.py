"""Several restaurants, several roles, several tenants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import psycopg
import pytest

from flow.analytics.metrics.errors import FiguresNotAllowed, MixedCurrencies, RestaurantNotFound
from flow.analytics.metrics.service import ask
from flow.analytics.metrics.types import Question
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from flow.kit.money import Money
from flow.kit.period import Period
from tests.analytics.conftest import Ask
from tests.analytics.test_rollups import RollUp
from tests.analytics.world import World
from tests.factories import claims_of, give_access, make_user

TABLES = (
    "daily_metrics",
    "daily_breakdowns",
    "product_analytics",
    "page_view_aggregates",
    "stale_days",
    "daily_restatements",
    "channel_attribution",
)


@pytest.fixture
def stockholm(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url, "Stockholm", currency="SEK", time_zone="Europe/Stockholm")
    yield made
    made.close()


@pytest.fixture
def aarhus(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url, "Aarhus")
    yield made
    made.close()


async def test_restaurants_of_one_currency_add_up(
    world: World, aarhus: World, asking: Ask, owner: UUID, installation: Installation
) -> None:
    give_access(installation.owner_url, owner, aarhus.restaurant)
    world.order("2026-06-19 12:00", 10000)
    aarhus.order("2026-06-19 12:00", 20000)
    both = (world.restaurant, aarhus.restaurant)

    answer = await asking("revenue", "orders", "active_customers", restaurants=both, breakdown="restaurant")

    assert Money(30000) == answer.totals["revenue"]
    assert [("Aarhus", Money(20000)), ("Napoli", Money(10000))] == [
        (row.label, row.values["revenue"]) for row in answer.rows
    ]


async def test_currencies_are_never_added(
    world: World, stockholm: World, asking: Ask, owner: UUID, installation: Installation
) -> None:
    give_access(installation.owner_url, owner, stockholm.restaurant)
    world.order("2026-06-19 12:00", 10000)
    stockholm.order("2026-06-19 12:00", 20000)
    both = (world.restaurant, stockholm.restaurant)

    with pytest.raises(MixedCurrencies) as refused:
        await asking("revenue", restaurants=both)
    orders = await asking("orders", restaurants=both)
    by_restaurant = await asking("revenue", "orders", restaurants=both, breakdown="restaurant")

    assert ["DKK", "SEK"] == refused.value.details["currencies"]
    assert 2 == orders.totals["orders"]
    assert {Money(10000, "DKK"), Money(20000, "SEK")} == {row.values["revenue"] for row in by_restaurant.rows}
    assert by_restaurant.totals["revenue"] is None
    assert "mixed_currencies" == by_restaurant.blanks["revenue"]


async def test_a_new_restaurant_does_not_make_the_comparison_of_all_look_like_growth(
    world: World, aarhus: World, asking: Ask, owner: UUID, installation: Installation
) -> None:
    give_access(installation.owner_url, owner, aarhus.restaurant)
    world.order("2026-06-12 12:00")
    world.order("2026-06-19 12:00")
    aarhus.order("2026-06-19 12:00")

    answer = await asking(
        "orders",
        restaurants=(world.restaurant, aarhus.restaurant),
        breakdown="restaurant",
        comparison="same_weekday_last_week",
    )

    assert answer.comparison is not None
    assert "partial_data_then" == answer.comparison.blanks["orders"]
    compared = {row.label: row.compared["orders"] for row in answer.rows if row.compared}
    assert {"Napoli": 1, "Aarhus": None} == compared


async def test_an_analyst_gets_roll_ups_where_others_get_rows(
    world: World, asking: Ask, roll_up: RollUp, installation: Installation
) -> None:
    analyst = make_user(installation.owner_url, "analyst@example.com")
    give_access(installation.owner_url, analyst, world.restaurant, "analytics")
    world.order("2026-06-19 12:00", customer_id=world.customer())
    await roll_up("2026-06-19")
    world.order("2026-06-19 13:00")
    world.mark("2026-06-19")

    answer = await asking("orders", "active_customers", "active_orders", user=analyst)
    longer = await asking("active_customers", user=analyst, period="2026-06-18..2026-06-19")

    assert 1 == answer.totals["orders"]
    assert 1 == answer.totals["active_customers"]
    assert {"active_orders": "not_permitted"} == dict(answer.blanks)
    assert not answer.freshness.live
    assert 1 == answer.freshness.waiting_days
    assert {"active_customers": "not_permitted"} == dict(longer.blanks)


async def test_an_employee_may_not_ask(world: World, asking: Ask, installation: Installation) -> None:
    employee = make_user(installation.owner_url, "employee@example.com")
    give_access(installation.owner_url, employee, world.restaurant, "employee")

    with pytest.raises(FiguresNotAllowed):
        await asking("orders", user=employee)


async def test_another_tenants_restaurant_is_not_there(world: World, aarhus: World, asking: Ask) -> None:
    aarhus.order("2026-06-19 12:00")

    with pytest.raises(RestaurantNotFound):
        await asking("orders", restaurants=(aarhus.restaurant,))
    with pytest.raises(RestaurantNotFound):
        await asking("orders", restaurants=(world.restaurant, aarhus.restaurant))
    with pytest.raises(RestaurantNotFound):
        await asking("orders", restaurants=(new_id(),))


async def test_another_tenants_rows_never_count(
    world: World, aarhus: World, asking: Ask, roll_up: RollUp, database: Database, owner: UUID
) -> None:
    """Both have rows and roll-ups of the same days; each table shows its own side alone."""
    for tenant in (world, aarhus):
        product = tenant.product("Margherita")
        order = tenant.order("2026-06-18 12:00", lines=[(product, 1, 1000)], touch=("email", "email"))
        session = tenant.session("2026-06-18 12:00")
        tenant.page_view("2026-06-18 12:00", session)
        await roll_up("2026-06-18", restaurant=tenant.restaurant)
        tenant.update("orders", order, refunded_amount=100)
        await roll_up("2026-06-18", restaurant=tenant.restaurant)
        tenant.mark("2026-06-17")

    answer = await asking("orders", "sessions", period="2026-06-18")
    async with database.as_user(claims_of(owner)) as transaction:
        seen = {
            table: await (
                await transaction.connection.execute(f"select distinct restaurant_id from public.{table}")
            ).fetchall()
            for table in TABLES
        }

    assert (1, 1) == (answer.totals["orders"], answer.totals["sessions"])
    assert {table: [(world.restaurant,)] for table in TABLES} == seen


@pytest.mark.parametrize("table", [table for table in TABLES if table != "stale_days"])
async def test_no_user_writes_figures(world: World, database: Database, owner: UUID, table: str) -> None:
    async with database.as_user(claims_of(owner)) as transaction:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await transaction.connection.execute(
                f"delete from public.{table} where restaurant_id = %s",
                [world.restaurant],
            )


async def test_the_service_asks_for_any_restaurant(
    world: World, aarhus: World, database: Database, clock: FixedClock
) -> None:
    aarhus.order("2026-06-19 12:00")
    question = Question(
        ("orders",), (world.restaurant, aarhus.restaurant), Period(date(2026, 6, 19), date(2026, 6, 19))
    )

    async with database.as_service() as transaction:
        answer = await ask(transaction, question, clock=clock)

    assert 1 == answer.totals["orders"]
    assert answer.freshness.live
