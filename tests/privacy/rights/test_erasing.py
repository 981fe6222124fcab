"""Erasure: nothing of the person is left in the whole database, and the books and figures stand as before."""

from __future__ import annotations

from collections.abc import Callable

from tests.privacy.rights.conftest import House

Search = Callable[[str], list[str]]
SUMS = """
select count(*), sum(total), sum(subtotal), sum(tax_amount), sum(refunded_amount),
    (select sum(line_total) from public.order_items where restaurant_id = o.restaurant_id),
    (select sum(amount) from public.payments where restaurant_id = o.restaurant_id)
from public.orders o where restaurant_id = %s group by restaurant_id
"""
FIGURES = ("daily_metrics", "daily_breakdowns", "product_analytics", "page_view_aggregates", "daily_restatements")


async def test_nothing_of_her_is_left_in_a_dump_of_the_whole_database(house: House, found_in: Search) -> None:
    assert len(found_in(house.dump())) > 25

    done = await house.done("erasure")

    assert "completed" == done.status
    assert [] == found_in(house.dump())


async def test_the_books_and_the_figures_stand_to_the_oere(house: House) -> None:
    figures = {table: house.rows(f"select * from public.{table} order by 1, 2, 3") for table in FIGURES}
    sums = house.rows(SUMS, house.napoli)

    done = await house.done("erasure")

    assert sums == house.rows(SUMS, house.napoli)
    assert figures == {table: house.rows(f"select * from public.{table} order by 1, 2, 3") for table in FIGURES}
    assert done.outcome is not None and 0 == done.outcome["difference_ore"]


async def test_another_restaurant_keeps_what_it_knows_of_her(house: House) -> None:
    before = house.rows("select * from public.orders where restaurant_id = %s", house.tivoli)

    await house.done("erasure")

    assert before == house.rows("select * from public.orders where restaurant_id = %s", house.tivoli)
    assert [("Anna Hansen",)] == house.rows("select name from public.customers where restaurant_id = %s", house.tivoli)
