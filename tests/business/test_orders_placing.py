"""Placing orders: the price, what is stored with it, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from flow.business.customers import Contact
from flow.business.orders import Address, OrderLine, PlaceOrder
from flow.business.orders.errors import IdempotencyConflict, InvalidOrder, PriceChanged
from flow.business.restaurants import RestaurantClosed
from flow.kit.ids import new_id
from tests.business.conftest import NOON, Kitchen

ANNA = Contact(name="Anna Hansen", phone="20 12 34 56", email="Anna@Example.com")


def _pizza(kitchen: Kitchen, *, quantity: int = 1, extras: tuple[UUID, ...] = ()) -> OrderLine:
    return OrderLine(product_id=kitchen.menu.margherita, quantity=quantity, option_ids=(kitchen.menu.normal, *extras))


def _problems(error: InvalidOrder) -> list[tuple[str, str]]:
    return [(fault.at, fault.code) for fault in error.faults]


async def test_an_order_is_priced_by_the_server_and_stored_with_its_lines(kitchen: Kitchen) -> None:
    menu = kitchen.menu
    lines = (
        OrderLine(product_id=menu.margherita, quantity=2, option_ids=(menu.family, menu.extra_cheese)),
        OrderLine(product_id=menu.cola, notes="uden is"),
    )
    placed = await kitchen.place(PlaceOrder(lines=lines, contact=ANNA, notes="Ring på"))

    stored = kitchen.rows(
        "select product_name, unit_price, quantity, line_total, options, notes from public.order_items order by id"
    )
    assert [
        (
            "Margherita",
            17000,
            2,
            34000,
            [
                {"name": "Størrelse", "value": "Familie", "price_mod": 7000},
                {"name": "Tilbehør", "value": "Ekstra ost", "price_mod": 1500},
            ],
            None,
        ),
        ("Cola 33 cl", 2500, 1, 2500, [], "uden is"),
    ] == stored
    order = placed.order
    assert (36500, 0, 0, 7300, 36500) == (
        order.subtotal,
        order.discount_amount,
        order.delivery_fee,
        order.tax_amount,
        order.total,
    )
    assert (1, "pending", 3, NOON) == (order.order_number, order.status, order.item_count, order.created_at)


async def test_a_guest_is_known_again_by_the_phone_number(kitchen: Kitchen) -> None:
    first = await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),), contact=ANNA))
    kitchen.clock.advance(timedelta(days=1))
    again = Contact(name="A. H.", phone="+4520123456", email="other@example.com")
    second = await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),), contact=again))

    assert first.order.customer_id == second.order.customer_id
    # What somebody types beside a known number does not change the guest.
    assert [("Anna Hansen", "+4520123456", "anna@example.com", NOON, NOON + timedelta(days=1))] == kitchen.rows(
        "select name, phone, email, first_order_at, last_order_at from public.customers"
    )
    assert "other@example.com" == second.order.customer_email


async def test_a_guest_who_says_nothing_of_himself_is_no_customer(kitchen: Kitchen) -> None:
    placed = await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),)))

    assert None is placed.order.customer_id
    assert [] == kitchen.rows("select id from public.customers")


async def test_a_delivery_costs_its_fee_until_it_is_free(kitchen: Kitchen) -> None:
    home = Address(street="Vestergade 1", postal_code="8000", city="Aarhus C")
    small = PlaceOrder(lines=(_pizza(kitchen, quantity=2),), contact=ANNA, fulfillment_type="delivery", address=home)
    large = PlaceOrder(lines=(_pizza(kitchen, quantity=4),), contact=ANNA, fulfillment_type="delivery", address=home)

    assert (3900, 20900) == ((order := (await kitchen.place(small)).order).delivery_fee, order.total)
    assert (0, 34000) == ((order := (await kitchen.place(large)).order).delivery_fee, order.total)
    assert "Vestergade 1" == order.delivery_address


async def test_a_discount_in_percent_is_rounded_half_up_and_shared_out(kitchen: Kitchen) -> None:
    kitchen.run(
        "insert into public.discount_codes (restaurant_id, code, percent) values (%s, 'VELKOMMEN', 15)", kitchen.id
    )
    lines = (OrderLine(product_id=kitchen.menu.tartelet), OrderLine(product_id=kitchen.menu.cola))
    placed = await kitchen.place(PlaceOrder(lines=lines, discount_code="velkommen"))

    # 15 % of 87.50 kr. is 13.125 kr.
    assert (8750, 1313, "VELKOMMEN", 7437) == (
        placed.order.subtotal,
        placed.order.discount_amount,
        placed.order.discount_code,
        placed.order.total,
    )
    assert [(938, "VELKOMMEN"), (375, "VELKOMMEN")] == kitchen.rows(
        "select discount_amount, discount_reason from public.order_items order by id"
    )


@pytest.mark.parametrize(
    ("columns", "values", "code"),
    [
        ("percent, is_active", "10, false", "unknown_discount"),
        ("percent, valid_from", "10, '2026-12-01T00:00Z'", "discount_not_valid"),
        ("percent, valid_until", "10, '2026-11-21T11:00Z'", "discount_not_valid"),
        ("amount, minimum_subtotal", "1000, 8501", "discount_minimum"),
    ],
)
async def test_a_discount_that_does_not_hold_is_refused(kitchen: Kitchen, columns: str, values: str, code: str) -> None:
    kitchen.run(
        f"insert into public.discount_codes (restaurant_id, code, {columns}) values (%s, 'X1', {values})", kitchen.id
    )
    with pytest.raises(InvalidOrder) as caught:
        await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),), discount_code="x1"))

    assert [("discount_code", code)] == _problems(caught.value)


async def test_every_line_that_is_wrong_is_named(kitchen: Kitchen) -> None:
    menu = kitchen.menu
    lines = (
        OrderLine(product_id=menu.sold_out),
        OrderLine(product_id=menu.retired),
        OrderLine(product_id=new_id()),
        OrderLine(product_id=menu.margherita),
        OrderLine(product_id=menu.margherita, option_ids=(menu.normal, menu.family)),
        OrderLine(product_id=menu.margherita, option_ids=(menu.normal, menu.truffle)),
        OrderLine(product_id=menu.margherita, option_ids=(menu.normal, menu.chilli, menu.chilli)),
        OrderLine(product_id=menu.cola, option_ids=(menu.normal,)),
        OrderLine(product_id=menu.cola, quantity=0),
        OrderLine(product_id=menu.cola, quantity=100),
    )
    with pytest.raises(InvalidOrder) as caught:
        await kitchen.place(PlaceOrder(lines=lines, contact=Contact(phone="12", email="nobody@")))

    assert [
        ("customer.phone", "invalid_phone"),
        ("customer.email", "invalid_email"),
        ("items.0.product_id", "sold_out"),
        ("items.1.product_id", "unknown_product"),
        ("items.2.product_id", "unknown_product"),
        ("items.3.option_ids", "too_few_options"),
        ("items.4.option_ids", "too_many_options"),
        ("items.5.option_ids", "option_sold_out"),
        ("items.6.option_ids", "option_twice"),
        ("items.7.option_ids", "unknown_option"),
        ("items.8.quantity", "wrong_quantity"),
        ("items.9.quantity", "wrong_quantity"),
    ] == _problems(caught.value)
    assert "Margherita: choose at least 1 of “Størrelse”." in caught.value.message
    assert [] == kitchen.rows("select id from public.orders")


async def test_a_delivery_needs_an_address_somebody_to_call_and_the_minimum(kitchen: Kitchen) -> None:
    cola = (OrderLine(product_id=kitchen.menu.cola),)
    with pytest.raises(InvalidOrder) as nowhere:
        await kitchen.place(PlaceOrder(lines=cola, fulfillment_type="delivery"))
    home = Address(street="Vestergade 1", postal_code="8000", city="Aarhus C")
    with pytest.raises(InvalidOrder) as too_little:
        await kitchen.place(PlaceOrder(lines=cola, fulfillment_type="delivery", address=home, contact=ANNA))

    assert [("delivery", "address_missing"), ("customer.phone", "contact_missing")] == _problems(nowhere.value)
    assert [("items", "below_minimum")] == _problems(too_little.value)
    assert "DKK\u00a0100.00" in too_little.value.message


async def test_the_product_of_another_restaurant_is_not_on_the_menu(kitchen: Kitchen) -> None:
    other = new_id()
    kitchen.run(
        "insert into public.restaurants (id, name, slug, event_namespace) values (%s, 'Tivoli', 'tivoli', 'tivoli')",
        other,
    )
    foreign = new_id()
    kitchen.run("insert into public.products (restaurant_id, id, name, price) values (%s, %s, 'Is', 1)", other, foreign)
    with pytest.raises(InvalidOrder) as caught:
        await kitchen.place(PlaceOrder(lines=(OrderLine(product_id=foreign),)))

    assert [("items.0.product_id", "unknown_product")] == _problems(caught.value)


async def test_a_price_that_the_guest_was_not_shown_is_not_charged(kitchen: Kitchen) -> None:
    with pytest.raises(PriceChanged) as caught:
        await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),), expected_total=8000))

    assert {"expected_total": 8000, "total": 8500} == caught.value.details


async def test_a_paused_restaurant_takes_no_orders(kitchen: Kitchen) -> None:
    with pytest.raises(RestaurantClosed):
        await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),)), status="paused")


async def test_card_payments_are_simulated_in_a_simulated_restaurant_only(kitchen: Kitchen) -> None:
    order = PlaceOrder(lines=(_pizza(kitchen),), payment_method="card")
    await kitchen.place(order)
    with pytest.raises(InvalidOrder) as caught:
        await kitchen.place(order, is_simulated=False)

    assert [("simulated", "completed", 8500)] == kitchen.rows("select provider, status, amount from public.payments")
    assert [("payment_method", "payment_unavailable")] == _problems(caught.value)


async def test_the_same_key_orders_once(kitchen: Kitchen) -> None:
    order = PlaceOrder(lines=(_pizza(kitchen),), contact=ANNA, idempotency_key="once")
    first = await kitchen.place(order)
    second = await kitchen.place(order)

    assert (True, False) == (first.is_new, second.is_new)
    assert first.order.id == second.order.id
    assert [(1,)] == kitchen.rows("select count(*) from public.orders")


async def test_the_same_key_with_another_order_is_a_conflict(kitchen: Kitchen) -> None:
    await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),), idempotency_key="once"))
    with pytest.raises(IdempotencyConflict):
        await kitchen.place(PlaceOrder(lines=(_pizza(kitchen, quantity=2),), idempotency_key="once"))


async def test_an_order_of_another_system_comes_in_once(kitchen: Kitchen) -> None:
    order = PlaceOrder(
        lines=(_pizza(kitchen),), channel="wolt", payment_method="external", source="wolt", external_id="W-1"
    )
    first = await kitchen.place(order)
    second = await kitchen.place(order)

    assert first.order.id == second.order.id
    assert [("external", "completed")] == kitchen.rows("select provider, status from public.payments")


async def test_an_order_that_comes_late_has_its_day_counted_anew(kitchen: Kitchen) -> None:
    yesterday = NOON - timedelta(days=1)
    await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),)))
    await kitchen.place(PlaceOrder(lines=(_pizza(kitchen),), ordered_at=yesterday, channel="phone"))

    assert [(yesterday.date(), "order placed late")] == kitchen.rows("select date, reason from public.stale_days")
    assert [(yesterday, NOON)] == kitchen.rows(
        "select created_at, recorded_at from public.orders where channel = 'phone'"
    )
