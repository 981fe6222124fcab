"""The functions that write money for people: only where they may move orders, and never more than was paid."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from flow.business.orders import OrderLine, PlaceOrder
from flow.kit.ids import new_id
from tests.business.conftest import Kitchen
from tests.factories import claims_of, give_access, make_restaurant, make_user


async def _paid_order(kitchen: Kitchen) -> tuple[UUID, UUID]:
    order = PlaceOrder(lines=(OrderLine(product_id=kitchen.menu.cola),), payment_method="card")
    placed = await kitchen.place(order)
    [(payment,)] = kitchen.rows("select id from public.payments")
    assert isinstance(payment, UUID)
    return placed.order.id, payment


def _call(kitchen: Kitchen, user: UUID, sql: str, *parameters: object) -> None:
    with psycopg.connect(kitchen.installation.api_url) as connection:
        connection.execute("select app.begin_request(%s, 5000)", [Jsonb(claims_of(user))])
        connection.execute(sql.encode(), parameters)


def _refund(kitchen: Kitchen, user: UUID, payment: UUID, amount: int) -> None:
    _call(kitchen, user, "select app.record_refund(%s, %s, %s, 'x', now())", kitchen.id, payment, amount)


@pytest.mark.parametrize("role", ["employee", "analytics", "support", "compliance"])
async def test_who_has_no_payments_write_refunds_nothing(kitchen: Kitchen, role: str) -> None:
    _, payment = await _paid_order(kitchen)
    _refund(kitchen, kitchen.employ(role), payment, 100)

    assert [(0,)] == kitchen.rows("select refunded_amount from public.payments")


async def test_the_administrator_of_another_restaurant_moves_no_money(kitchen: Kitchen) -> None:
    order, payment = await _paid_order(kitchen)
    url = kitchen.installation.owner_url
    stranger = make_user(url, "stranger@example.com")
    give_access(url, stranger, make_restaurant(url, "Tivoli"), "admin")
    kitchen.run("update public.orders set status = 'cancelled'; update public.payments set status = 'pending'")
    _refund(kitchen, stranger, payment, 100)
    _call(kitchen, stranger, "select app.settle_payments(%s, %s, now())", kitchen.id, order)
    _call(kitchen, stranger, "select app.settle_points(%s, %s, %s, now())", kitchen.id, order, new_id())

    assert [("pending", 0)] == kitchen.rows("select status, refunded_amount from public.payments")


async def test_nobody_refunds_more_than_was_paid(kitchen: Kitchen) -> None:
    _, payment = await _paid_order(kitchen)
    manager = kitchen.employ("manager")
    with pytest.raises(psycopg.errors.CheckViolation):
        _refund(kitchen, manager, payment, 2501)
    _refund(kitchen, manager, payment, -1)

    assert [(0,)] == kitchen.rows("select refunded_amount from public.payments")


@pytest.mark.parametrize(
    "statement",
    [
        "update public.orders set total = 0, subtotal = 0",
        "update public.orders set refunded_amount = total",
        "update public.payments set status = 'completed'",
        "insert into public.orders (restaurant_id) values (gen_random_uuid())",
        "update public.loyalty_points set points = 1000",
        "delete from public.orders",
        "delete from public.payments",
        "update public.order_status_changes set reason = 'forged'",
    ],
)
async def test_an_employee_changes_no_amount_and_no_history(kitchen: Kitchen, statement: str) -> None:
    await _paid_order(kitchen)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _call(kitchen, kitchen.employ("employee"), statement)


async def test_nobody_signs_a_step_with_another_name(kitchen: Kitchen) -> None:
    order, _ = await _paid_order(kitchen)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _call(
            kitchen,
            kitchen.employ("employee"),
            "insert into public.order_status_changes (restaurant_id, order_id, id, to_status, changed_by)"
            " values (%s, %s, %s, 'ready', %s)",
            kitchen.id, order, new_id(), new_id(),
        )  # fmt: skip


@pytest.mark.parametrize(("role", "requested"), [("manager", 100), ("employee", 0), ("analytics", 0), ("support", 0)])
async def test_who_has_payments_write_asks_the_provider_for_a_refund(
    kitchen: Kitchen, role: str, requested: int
) -> None:
    _, payment = await _paid_order(kitchen)
    kitchen.run("update public.payments set provider = 'stripe', captured_amount = amount")
    ask = "select app.request_refund(%s, %s, %s, %s, 'x', null, now())"
    user = kitchen.employ(role)
    _call(kitchen, user, ask, kitchen.id, payment, new_id(), 100)
    _call(kitchen, user, ask, kitchen.id, payment, new_id(), 2401)  # with the first one more than was paid

    assert [(requested,)] == kitchen.rows("select refunding_amount from public.payments")
    assert [(requested,)] == kitchen.rows("select coalesce(sum(amount), 0)::bigint from public.payment_refunds")
