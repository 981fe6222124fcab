"""Moving orders: payments, points and figures follow."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from flow.business.customers import Contact
from flow.business.loyalty.store import join_program
from flow.business.orders import Order, OrderLine, PlaceOrder, move, refund
from flow.business.orders.errors import IllegalMove, OrderNotFound
from flow.business.orders.types import Status
from flow.business.payments.errors import NothingToRefund
from flow.business.payments.types import PaymentMethod
from flow.errors import InvalidInput
from tests.business.conftest import NOON, Kitchen
from tests.factories import claims_of

ANNA = Contact(name="Anna", phone="+4520123456")


async def _order(kitchen: Kitchen, method: PaymentMethod = "cash", *, member: bool = False) -> Order:
    """Pizza and cola, 110 kr."""
    menu = kitchen.menu
    lines = (OrderLine(product_id=menu.margherita, option_ids=(menu.normal,)), OrderLine(product_id=menu.cola))
    order = (await kitchen.place(PlaceOrder(lines=lines, contact=ANNA, payment_method=method))).order
    if member and order.customer_id:
        async with kitchen.database.as_service() as transaction:
            await join_program(transaction, kitchen.id, order.customer_id, joined_at=NOON)
    return order


async def _move(kitchen: Kitchen, order: Order, *way: Status, user: UUID | None = None) -> Order:
    claims = claims_of(user or kitchen.employ("employee"))
    for status in way:
        async with kitchen.database.as_user(claims) as transaction:
            assert transaction.caller is not None
            order = await move(
                transaction,
                kitchen.restaurant,
                order.id,
                status,
                clock=kitchen.clock,
                reason="no cheese left" if status == "cancelled" else None,
                moved_by=transaction.caller.user_id,
            )
    return order


async def _refund(kitchen: Kitchen, order: Order, amount: int | None, role: str = "manager") -> Order:
    claims = claims_of(kitchen.employ(role))
    async with kitchen.database.as_user(claims) as transaction:
        assert transaction.caller is not None
        return await refund(
            transaction,
            kitchen.restaurant,
            order.id,
            amount,
            clock=kitchen.clock,
            reason="cold pizza",
            moved_by=transaction.caller.user_id,
        )


async def _complete(kitchen: Kitchen, order: Order) -> Order:
    return await _move(kitchen, order, "confirmed", "preparing", "ready", "completed")


def _payment(kitchen: Kitchen) -> tuple[object, ...]:
    [payment] = kitchen.rows("select status, refunded_amount, completed_at, failed_at from public.payments")
    return payment


async def test_an_order_keeps_the_time_and_the_person_of_every_step(kitchen: Kitchen) -> None:
    employee = kitchen.employ("employee")
    order = await _order(kitchen)
    kitchen.clock.advance(timedelta(minutes=5))
    order = await _move(kitchen, order, "confirmed", user=employee)
    kitchen.clock.advance(timedelta(minutes=15))
    order = await _move(kitchen, order, "preparing", "ready", "completed", user=employee)

    assert ("completed", NOON + timedelta(minutes=5), NOON + timedelta(minutes=20)) == (
        order.status,
        order.confirmed_at,
        order.completed_at,
    )
    assert [
        (None, "pending", None),
        ("pending", "confirmed", employee),
        ("confirmed", "preparing", employee),
        ("preparing", "ready", employee),
        ("ready", "completed", employee),
    ] == kitchen.rows("select from_status, to_status, changed_by from public.order_status_changes order by id")


async def test_cash_is_paid_when_the_order_is_handed_over(kitchen: Kitchen) -> None:
    order = await _order(kitchen)
    before = _payment(kitchen)
    await _complete(kitchen, order)

    assert ("pending", 0, None, None) == before
    assert ("completed", 0, NOON, None) == _payment(kitchen)


async def test_a_cancelled_order_is_not_paid_for(kitchen: Kitchen) -> None:
    order = await _move(kitchen, await _order(kitchen), "cancelled")

    assert ("cancelled", "no cheese left", NOON) == (order.status, order.cancel_reason, order.cancelled_at)
    assert ("failed", 0, None, NOON) == _payment(kitchen)
    with pytest.raises(NothingToRefund):
        await _refund(kitchen, order, None)


async def test_cancelling_needs_a_reason(kitchen: Kitchen) -> None:
    order = await _order(kitchen)
    async with kitchen.database.as_service() as transaction:
        with pytest.raises(InvalidInput, match="why"):
            await move(transaction, kitchen.restaurant, order.id, "cancelled", clock=kitchen.clock)


async def test_a_cancelled_order_cannot_be_completed(kitchen: Kitchen) -> None:
    order = await _move(kitchen, await _order(kitchen), "cancelled")
    with pytest.raises(IllegalMove):
        await _move(kitchen, order, "completed", user=kitchen.employ("manager"))
    with pytest.raises(OrderNotFound):  # an employee sees what is underway
        await _move(kitchen, order, "completed")


async def test_refunding_in_parts_ends_when_all_is_paid_back(kitchen: Kitchen) -> None:
    order = await _complete(kitchen, await _order(kitchen, "card"))
    partly = await _refund(kitchen, order, 5000)
    with pytest.raises(NothingToRefund, match="6000 øre"):
        await _refund(kitchen, order, 6001)
    wholly = await _refund(kitchen, order, None)

    assert ("completed", 5000, None) == (partly.status, partly.refunded_amount, partly.refunded_at)
    assert ("refunded", 11000, NOON) == (wholly.status, wholly.refunded_amount, wholly.refunded_at)
    assert ("refunded", 11000, NOON, None) == _payment(kitchen)
    assert [("completed", "completed", "cold pizza"), ("completed", "refunded", "cold pizza")] == kitchen.rows(
        "select from_status, to_status, reason from public.order_status_changes where reason is not null order by id"
    )


async def test_a_cancelled_order_that_was_paid_is_refunded(kitchen: Kitchen) -> None:
    order = await _move(kitchen, await _order(kitchen, "card"), "cancelled")

    assert "refunded" == (await _refund(kitchen, order, None)).status


async def test_an_employee_sees_no_payment_and_refunds_nothing(kitchen: Kitchen) -> None:
    order = await _complete(kitchen, await _order(kitchen, "card"))
    with pytest.raises(OrderNotFound):
        await _refund(kitchen, order, None, role="employee")

    assert ("completed", 0, NOON, None) == _payment(kitchen)


async def test_a_member_earns_a_point_per_whole_ten_kroner_and_loses_what_is_refunded(kitchen: Kitchen) -> None:
    order = await _order(kitchen, "card", member=True)
    kitchen.clock.advance(timedelta(minutes=1))
    await _complete(kitchen, order)
    earned = kitchen.rows("select points, lifetime_points from public.loyalty_points")
    await _refund(kitchen, order, 1500)

    assert [(11, 11)] == earned
    assert [("earned", 11), ("adjusted", -2)] == kitchen.rows(
        "select kind, points from public.loyalty_transactions order by id"
    )
    assert [(9, 9)] == kitchen.rows("select points, lifetime_points from public.loyalty_points")


async def test_points_that_were_spent_are_not_taken_back(kitchen: Kitchen) -> None:
    order = await _order(kitchen, "card", member=True)
    await _complete(kitchen, order)
    kitchen.run("update public.loyalty_points set points = 3")
    await _refund(kitchen, order, None)

    assert [(0, 8)] == kitchen.rows("select points, lifetime_points from public.loyalty_points")


async def test_who_is_no_member_earns_nothing(kitchen: Kitchen) -> None:
    await _complete(kitchen, await _order(kitchen))

    assert [] == kitchen.rows("select id from public.loyalty_transactions")


async def test_a_refund_of_yesterday_has_yesterday_counted_anew(kitchen: Kitchen) -> None:
    order = await _complete(kitchen, await _order(kitchen))
    kitchen.clock.advance(timedelta(days=1))
    await _refund(kitchen, order, 100)

    assert [(NOON.date(), "order refunded")] == kitchen.rows("select date, reason from public.stale_days")


async def test_who_does_not_work_there_finds_no_order(kitchen: Kitchen) -> None:
    order = await _order(kitchen)
    with pytest.raises(OrderNotFound):
        await _move(kitchen, order, "confirmed", user=kitchen.employ("analytics"))
