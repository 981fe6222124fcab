"""Orders that come at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from flow.business.customers import Contact
from flow.business.orders import OrderLine, PlaceOrder
from flow.business.orders.errors import InvalidOrder
from flow.business.orders.store import reserve_numbers
from tests.business.conftest import Kitchen


def _cola(kitchen: Kitchen, key: str | None = None, **fields: object) -> PlaceOrder:
    return PlaceOrder(lines=(OrderLine(product_id=kitchen.menu.cola),), idempotency_key=key, **fields)  # type: ignore[arg-type]


async def test_twenty_orders_at_once_get_the_numbers_one_to_twenty(kitchen: Kitchen) -> None:
    placed = await asyncio.gather(*(kitchen.place(_cola(kitchen, f"key {number}")) for number in range(20)))

    assert list(range(1, 21)) == sorted(each.order.order_number for each in placed)


async def test_the_same_request_many_times_at_once_is_one_order(kitchen: Kitchen) -> None:
    placed = await asyncio.gather(*(kitchen.place(_cola(kitchen, "once")) for _ in range(8)))
    after = await kitchen.place(_cola(kitchen))

    assert 1 == len({each.order.id for each in placed})
    assert 1 == sum(each.is_new for each in placed)
    assert 2 == after.order.order_number


async def test_the_first_orders_of_a_guest_at_once_make_one_guest(kitchen: Kitchen) -> None:
    anna = Contact(name="Anna", phone="+4520123456")
    placed = await asyncio.gather(*(kitchen.place(_cola(kitchen, contact=anna)) for _ in range(8)))

    assert 1 == len({each.order.customer_id for each in placed})
    assert [(1,)] == kitchen.rows("select count(*) from public.customers")


async def test_numbers_are_reserved_in_blocks(kitchen: Kitchen) -> None:
    async with kitchen.database.as_service() as transaction:
        block = await reserve_numbers(transaction, kitchen.id, count=1000)
    after = await kitchen.place(_cola(kitchen))

    assert range(1, 1001) == block
    assert 1001 == after.order.order_number


async def test_a_refused_order_leaves_no_gap(kitchen: Kitchen) -> None:
    first = await kitchen.place(_cola(kitchen))
    with pytest.raises(InvalidOrder):
        await kitchen.place(_cola(kitchen, discount_code="NONE"))
    second = await kitchen.place(_cola(kitchen))

    assert [1, 2] == [first.order.order_number, second.order.order_number]
