"""A whole year of a real till, out of four files."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.analytics.rollups.service import recompute_stale
from flow.collect.imports.service import Wish, import_orders, undo_import
from tests.collect.imports.conftest import Till, written

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "orders" / "pizza_place"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real data are not there: {FOLDER}")


async def test_the_pizza_year_is_imported_rolled_up_and_undone(till: Till) -> None:
    wish = Wish(paths=sorted(FOLDER.glob("*.csv")), restaurant_slug="napoli", mapping_name="pizza_place")
    outcome = await import_orders(till.database, wish, clock=till.clock)
    made = written(outcome)

    assert (21_350, 0, 70_098) == (made.orders_created, outcome.rows_rejected, outcome.rows_read)
    assert [(21_350, 81_786_005, 49_574)] == till.rows("select count(*), sum(total)::int, sum(item_count) from orders")
    assert [(48_620, 81_786_005, 49_574)] == till.rows(
        "select count(*), sum(unit_price * quantity)::int, sum(quantity) from order_items"
    )
    assert [(32, 96 - 5)] == till.rows("select (select count(*) from products), (select count(*) from product_options)")

    await recompute_stale(till.database, clock=till.clock)

    assert [(81_786_005, 21_350)] == till.rows(
        "select sum(total_revenue)::int, sum(total_orders)::int from daily_metrics "
        "where date between '2015-01-01' and '2015-12-31'"
    )

    await undo_import(till.database, made.id, clock=till.clock)
    await recompute_stale(till.database, clock=till.clock)

    assert [(0, 0)] == till.rows("select sum(total_revenue)::int, sum(total_orders)::int from daily_metrics")
    assert [] == till.rows("select from orders union all select from order_items union all select from payments")
