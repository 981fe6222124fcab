"""Credit notes in e-conomic for what was paid back, against the simulator over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flow.business.customers.types import Contact
from flow.business.orders import Address, OrderLine, PlaceOrder
from flow.business.orders.moves import refund
from flow.business.orders.types import Order
from flow.collect.providers.economic.reconciling import JOBS
from flow.kit.clock import SystemClock
from tests.collect.providers.platforms import World

CREATED = "select count(*) from public.invoice_credits where status = 'created'"
DIFFERENCES = "select object_id, field, ours, theirs from public.provider_differences where settled_at is null"


@pytest.fixture
async def agreement(world: World) -> dict[str, Any]:
    """Napoli's agreement."""
    return await world.connect("economic", await world.simulator.open("economic"), customer_number="101")


def _pizzas(world: World, quantity: int = 3, **details: Any) -> PlaceOrder:
    line = OrderLine(product_id=world.menu.margherita, quantity=quantity, option_ids=(world.menu.normal,))
    return replace(PlaceOrder(lines=(line, OrderLine(product_id=world.menu.cola))), **details)


async def _invoiced(world: World, wish: PlaceOrder) -> Order:
    order = await world.place(wish)
    way = ("delivering",) if wish.fulfillment_type == "delivery" else ()
    await world.move(order.id, "confirmed", "preparing", "ready", *way, "completed")
    await world.settle_until(f"select status from public.invoice_drafts where order_id = '{order.id}'", "created")
    return order


async def _pay_back(world: World, order: Order, amount: int | None) -> None:
    async with world.context.database.as_service() as service:
        await refund(service, world.restaurant, order.id, amount, clock=SystemClock(), reason="cold")


async def _credits(world: World, agreement: dict[str, Any], kind: str = "drafts") -> list[dict[str, Any]]:
    found = (await world.simulator.books(f"economic.invoices/{kind}:{agreement['number']}")).values()
    return [each for each in found if ":credit:" in each["references"]["other"]]


def _lines(draft: dict[str, Any]) -> list[tuple[str, int]]:
    return [(line["product"]["productNumber"], line["quantity"]) for line in draft["lines"]]


async def test_a_whole_refund_gives_back_every_line_of_the_invoice(world: World, agreement: dict[str, Any]) -> None:
    order = await _invoiced(world, _pizzas(world))
    await _pay_back(world, order, None)
    await world.settle_until(CREATED, 1)

    [credit] = await _credits(world, agreement)
    [invoice] = [
        each
        for each in (await world.simulator.books(f"economic.invoices/drafts:{agreement['number']}")).values()
        if each["references"]["other"] == f"flow:{order.id}"
    ]
    assert [(product, -quantity) for product, quantity in _lines(invoice)] == _lines(credit)
    assert [-invoice[name] for name in ("netAmount", "vatAmount", "grossAmount")] == [
        credit[name] for name in ("netAmount", "vatAmount", "grossAmount")
    ]
    assert "Anna" not in str(credit)


async def test_several_parts_are_a_credit_note_each_and_together_what_was_paid_back(
    world: World, agreement: dict[str, Any]
) -> None:
    order = await _invoiced(world, _pizzas(world))
    for many, amount in enumerate((1002, 33, order.total - 1002 - 33), 1):
        await _pay_back(world, order, amount)
        await world.settle_until(CREATED, many)
    await world.settle()

    notes = await _credits(world, agreement)
    assert [-1002, -33, -(order.total - 1035)] == [round(each["grossAmount"] * 100) for each in notes]
    assert [f"flow:{order.id}:credit:{number}" for number in (1, 2, 3)] == [
        each["references"]["other"] for each in notes
    ]
    # 10,02 kr cannot be reached with 25 %: the one øre is a line without VAT.
    assert ["FLOW-PRODUCT", "FLOW-ROUNDING"] == [product for product, _ in _lines(notes[0])]
    assert (-8.01, -2.01) == (notes[0]["netAmount"], notes[0]["vatAmount"])


async def test_goods_are_given_back_before_the_delivery(world: World, agreement: dict[str, Any]) -> None:
    address = Address(street="Istedgade 41", postal_code="1650", city="København V")
    contact = Contact(name="Anna", phone="+4520123456")
    wish = _pizzas(world, address=address, contact=contact, fulfillment_type="delivery")
    world.restaurant = replace(world.restaurant, delivery_fee=3900)
    order = await _invoiced(world, wish)
    assert order.delivery_fee > 0
    for many, amount in enumerate((order.total - order.delivery_fee - 100, None), 1):
        await _pay_back(world, order, amount)
        await world.settle_until(CREATED, many)

    goods, rest = await _credits(world, agreement)
    assert {"FLOW-PRODUCT"} == {product for product, _ in _lines(goods)} - {"FLOW-ROUNDING"}
    assert {"FLOW-PRODUCT", "FLOW-DELIVERY"} == {product for product, _ in _lines(rest)} - {"FLOW-ROUNDING"}


