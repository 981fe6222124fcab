"""Orders that were priced and paid elsewhere: their totals hold, whatever their lines say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.orders.receiving import ReceivedLine, ReceivedOrder, _settled, receive
from flow.business.orders.types import Placed
from tests.business.conftest import NOON, Kitchen

LINES = st.lists(
    st.builds(ReceivedLine, name=st.just("Dish"), quantity=st.integers(1, 99), total=st.integers(0, 200_000)),
    max_size=10,
)
ORDER = ReceivedOrder(
    source="wolt",
    external_id="w1",
    channel="wolt",
    fulfillment_type="delivery",
    lines=(
        ReceivedLine(name="Margherita", quantity=3, total=25_000, sku="margherita"),
        ReceivedLine(name="Dagens ret", quantity=1, total=9_999),
    ),
    goods=34_999,
    delivery_fee=3_900,
    customer_name="Ida",
    notes="Uden løg",
    ordered_at=NOON,
)


async def take(kitchen: Kitchen, order: ReceivedOrder = ORDER) -> Placed:
    async with kitchen.database.as_service() as transaction:
        return await receive(transaction, kitchen.restaurant, order, now=NOON + timedelta(minutes=1))


@given(lines=LINES, goods=st.integers(0, 500_000))
def test_lines_less_their_discounts_come_to_what_was_paid(lines: list[ReceivedLine], goods: int) -> None:
    settled = _settled(replace(ORDER, lines=tuple(lines), goods=goods))

    assert goods == sum(line.total - line.discount for line in settled)
    assert all(0 <= line.discount <= line.total for line in settled)


async def test_an_order_is_stored_with_its_lines_attribution_and_first_step(kitchen: Kitchen) -> None:
    placed = await take(kitchen)

    assert (True, "pending", "external", 38_899, 4) == (
        placed.is_new,
        placed.order.status,
        placed.order.payment_method,
        placed.order.total,
        placed.order.item_count,
    )
    assert [(kitchen.menu.margherita, "Pizza", 3, 25_000), (None, None, 1, 9_999)] == kitchen.rows(
        "select product_id, product_category, quantity, line_total - discount_amount from public.order_items"
        " order by quantity desc"
    )
    assert [("delivery_platform", "wolt")] == kitchen.rows(
        "select last_touch_channel, last_touch_source from public.channel_attribution"
    )
    assert [(None, "pending")] == kitchen.rows("select from_status, to_status from public.order_status_changes")
    assert [] == kitchen.rows("select 1 from public.payments")


async def test_the_same_order_is_stored_once(kitchen: Kitchen) -> None:
    first, second = await take(kitchen), await take(kitchen)
    other = await take(kitchen, replace(ORDER, external_id="w2"))

    assert (first.order.id, False) == (second.order.id, second.is_new)
    assert 1 == other.order.order_number - first.order.order_number


@pytest.mark.parametrize(
    ("goods", "subtotal", "discount"),
    [(34_999, 35_001, 2), (30_000, 35_001, 5_001), (40_000, 40_002, 2), (0, 35_001, 35_001)],
)
async def test_what_lines_lack_or_have_too_much_is_made_up_for(
    kitchen: Kitchen, goods: int, subtotal: int, discount: int
) -> None:
    order = (await take(kitchen, replace(ORDER, goods=goods))).order

    assert (subtotal, discount, goods + 3_900) == (order.subtotal, order.discount_amount, order.total)
