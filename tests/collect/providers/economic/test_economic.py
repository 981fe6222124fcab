"""Draft invoices in e-conomic, against the simulator over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from flow.business.customers.types import Contact
from flow.business.orders import Address, OrderLine, PlaceOrder
from flow.business.orders.types import Order
from flow.collect.providers.economic.reconciling import JOBS
from tests.collect.providers.platforms import World

INVOICE = "select status from public.invoice_drafts"
FOR_GUESTS = {"customer_group_number": "3", "payment_terms_number": "5", "vat_zone_number": "1"}


@pytest.fixture
async def agreement(world: World) -> dict[str, Any]:
    """Napoli's agreement."""
    account = await world.simulator.open("economic")
    return await world.connect("economic", account, customer_number="101", **FOR_GUESTS)


def _pizza(world: World, quantity: int = 3, **details: Any) -> PlaceOrder:
    line = OrderLine(product_id=world.menu.margherita, quantity=quantity, option_ids=(world.menu.normal,))
    return replace(PlaceOrder(lines=(line, OrderLine(product_id=world.menu.cola))), **details)


async def _sold(world: World, wish: PlaceOrder) -> Order:
    order = await world.place(wish)
    await world.move(order.id, "confirmed", "preparing", "ready", "completed")
    return order


async def _invoices(world: World, agreement: dict[str, Any], kind: str = "drafts") -> list[dict[str, Any]]:
    return list((await world.simulator.books(f"economic.invoices/{kind}:{agreement['number']}")).values())


async def test_a_completed_order_gets_one_draft_that_comes_to_its_total(
    world: World, agreement: dict[str, Any]
) -> None:
    order = await _sold(world, _pizza(world))
    await world.settle_until(INVOICE, "created")
    await world.settle()

    [draft] = await _invoices(world, agreement)
    assert f"flow:{order.id}" == draft["references"]["other"]
    assert order.total == round(draft["grossAmount"] * 100)
    assert [(draft["draftInvoiceNumber"], order.total)] == world.rows(
        "select draft_number, gross from public.invoice_drafts"
    )
    assert order.created_at.astimezone(world.restaurant.calendar.zone).date().isoformat() == draft["date"]
    assert "Anna" not in str(draft)


async def test_lost_answers_and_errors_make_no_second_draft(world: World, agreement: dict[str, Any]) -> None:
    await world.simulator.turn("economic", lost_answer_rate=0.4, error_rate=0.2)
    try:
        orders = [await _sold(world, _pizza(world, quantity)) for quantity in (1, 2, 3)]
        await world.settle()
    finally:
        await world.simulator.turn("economic", lost_answer_rate=0.0, error_rate=0.0)
    world.run("update public.provider_calls set next_attempt_at = now(), locked_until = null where status = 'queued'")
    await world.settle_until("select count(*) from public.invoice_drafts where status = 'created'", 3)

    drafts = await _invoices(world, agreement)
    assert sorted(f"flow:{order.id}" for order in orders) == sorted(each["references"]["other"] for each in drafts)
    assert sum(order.total for order in orders) == round(sum(each["grossAmount"] * 100 for each in drafts))


async def test_a_guest_who_pays_by_invoice_is_a_customer_of_his_own_once(
    world: World, agreement: dict[str, Any]
) -> None:
    contact = Contact(name="Firma ApS", phone="+4520123456", email="kontor@firma.example")
    address = Address(street="Istedgade 41", postal_code="1650", city="København V")
    wish = _pizza(world, payment_method="invoice", contact=contact, address=address, fulfillment_type="delivery")
    for many in (1, 2):
        order = await world.place(wish)
        await world.move(order.id, "confirmed", "preparing", "ready", "delivering", "completed")
        await world.settle_until("select count(*) from public.invoice_drafts where status = 'created'", many)

    customers = await world.simulator.books(f"economic.customers:{agreement['number']}")
    assert 1 == len([each for each in customers.values() if each["name"].startswith("Firma ApS")])
    numbers = {draft["customer"]["customerNumber"] for draft in await _invoices(world, agreement)}
    assert {world.value("select number from public.invoice_customers")} == numbers


async def test_a_booked_and_paid_invoice_is_seen_by_its_hooks(world: World, agreement: dict[str, Any]) -> None:
    await _sold(world, _pizza(world))
    await world.settle_until(INVOICE, "created")
    [draft] = await _invoices(world, agreement)
    await world.simulator.act(agreement, "book", draft=draft["draftInvoiceNumber"])
    await world.simulator.idle()
    await world.settle()
    world.run("update public.provider_calls set next_attempt_at = now() where status = 'queued'")
    await world.settle_until(INVOICE, "booked")
    [booked] = await _invoices(world, agreement, "booked")
    await world.simulator.act(agreement, "pay", invoice=booked["bookedInvoiceNumber"])
    await world.settle()
    world.run("update public.provider_calls set next_attempt_at = now() where status = 'queued'")
    await world.settle_until(INVOICE, "paid")

    assert [(booked["bookedInvoiceNumber"], 0)] == world.rows(
        "select booked_number, remainder from public.invoice_drafts"
    )


