"""What the files sell becomes the menu: a product per article, its variants as a choice."""

from __future__ import annotations

from tests.collect.imports.conftest import LINES, MAPPING, ORDERS, Till

SIZES = MAPPING.replace('unit_price = "price"', 'unit_price = "price"\noption = { name = "Size", value = "size" }')
ORDER = "1,2026-10-01,12:00:00"


async def _sold(till: Till, *rows: str) -> None:
    await till.run(
        till.write("orders.csv", ORDERS, ORDER), till.write("lines.csv", f"{LINES},size", *rows), mapping=SIZES
    )


async def test_variants_are_options_of_one_product(till: Till) -> None:
    await _sold(
        till, "1,1,12,Margherita,Pizza,1,99,L", "2,1,12,Margherita,Pizza,1,79,S", "3,1,12,Margherita,Pizza,1,89,M"
    )

    assert [("Margherita", "Pizza", "12", 7900)] == till.rows("select name, category, sku, price from products")
    assert [("Size", 1, 1)] == till.rows("select name, min_choices, max_choices from product_option_groups")
    assert [("S", 0), ("M", 1000), ("L", 2000)] == till.rows(
        "select name, price_mod from product_options order by position"
    )
    assert [(9900, [{"name": "Size", "value": "L", "price_mod": 2000}])] == till.rows(
        "select unit_price, options from order_items order by unit_price desc limit 1"
    )


async def test_a_variant_without_a_name_makes_the_choice_optional(till: Till) -> None:
    await _sold(till, "1,1,12,Margherita,Pizza,1,99,L", "2,1,12,Margherita,Pizza,1,79,")

    assert [(0,)] == till.rows("select min_choices from product_option_groups")


async def test_the_last_price_is_the_menus(till: Till) -> None:
    orders = till.write("orders.csv", ORDERS, "1,2026-10-01,12:00:00", "2,2026-10-02,12:00:00")
    lines = till.write("lines.csv", LINES, "1,2,12,Margherita,Pizza,1,95", "2,1,12,Margarita,Pizza,1,89")
    await till.run(orders, lines)

    assert [("Margherita", 9500)] == till.rows("select name, price from products")
    assert [("Margarita", 8900), ("Margherita", 9500)] == till.rows(
        "select product_name, unit_price from order_items order by 1"
    )


async def test_a_product_of_the_menu_is_found_by_article_number_then_by_name(till: Till) -> None:
    for sku, name in (("'12'", "Pizza Margherita"), ("null", "diavola"), ("'14'", "Parma")):
        till.rows(
            "insert into products (restaurant_id, id, sku, name, price) "
            f"select id, gen_random_uuid(), {sku}, '{name}', 1 from restaurants returning 1"
        )
    await till.orders_and_lines(
        [ORDER], ["1,1,12,Margherita,Pizza,1,89", "2,1,13,Diavola,Pizza,1,99", "3,1,15,Parma,Pizza,1,109"]
    )

    assert [("13", "diavola"), ("12", "Pizza Margherita"), ("15", "Parma")] == till.rows(
        "select i.product_sku, p.name from order_items i join products p on p.id = i.product_id "
        "order by i.product_sku <> '13', i.product_sku"
    )
    assert [("15", 10900)] == till.rows("select sku, price from products where import_id is not null")


async def test_discounts_fees_totals_and_statuses(till: Till) -> None:
    mapping = MAPPING.replace(
        'time = "time"',
        'time = "time"\ndiscount = "off"\ndelivery_fee = "fee"\ntotal = "total"\n'
        'fulfillment_type = { value = "delivery" }\nchannel = { value = "wolt" }\n'
        'status = { column = "state", values = { Void = "cancelled", Returned = "refunded" }, '
        'otherwise = "completed" }',
    )
    orders = till.write(
        "orders.csv",
        f"{ORDERS},off,fee,total,state",
        "1,2026-10-01,12:00:00,-10.01,39,178.99,Sold",
        "2,2026-10-01,12:00:00,,,50,Void",
        "3,2026-10-01,12:00:00,,,50,Returned",
        "4,2026-10-01,12:00:00,,,51,Sold",
    )
    lines = till.write(
        "lines.csv",
        LINES,
        "1,1,1,A,,1,100",
        "2,1,2,B,,1,50",
        *(f"{number + 1},{number},2,B,,1,50" for number in (2, 3, 4)),
    )
    outcome = await till.run(orders, lines, mapping=mapping)

    assert ["order 4 was left out; orders.csv line 5: total: it should be 50.00 by the lines"] * 2 == [
        row.reason for row in outcome.bad_rows
    ]
    assert [
        ("1", "completed", 15000, 1001, 3900, 17899, 0),
        ("2", "cancelled", 5000, 0, 0, 5000, 0),
        ("3", "refunded", 5000, 0, 0, 5000, 5000),
    ] == till.rows(
        "select external_id, status, subtotal, discount_amount, delivery_fee, total, refunded_amount from orders "
        "order by 1"
    )
    assert [(667,), (334,)] == till.rows(
        "select discount_amount from order_items where discount_amount > 0 order by 1 desc"
    )
    assert [("completed", 17899), ("refunded", 5000)] == till.rows(
        "select status, amount from payments order by 2 desc"
    )


async def test_a_file_of_orders_alone(till: Till) -> None:
    mapping = (
        'source = "till"\n[files.days]\nrole = "orders"\n[order]\nnumber = "{date}"\ndate = "date"\n'
        'time = { value = "12:00" }\ntotal = "total"\n'
    )
    await till.run(till.write("days.csv", "date,total", "2026-10-01,12345.50"), mapping=mapping)

    assert [("2026-10-01", 1234550, 0)] == till.rows("select external_id, total, item_count from orders")