async def test_lost_answers_and_errors_make_no_second_credit_note(world: World, agreement: dict[str, Any]) -> None:
    orders = [await _invoiced(world, _pizzas(world, quantity)) for quantity in (1, 2)]
    await world.simulator.turn("economic", lost_answer_rate=0.4, error_rate=0.2)
    try:
        for order in orders:
            await _pay_back(world, order, 500)
        await world.settle()
    finally:
        await world.simulator.turn("economic", lost_answer_rate=0.0, error_rate=0.0)
    world.run("update public.provider_calls set next_attempt_at = now(), locked_until = null where status = 'queued'")
    await world.settle_until(CREATED, 2)

    assert sorted(f"flow:{order.id}:credit:1" for order in orders) == sorted(
        each["references"]["other"] for each in await _credits(world, agreement)
    )


async def test_a_refund_before_the_invoice_was_made_follows_it(world: World, agreement: dict[str, Any]) -> None:
    world.run('update public.integration_configs set config = config || \'{"product_number": "GONE"}\'')
    order = await world.place(_pizzas(world))
    await world.move(order.id, "confirmed", "preparing", "ready", "completed")
    await world.settle_until("select status from public.invoice_drafts", "refused")
    await _pay_back(world, order, 2500)
    await world.settle()
    assert [] == await _credits(world, agreement)
    world.run("update public.integration_configs set config = config - 'product_number'")
    [job] = JOBS
    await job.run(world.context)
    await world.settle_until(CREATED, 1)

    assert [("created", order.total)] == world.rows("select status, gross from public.invoice_drafts")
    assert [-2500] == [round(each["grossAmount"] * 100) for each in await _credits(world, agreement)]


async def test_an_order_paid_back_whole_before_its_invoice_needs_neither(
    world: World, agreement: dict[str, Any]
) -> None:
    order = await world.place(_pizzas(world))
    await world.move(order.id, "confirmed", "preparing", "ready", "completed")
    await _pay_back(world, order, None)
    await world.settle()

    assert [] == world.rows("select 1 from public.invoice_drafts")
    assert [] == world.rows("select 1 from public.invoice_credits")


async def test_a_booked_invoice_is_named_and_the_booked_credit_note_is_seen(
    world: World, agreement: dict[str, Any]
) -> None:
    order = await _invoiced(world, _pizzas(world))
    await world.simulator.act(agreement, "book", draft=world.value("select draft_number from public.invoice_drafts"))
    await world.simulator.idle()
    await world.settle()
    world.run("update public.provider_calls set next_attempt_at = now() where status = 'queued'")
    await world.settle_until("select status from public.invoice_drafts", "booked")
    await _pay_back(world, order, 2500)
    await world.settle_until(CREATED, 1)
    [draft] = await _credits(world, agreement)
    number = world.value("select booked_number from public.invoice_drafts")
    assert str(number) in draft["notes"]["textLine1"]
    await world.simulator.act(agreement, "book", draft=draft["draftInvoiceNumber"])
    await world.simulator.idle()
    await world.settle()
    world.run("update public.provider_calls set next_attempt_at = now() where status = 'queued'")
    await world.settle_until("select status from public.invoice_credits", "booked")

    [booked] = await _credits(world, agreement, "booked")
    assert [(booked["bookedInvoiceNumber"], -2500)] == world.rows(
        "select booked_number, gross from public.invoice_credits"
    )


async def test_a_refund_that_came_back_is_charged_anew(world: World, agreement: dict[str, Any]) -> None:
    order = await _invoiced(world, _pizzas(world))
    await _pay_back(world, order, 2500)
    await world.settle_until(CREATED, 1)
    # As `hear_refund` leaves it: the refund has failed, and the order counts it no more.
    world.run(
        "insert into public.payment_refunds (restaurant_id, id, payment_id, order_id, amount, status) "
        "select restaurant_id, gen_random_uuid(), id, order_id, 2500, 'failed' from public.payments"
    )
    world.run("update public.orders set refunded_amount = 0, updated_at = now()")
    await world.settle_until(CREATED, 2)

    assert [-2500, 2500] == [round(each["grossAmount"] * 100) for each in await _credits(world, agreement)]


async def test_the_nightly_comparison_holds_credit_notes_to_the_oere(world: World, agreement: dict[str, Any]) -> None:
    order = await _invoiced(world, _pizzas(world))
    await _pay_back(world, order, 2500)
    await world.settle_until(CREATED, 1)
    [job] = JOBS
    await job.run(world.context)
    assert [] == world.rows(DIFFERENCES)
    world.run("update public.invoice_credits set amount = 2499")
    await job.run(world.context)

    assert [(f"{order.id} #1", "gross", "-2499", "-2500")] == world.rows(DIFFERENCES)