async def _hook(agreement: dict[str, Any], body: str, *, times: int = 1) -> list[int]:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        url = agreement["webhook_url"]
        return [(await http.post(url, content=body.encode(), headers=headers)).status_code for _ in range(times)]


async def test_a_number_that_the_api_does_not_know_changes_nothing(world: World, agreement: dict[str, Any]) -> None:
    await _sold(world, _pizza(world))
    await world.settle_until(INVOICE, "created")
    before = world.rows("select * from public.invoice_drafts")
    assert [200] == await _hook(agreement, "number=99999")
    await world.settle()
    world.run("update public.provider_calls set next_attempt_at = now() where status = 'queued'")
    await world.settle_until("select status from public.provider_calls where kind = 'look'", "done")

    assert before == world.rows("select * from public.invoice_drafts")


async def test_many_hooks_for_one_customer_are_one_look(world: World, agreement: dict[str, Any]) -> None:
    assert {200} == set(await _hook(agreement, "type=customer&old=7&new=7", times=100))
    world.run("update public.webhook_inbox set received_at = '2026-01-01T12:00:01Z'")
    await world.settle()

    assert 100 == world.value("select count(*) from public.webhook_inbox where status = 'done'")
    assert 1 == world.value("select count(*) from public.provider_calls where kind = 'look'")


async def test_without_the_token_nobody_is_believed(world: World, agreement: dict[str, Any]) -> None:
    token = agreement["webhook_url"].rsplit("/", 1)[1]
    wrong = ("B" if token[-1] == "A" else "A").join([token[:-1], ""])
    async with httpx.AsyncClient(base_url=world.web.url, trust_env=False) as http:
        forged = await http.post(f"/api/webhooks/economic/{wrong}", content=b"number=1")
        common = await http.post(f"/api/webhooks/economic?rid={world.restaurant.id}", content=b"number=1")

    assert (404, 401) == (forged.status_code, common.status_code)
    assert 0 == world.value("select count(*) from public.webhook_inbox")


async def test_a_product_that_is_missing_is_told_and_made_up_for_later(world: World, agreement: dict[str, Any]) -> None:
    world.run('update public.integration_configs set config = config || \'{"product_number": "GONE"}\'')
    await _sold(world, _pizza(world))
    await world.settle_until(INVOICE, "refused")

    assert [("invoice", "warning")] == world.rows("select kind, severity from public.notifications")
    assert [] == await _invoices(world, agreement)


async def test_orders_of_other_systems_and_unfinished_ones_get_no_invoice(
    world: World, agreement: dict[str, Any]
) -> None:
    await world.place(_pizza(world))
    await _sold(world, _pizza(world, source="till", external_id="1"))
    await world.settle()

    assert [] == world.rows(INVOICE)
    assert [] == await _invoices(world, agreement)


async def test_the_nightly_comparison_finds_what_is_gone_and_tries_refused_ones_again(
    world: World, agreement: dict[str, Any]
) -> None:
    world.run('update public.integration_configs set config = config || \'{"product_number": "GONE"}\'')
    refused = await _sold(world, _pizza(world))
    await world.settle_until(INVOICE, "refused")
    world.run("update public.integration_configs set config = config - 'product_number'")
    kept = await _sold(world, _pizza(world))
    await world.settle_until("select count(*) from public.invoice_drafts where status = 'created'", 1)
    [draft] = await _invoices(world, agreement)
    headers = {
        "X-AppSecretToken": agreement["credentials"]["app_secret_token"],
        "X-AgreementGrantToken": agreement["credentials"]["grant_token"],
    }
    async with httpx.AsyncClient(base_url=f"{world.simulator.url}/economic", trust_env=False, headers=headers) as http:
        gone = await http.delete(f"/invoices/drafts/{draft['draftInvoiceNumber']}")
    assert 200 == gone.status_code
    [job] = JOBS
    await job.run(world.context)
    await world.settle_until("select count(*) from public.invoice_drafts where status = 'created'", 2)
    await job.run(world.context)

    assert [(str(kept.id), "invoice", str(draft["draftInvoiceNumber"]), None)] == world.rows(
        "select object_id, field, ours, theirs from public.provider_differences where settled_at is null"
    )
    assert [f"flow:{refused.id}"] == [each["references"]["other"] for each in await _invoices(world, agreement)]
