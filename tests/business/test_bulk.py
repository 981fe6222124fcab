"""Copying many rows in at once."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import psycopg
import pytest

from flow.business.bulk import copy_rows
from flow.business.bulk.store import TABLES
from flow.business.customers import Customer
from flow.business.loyalty import LoyaltyPoints, LoyaltyTransaction
from flow.business.menu import Product
from flow.business.menu.types import ProductOption, ProductOptionGroup, ProductPrice
from flow.business.orders import Order, OrderItem, OrderLine, PlaceOrder
from flow.business.orders.store import find_order, items_of, reserve_numbers
from flow.business.orders.types import Attribution, DiscountCode, StatusChange
from flow.business.payments import Payment
from flow.kit.ids import new_id
from tests.business.conftest import NOON, Kitchen


def _rows(kitchen: Kitchen, number: int) -> dict[type, object]:
    """One row of every kind, belonging together."""
    tenant, at = {"restaurant_id": kitchen.id}, NOON - timedelta(days=40)
    customer, order, product, group = new_id(), new_id(), new_id(), new_id()
    return {
        Product: Product(
            **tenant, id=product, name="Quattro", price=9900, allergens=["mælk", 'a"b'], created_at=at, updated_at=at
        ),
        ProductPrice: ProductPrice(**tenant, product_id=product, valid_from=at, price=9900),
        ProductOptionGroup: ProductOptionGroup(**tenant, id=group, product_id=product, name="Bund"),
        ProductOption: ProductOption(**tenant, id=new_id(), group_id=group, name="Glutenfri", price_mod=1500),
        DiscountCode: DiscountCode(**tenant, code=f"JUL{number}", percent=10, created_at=at),
        Customer: Customer(
            **tenant, id=customer, name="Bo", phone=f"+45201234{number:02}", created_at=at, updated_at=at
        ),
        Order: Order(
            **tenant,
            id=order,
            order_number=number,
            status="completed",
            subtotal=9900,
            total=9900,
            tax_amount=1980,
            customer_id=customer,
            created_at=at,
            recorded_at=NOON,
            updated_at=NOON,
        ),
        OrderItem: OrderItem(
            **tenant,
            id=new_id(),
            order_id=order,
            product_id=product,
            product_name="Quattro",
            unit_price=9900,
            quantity=1,
            line_total=9900,
            options=[{"name": "Bund", "value": "Glutenfri", "price_mod": 0}],
            created_at=at,
        ),
        Payment: Payment(
            **tenant, id=new_id(), order_id=order, amount=9900, provider="cash", card_last_four="4242",
            initiated_at=at, created_at=at, updated_at=at,
        ),
        StatusChange: StatusChange(
            **tenant, order_id=order, changed_at=at, id=new_id(), from_status=None, to_status="completed"
        ),
        Attribution: Attribution(
            **tenant, order_id=order, touchpoint_path=[{"channel": "direct"}], created_at=at
        ),
        LoyaltyPoints: LoyaltyPoints(**tenant, customer_id=customer, created_at=at, updated_at=at),
        LoyaltyTransaction: LoyaltyTransaction(
            **tenant, id=new_id(), customer_id=customer, order_id=order, kind="earned", points=9, created_at=at
        ),
    }  # fmt: skip


async def test_a_row_of_every_kind_is_read_back_as_it_was_written(kitchen: Kitchen) -> None:
    async with kitchen.database.as_service() as transaction:
        [number] = await reserve_numbers(transaction, kitchen.id)
        rows = _rows(kitchen, number)
        counts = [await copy_rows(transaction, kind, [row]) for kind, row in rows.items()]
        order = rows[Order]
        assert isinstance(order, Order)
        found = await find_order(transaction, kitchen.id, order.id)
        items = await items_of(transaction, kitchen.id, order.id)

    assert [1] * len(TABLES) == counts
    assert order == found
    assert [rows[OrderItem]] == items


async def test_numbers_are_reserved_in_blocks(kitchen: Kitchen) -> None:
    async with kitchen.database.as_service() as transaction:
        block = await reserve_numbers(transaction, kitchen.id, count=1000)
    after = await kitchen.place(PlaceOrder(lines=(OrderLine(product_id=kitchen.menu.cola),)))

    assert range(1, 1001) == block
    assert 1001 == after.order.order_number


async def test_a_bad_row_copies_nothing(kitchen: Kitchen) -> None:
    guest = _rows(kitchen, 1)[Customer]
    assert isinstance(guest, Customer)
    with pytest.raises(psycopg.IntegrityError):
        async with kitchen.database.as_service() as transaction:
            await copy_rows(transaction, Customer, [guest, guest])

    assert [] == kitchen.rows("select id from public.customers")


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_every_column_of_a_copied_table_has_a_field(kitchen: Kitchen, kind: type) -> None:
    columns = kitchen.rows(
        "select attname::text from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
        f"public.{TABLES[kind]}",
    )

    assert {field.name for field in fields(kind)} >= {str(name) for (name,) in columns} - {"provider_response"}
