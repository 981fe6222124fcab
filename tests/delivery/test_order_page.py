"""The page of one order: what it says in every state, and what it lets whom do."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import UUID

import pytest

import flow
from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.delivery.conftest import Reader
from tests.delivery.pages import text_of

TODAY = "2026-06-19"
NAMES = {
    "pending": "Waiting", "confirmed": "Confirmed", "preparing": "In the kitchen", "ready": "Ready",
    "delivering": "On the way", "completed": "Completed", "cancelled": "Cancelled", "refunded": "Refunded",
}  # fmt: skip


def pay(world: World, order: UUID, amount: int, status: str = "completed", **columns: object) -> None:
    world._insert("payments", id=new_id(), order_id=order, amount=amount, status=status, provider="cash", **columns)


def address(world: World, order: UUID) -> str:
    return f"/orders/{order}?restaurant={world.restaurant}"


@pytest.mark.parametrize(
    ("status", "fulfillment", "buttons"),
    [
        ("pending", "pickup", ["confirmed", "cancelled"]),
        ("confirmed", "pickup", ["preparing", "cancelled"]),
        ("preparing", "delivery", ["ready", "cancelled"]),
        ("ready", "pickup", ["completed", "cancelled"]),
        ("ready", "delivery", ["delivering", "completed", "cancelled"]),
        ("delivering", "delivery", ["completed", "cancelled"]),
        ("completed", "pickup", ["refunded"]),
        ("cancelled", "pickup", ["refunded"]),
        ("refunded", "pickup", []),
    ],
)
async def test_every_state_offers_the_steps_that_may_follow(
    napoli: World, reader: Reader, status: str, fulfillment: str, buttons: list[str]
) -> None:
    order = napoli.order(f"{TODAY} 12:00", status=status, fulfillment_type=fulfillment)
    pay(napoli, order, 10000)
    page = (await reader(napoli).get(address(napoli, order))).text

    assert buttons == re.findall(r'<button class="button[^"]*" name="status" value="(\w+)"', page)
    assert f'<small class="status status-{status}">{NAMES[status]}</small>' in page


async def test_an_order_says_what_was_ordered_by_whom_and_what_it_came_to(napoli: World, reader: Reader) -> None:
    cake = napoli.product("Cake")
    order = napoli.order(
        f"{TODAY} 12:00", lines=[(cake, 2, 10_000)], discount_amount=2_000, discount_code="WELCOME10",
        delivery_fee=3_900, fulfillment_type="delivery",
        customer_name="Anna Hansen", customer_phone="+4520123456", notes="Ring the bell",
        delivery_address="Algade 1", delivery_postal_code="8000", delivery_city="Aarhus", tax_amount=4_380,
    )  # fmt: skip
    pay(napoli, order, 21_900, refunded_amount=5_000, refund_reason="one was cold")
    page = text_of((await reader(napoli).get(address(napoli, order))).text)

    for text in (
        "2 × Dish DKK 200.00", "Discount WELCOME10 −DKK 20.00", "Delivery DKK 39.00",
        "Total of which VAT DKK 219.00 DKK 43.80",
        "Anna Hansen +4520123456", "Algade 1 8000 Aarhus", "Ring the bell",
        "DKK 219.00 Cash, paid refunded: DKK 50.00 · one was cold",
    ):  # fmt: skip
        assert text in page


async def test_a_click_moves_the_order_and_comes_back_to_it(napoli: World, reader: Reader) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="pending")
    http = reader(napoli)
    moved = await http.post(f"/orders/{order}/moves?restaurant={napoli.restaurant}", data={"status": "confirmed"})

    assert (303, address(napoli, order)) == (moved.status_code, moved.headers["location"])
    assert "Confirmed" in text_of((await http.get(address(napoli, order))).text)


async def test_cancelling_and_refunding_need_a_reason_which_is_kept(napoli: World, reader: Reader) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="completed")
    pay(napoli, order, 10_000)
    http = reader(napoli, language="da")
    path = f"/orders/{order}/moves?restaurant={napoli.restaurant}"
    silent = await http.post(path, data={"status": "refunded", "reason": " "})
    part = await http.post(path, data={"status": "refunded", "reason": "kold pizza", "amount": "25,50"})
    page = text_of((await http.get(address(napoli, order))).text)
    nonsense = await http.post(path, data={"status": "refunded", "reason": "x", "amount": "much"})
    rest = await http.post(path, data={"status": "refunded", "reason": "resten"})

    assert [422, 303, 422, 303] == [answer.status_code for answer in (silent, part, nonsense, rest)]
    assert "kold pizza" in page
    assert "tilbagebetalt: 25,50 kr." in page
    assert [("refunded", 10_000)] == napoli.rows(
        "select status, refunded_amount from public.orders where restaurant_id = %s and id = %s", order
    )


async def test_a_refund_that_cannot_be_is_explained_and_what_was_typed_is_kept(napoli: World, reader: Reader) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="completed")
    pay(napoli, order, 10_000)
    http = reader(napoli)
    path = f"/orders/{order}/moves?restaurant={napoli.restaurant}"
    too_much = await http.post(path, data={"status": "refunded", "reason": "it was cold", "amount": "100.01"})
    no_amount = await http.post(path, data={"status": "refunded", "reason": "it was cold", "amount": "much"})

    assert (409, 422) == (too_much.status_code, no_amount.status_code)
    assert "No more than DKK 100.00 can be refunded" in text_of(too_much.text)
    assert "This is not an amount. Write it like 49.50." in text_of(no_amount.text)
    assert ('value="it was cold"', 'value="much"') == tuple(
        each for each in ('value="it was cold"', 'value="much"') if each in no_amount.text
    )


async def test_an_impossible_step_is_refused(napoli: World, reader: Reader) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="completed")
    answer = await reader(napoli).post(
        f"/orders/{order}/moves?restaurant={napoli.restaurant}", data={"status": "preparing"}
    )

    assert 409 == answer.status_code


async def test_an_employee_moves_orders_but_sees_no_payments_and_pays_nothing_back(
    napoli: World, reader: Reader
) -> None:
    order = napoli.order(f"{TODAY} 12:00", status="completed")
    waiting = napoli.order(f"{TODAY} 12:00", status="pending")
    pay(napoli, order, 10_000)
    http = reader(napoli, role="employee")
    page = text_of((await http.get(address(napoli, order))).text)
    path = "/orders/{}/moves?restaurant=" + str(napoli.restaurant)
    refund = await http.post(path.format(order), data={"status": "refunded", "reason": "x"})
    move = await http.post(path.format(waiting), data={"status": "confirmed"})

    assert (False, False) == ("Payments" in page, "Refund" in page)
    assert (403, 303) == (refund.status_code, move.status_code)


async def test_the_way_back_leads_to_the_orders_of_that_business_day(napoli: World, reader: Reader) -> None:
    order = napoli.order("2026-06-19 01:30")
    page = (await reader(napoli).get(address(napoli, order))).text

    assert f'href="/orders?restaurant={napoli.restaurant}&amp;from=2026-06-18&amp;to=2026-06-18"' in page


async def test_a_double_click_on_refund_pays_back_once(napoli: World, reader: Reader) -> None:
    order, http = napoli.order(f"{TODAY} 12:00", status="completed"), reader(napoli)
    pay(napoli, order, 10_000)
    path = f"/orders/{order}/moves?restaurant={napoli.restaurant}"
    page = (await http.get(address(napoli, order))).text
    [once] = re.findall(r'name="once" value="([^"]+)"', page)
    form = {"status": "refunded", "reason": "kold", "amount": "25", "once": once}
    first = await asyncio.gather(*(http.post(path, data=form) for _ in range(2)))
    late = await http.post(path, data=form)
    other = await http.post(path, data={**form, "amount": "10"})

    assert [303] * 4 == [each.status_code for each in (*first, late, other)]
    assert [(3_500,)] == napoli.rows(
        "select refunded_amount from public.orders where restaurant_id = %s and id = %s", order
    )


async def test_a_double_click_on_a_step_is_one_step(napoli: World, reader: Reader) -> None:
    order, http = napoli.order(f"{TODAY} 12:00", status="confirmed"), reader(napoli)
    path = f"/orders/{order}/moves?restaurant={napoli.restaurant}"
    once = re.findall(r'name="once" value="([^"]+)"', (await http.get(address(napoli, order))).text)[0]
    form = {"status": "preparing", "once": once}

    assert [303, 303] == [(await http.post(path, data=form)).status_code for _ in range(2)]


def test_no_form_that_costs_money_or_sends_something_lacks_its_number() -> None:
    costly = ("moves()", "/courier?", "/answers?", "/redeliver", "}}/test", 'people/invitations">')
    without_calls = "integration.html"  # its test is a harmless call
    forms = [
        form
        for template in Path(flow.__file__).parent.rglob("*.html")
        if template.name != without_calls
        for form in re.findall(r'<form[^>]*method="post"[^>]*action="[^"]*">.{0,40}', template.read_text(), re.DOTALL)
        if any(path in form.replace(" ", "") for path in costly)
    ]

    assert 8 == len(forms)
    assert [] == [form for form in forms if "{{ once() }}" not in form]
