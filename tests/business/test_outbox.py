"""What happens is written into the outbox as it happens: nothing that did not, nothing twice, nobody's contact."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from flow.business.customers import Contact
from flow.business.orders import Order, OrderLine, PlaceOrder, move, place, refund
from flow.business.orders.store import move_order
from flow.business.orders.types import Status
from flow.business.outbox import EVENT_TYPES, record
from flow.database.transaction import Transaction
from tests.business.conftest import Kitchen
from tests.factories import claims_of

ANNA = Contact(name="Anna Hansen", phone="+4520123456", email="anna@example.com")


def _wish(kitchen: Kitchen, **changes: object) -> PlaceOrder:
    line = OrderLine(product_id=kitchen.menu.margherita, option_ids=(kitchen.menu.normal,), notes="Anna is allergic")
    return PlaceOrder(lines=(line,), contact=ANNA, notes="ring at Hansen", **changes)  # type: ignore[arg-type]


def _told(kitchen: Kitchen) -> list[tuple[object, ...]]:
    return kitchen.rows("select event_type, version from public.outbox_events order by sequence")


async def _move(kitchen: Kitchen, order: Order, *way: Status, user: UUID | None = None) -> None:
    claims = claims_of(user or kitchen.employ("employee"))
    for status in way:
        async with kitchen.database.as_user(claims) as transaction:
            await move(transaction, kitchen.restaurant, order.id, status, clock=kitchen.clock, reason="no cheese")


async def test_a_first_order_tells_of_the_guest_and_the_order(kitchen: Kitchen) -> None:
    await kitchen.place(_wish(kitchen))

    assert [("customer.created", 1), ("order.created", 1)] == _told(kitchen)


async def test_a_second_order_of_the_same_guest_is_no_new_guest(kitchen: Kitchen) -> None:
    await kitchen.place(_wish(kitchen))
    await kitchen.place(_wish(kitchen))

    assert ["customer.created", "order.created", "order.created"] == [row[0] for row in _told(kitchen)]


async def test_an_order_that_is_paid_at_once_tells_of_the_money_too(kitchen: Kitchen) -> None:
    await kitchen.place(_wish(kitchen, payment_method="card"))

    assert ["customer.created", "order.created", "payment.received"] == [row[0] for row in _told(kitchen)]


async def test_each_step_is_told_once_with_a_growing_version(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    await _move(kitchen, order, "confirmed", "preparing", "ready", "completed")

    assert [
        ("order.created", 1),
        ("order.status_changed", 2),
        ("order.status_changed", 3),
        ("order.status_changed", 4),
        ("order.status_changed", 5),
        ("order.completed", 5),
        ("payment.received", 1),
    ] == _told(kitchen)[1:]


async def test_a_cancelled_order_and_its_payment_are_told(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    await _move(kitchen, order, "cancelled")

    told = [row[0] for row in _told(kitchen)][2:]
    assert ["order.status_changed", "order.cancelled"] == told[:2]
    assert told[2] in ("payment.failed", "payment.cancelled")


async def test_refunds_are_told_in_part_and_in_whole(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen, payment_method="card"))).order
    await _move(kitchen, order, "confirmed", "preparing", "ready", "completed")
    manager = claims_of(kitchen.employ("manager"))
    before = len(_told(kitchen))
    for amount in (1_000, None):
        async with kitchen.database.as_user(manager) as transaction:
            await refund(transaction, kitchen.restaurant, order.id, amount, clock=kitchen.clock, reason="cold")

    assert [
        ("order.refunded", 6),
        ("payment.refunded", 2),
        ("order.status_changed", 7),
        ("order.refunded", 7),
        ("payment.refunded", 3),
    ] == _told(kitchen)[before:]
    assert [(1_000, 1_000, False), (order.total - 1_000, order.total, True)] == _refunds(kitchen)


async def test_a_refund_in_cash_is_told_once(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    await _move(kitchen, order, "confirmed", "preparing", "ready", "completed")
    async with kitchen.database.as_service() as transaction:
        await refund(transaction, kitchen.restaurant, order.id, 2_500, clock=kitchen.clock, reason="cold")
        await record(transaction, kitchen.id, order.id)

    assert [(2_500, 2_500, False)] == _refunds(kitchen)


async def test_an_order_that_is_only_marked_as_refunded_is_told_once_too(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    await _move(kitchen, order, "cancelled")
    async with kitchen.database.as_user(claims_of(kitchen.employ("manager"))) as transaction:
        at = kitchen.clock.now()
        await move_order(transaction, order, "refunded", reason="paid back by hand", moved_by=None, moved_at=at)
        await record(transaction, kitchen.id, order.id)
        await record(transaction, kitchen.id, order.id)

    assert [(0, 0, True)] == _refunds(kitchen)


async def test_nobody_can_tell_of_more_than_was_paid_back(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    await _move(kitchen, order, "cancelled")
    with pytest.raises(psycopg.errors.CheckViolation, match="no such amount"):
        async with kitchen.database.as_user(claims_of(kitchen.employ("manager"))) as transaction:
            at = kitchen.clock.now()
            await move_order(transaction, order, "refunded", reason="-", moved_by=None, moved_at=at, refund_amount=1)


async def test_what_was_told_long_ago_is_not_told_again_by_a_late_dispute(kitchen: Kitchen) -> None:
    """By then what was told has been deleted, so that the outbox no longer knows it."""
    order = (await kitchen.place(_wish(kitchen, payment_method="card"))).order
    await _move(kitchen, order, "confirmed", "preparing", "ready", "completed")
    kitchen.run("delete from public.outbox_events")
    late = kitchen.clock.now() + timedelta(days=40)
    kitchen.run("update public.payments set status = 'disputed', updated_at = %s", late)
    async with kitchen.database.as_service() as transaction:
        await record(transaction, kitchen.id, order.id)

    assert ["payment.disputed"] == [row[0] for row in _told(kitchen)]


async def test_a_refund_that_came_back_and_a_dispute_are_told_with_a_growing_version(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen, payment_method="card"))).order
    before = len(_told(kitchen))
    for change in (
        "status = 'partially_refunded', refunded_amount = 500",
        "status = 'completed', refunded_amount = 0",
        "status = 'disputed'",
        "status = 'completed'",
    ):
        kitchen.run(f"update public.payments set {change}")
        async with kitchen.database.as_service() as transaction:
            await record(transaction, kitchen.id, order.id)
            await record(transaction, kitchen.id, order.id)

    told = _told(kitchen)[before:]
    names = ["payment.refunded", "payment.refund_failed", "payment.disputed", "payment.dispute_closed"]
    assert names == [row[0] for row in told]
    assert sorted(told, key=lambda row: int(str(row[1]))) == told


async def test_what_is_rolled_back_is_not_told(kitchen: Kitchen) -> None:
    with pytest.raises(ZeroDivisionError):
        async with kitchen.database.as_service() as transaction:
            await place(transaction, kitchen.restaurant, _wish(kitchen), clock=kitchen.clock)
            raise ZeroDivisionError

    assert [] == _told(kitchen)


async def test_recording_again_tells_nothing_twice(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    before = _told(kitchen)
    async with kitchen.database.as_service() as transaction:
        await record(transaction, kitchen.id, order.id)

    assert before == _told(kitchen)


async def test_who_may_not_move_the_order_has_nothing_told(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    kitchen.run("delete from public.outbox_events")
    for role in ("analytics", "compliance"):
        await _record_as(kitchen, role, order)

    assert [] == _told(kitchen)


async def test_who_may_move_it_can_have_told_what_is_and_nothing_else(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    kitchen.run("delete from public.outbox_events")
    await _record_as(kitchen, "employee", order)

    assert "order.created" in [row[0] for row in _told(kitchen)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with kitchen.database.as_user(claims_of(kitchen.employ("admin"))) as transaction:
            await transaction.connection.execute("insert into public.outbox_events default values")


@pytest.mark.parametrize("method", ["cash", "card"])
async def test_the_catalogue_names_exactly_the_fields_that_are_told(kitchen: Kitchen, method: str) -> None:
    order = (await kitchen.place(_wish(kitchen, payment_method=method))).order
    await _move(kitchen, order, "confirmed", "preparing", "ready", "completed")
    async with kitchen.database.as_service() as transaction:
        await refund(transaction, kitchen.restaurant, order.id, None, clock=kitchen.clock, reason="cold")
    added = {"restaurant_id", "version", "customer"}  # by whoever sends it

    for name, data in kitchen.rows("select event_type, data from public.outbox_events"):
        assert isinstance(data, dict)
        assert {field.name for field in EVENT_TYPES[str(name)].fields} == data.keys() | added


async def test_no_event_names_a_guest_or_says_how_to_reach_one(kitchen: Kitchen) -> None:
    order = (await kitchen.place(_wish(kitchen))).order
    await _move(kitchen, order, "cancelled")
    everything = json.dumps(kitchen.rows("select data from public.outbox_events"))

    for word in ("Anna", "Hansen", "20123456", "example.com", "allergic", "no cheese"):
        assert word not in everything
    assert "Margherita" in everything


def _refunds(kitchen: Kitchen) -> list[tuple[object, ...]]:
    return kitchen.rows(
        "select (data ->> 'refund_amount')::int, (data ->> 'refunded_amount')::int, "
        "(data ->> 'is_fully_refunded')::boolean from public.outbox_events where event_type = 'order.refunded' "
        "order by sequence"
    )


async def _record_as(kitchen: Kitchen, role: str, order: Order) -> None:
    async with kitchen.database.as_user(claims_of(kitchen.employ(role))) as transaction:
        assert isinstance(transaction, Transaction)
        await record(transaction, kitchen.id, order.id)
