"""Every row that cannot be taken is told, with file, line and reason; orders are taken whole or not at all."""

from __future__ import annotations

import pytest

from flow.collect.imports.errors import BadRows
from tests.collect.imports.conftest import Till, reasons, written

GOOD_ORDER = "1,2026-10-01,12:00:00"
GOOD_LINE = "1,1,12,Margherita,Pizza,2,89.00"


async def test_good_rows_have_no_reasons(till: Till) -> None:
    outcome = await till.orders_and_lines([GOOD_ORDER], [GOOD_LINE])

    assert [] == reasons(outcome)
    assert [(1, 17800, 3560, "pos", "completed", "external")] == till.rows(
        "select order_number, total, tax_amount, channel, status, payment_method from orders"
    )
    assert [(17800, "completed", "external")] == till.rows("select amount, status, provider from payments")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,1,12,Margherita,Pizza,2,", "unit_price: the cell is empty"),
        ("1,1,12,Margherita,Pizza,2,free", "unit_price: “free” is no number"),
        ("1,1,12,Margherita,Pizza,2,-89", "unit_price: “-89” is negative"),
        ("1,1,12,Margherita,Pizza,-2,89", "quantity: “-2” is negative"),
        ("1,1,12,Margherita,Pizza,0,89", "quantity: there are none of it"),
        ("1,1,12,,Pizza,2,89", "name: the cell is empty"),
        (f"1,1,12,{'x' * 201},Pizza,2,89", "name: it has more than 200 characters"),
        ("1,1,12,Margherita", "the row has 4 cells where the header has 7"),
        ("1,1,12,Margherita,Pizza,2,89,more", "the row has 8 cells where the header has 7"),
        ('1,1,12,"Mar"gherita,Pizza,2,89', "the row is not CSV: ',' expected after '\"'"),
    ],
)
async def test_a_bad_line_says_why_and_takes_its_order_along(till: Till, line: str, reason: str) -> None:
    outcome = await till.orders_and_lines([GOOD_ORDER, "2,2026-10-01,12:30:00"], [line, "2,2,12,Margherita,Pizza,1,89"])

    assert ("lines.csv", 2, reason) in reasons(outcome)
    assert [("2",)] == till.rows("select external_id from orders")


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("1,2026-13-01,12:00:00", "date: “2026-13-01” is not written as ISO 8601"),
        (
            "1,2026-03-29,02:30:00",
            "date: 2026-03-29 02:30:00 does not exist in Europe/Copenhagen: the clocks went forward",
        ),
        ("1,2027-10-01,12:00:00", "date: 2027-10-01 12:00:00 is in the future"),
        (",2026-10-01,12:00:00", "number: the cell is empty"),
    ],
)
async def test_a_bad_order_says_why_and_takes_its_lines_along(till: Till, order: str, reason: str) -> None:
    outcome = await till.orders_and_lines([order], [GOOD_LINE])

    assert ("orders.csv", 2, reason) in reasons(outcome)
    assert 2 == outcome.rows_rejected
    assert [] == till.rows("select from orders")


async def test_what_goes_along_says_because_of_what(till: Till) -> None:
    outcome = await till.orders_and_lines([GOOD_ORDER], [GOOD_LINE, "2,1,13,Diavola,Pizza,1,"])

    because = "order 1 was left out; lines.csv line 3: unit_price: the cell is empty"
    assert [
        ("lines.csv", 2, because),
        ("lines.csv", 3, "unit_price: the cell is empty"),
        ("orders.csv", 2, because),
    ] == reasons(outcome)


async def test_duplicates_lines_without_order_and_orders_without_lines(till: Till) -> None:
    outcome = await till.orders_and_lines(
        [GOOD_ORDER, "2,2026-10-01,13:00:00", "1,2026-10-01,12:00:00"],
        [GOOD_LINE, "1,1,12,Margherita,Pizza,2,89.00", "3,9,12,Margherita,Pizza,1,89.00"],
    )

    assert [
        ("lines.csv", 3, "line 1 was there already, in lines.csv line 2"),
        ("lines.csv", 4, "there is no order 9"),
        ("orders.csv", 3, "order 2 was left out; orders.csv line 3: the order has no lines"),
        ("orders.csv", 4, "order 1 was there already, in orders.csv line 2"),
    ] == reasons(outcome)
    assert [("1", 17800)] == till.rows("select external_id, total from orders")


async def test_bad_rows_are_kept_with_their_content(till: Till) -> None:
    await till.orders_and_lines([GOOD_ORDER], ["1,1,12,=Margherita,Pizza,2,"])

    assert [("lines.csv", 2, "1;1;12;=Margherita;Pizza;2;")] == till.rows(
        "select file, line, raw from import_errors where reason like 'unit_price%'"
    )


async def test_strict_writes_nothing_but_what_was_wrong(till: Till) -> None:
    with pytest.raises(BadRows, match="2 rows could not be taken"):
        await till.orders_and_lines(
            [GOOD_ORDER, "2,2026-10-01,13:00:00"], [GOOD_LINE, "2,2,12,Margherita,Pizza,1,"], strict=True
        )

    assert [] == till.rows("select from orders")
    assert [("failed", "2 rows could not be taken.")] == till.rows("select status, message from imports")
    assert [(2,)] == till.rows("select count(*) from import_errors")


async def test_a_dry_run_tells_all_and_writes_nothing(till: Till) -> None:
    outcome = await till.orders_and_lines([GOOD_ORDER], [GOOD_LINE], dry_run=True)

    assert (1, None) == (outcome.orders, outcome.written)
    assert [] == till.rows("select from orders union all select from imports union all select from products")


async def test_a_receipt_number_that_is_used_again_is_noticed(till: Till) -> None:
    outcome = await till.flat("1,2026-10-01 12:00:00,Kaffe,1,30", "1,2026-10-02 12:00:00,Kaffe,1,30")

    [(file, line, reason)] = reasons(outcome)
    assert ("sales.csv", 3) == (file, line)
    assert reason.startswith("order 1 was at another time in sales.csv line 2; if the till uses numbers again")


async def test_an_amount_that_does_not_divide_is_kept_exactly(till: Till) -> None:
    written(await till.flat("1,2026-10-01 12:00:00,Ostetapas,3,100.00"))

    assert [(10002, 2, 10000)] == till.rows("select subtotal, discount_amount, total from orders")
    assert [(3334, 10002, 2)] == till.rows("select unit_price, line_total, discount_amount from order_items")
