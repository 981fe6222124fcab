"""Couriers of Wolt Drive, sent for and followed, against the simulator over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from flow.business.customers.types import Contact
from flow.business.orders import Address, OrderLine, PlaceOrder
from flow.business.orders.types import Order
from flow.collect.providers.wolt_drive.requesting import CourierUnderway, send_for_courier
from tests.collect.providers.platforms import World

COURIER = "select status from public.courier_deliveries"
STATUS = "select status from public.orders"


@pytest.fixture
async def drive(world: World) -> dict[str, Any]:
    """Napoli's couriers, who come when somebody sends for them and wait for the test to move them."""
    account = await world.simulator.open("wolt-drive", courier_seconds=3600)
    return await world.connect("wolt-drive", account, preparation_minutes="10")


async def _order(world: World, **contact: Any) -> Order:
    line = OrderLine(product_id=world.menu.margherita, quantity=2, option_ids=(world.menu.normal,))
    order = await world.place(
        PlaceOrder(
            lines=(line,),
            fulfillment_type="delivery",
            contact=Contact(name="Ida Jensen", **contact or {"phone": "+4520123456"}),
            address=Address(street="Istedgade 41", postal_code="1650", city="København V"),
        )
    )
    await world.move(order.id, "confirmed", "preparing", "ready")
    return order


async def _send(world: World, order: Order) -> None:
    async with world.database.as_service() as transaction:
        await send_for_courier(transaction, world.restaurant.id, order.id, by=None, now=world.context.clock.now())


async def test_a_courier_comes_carries_and_completes_the_order(world: World, drive: dict[str, Any]) -> None:
    order = await _order(world)
    await _send(world, order)
    await world.settle_until(COURIER, "received")
    delivery = world.value("select id from public.courier_deliveries")
    there = (await world.simulator.books("wolt_drive.delivery")).values()
    [made] = [each for each in there if each["merchant_order_reference_id"] == str(delivery)]
    assert [(made["wolt_order_reference_id"], True, made["price"]["amount"])] == world.rows(
        "select reference, tracking_url is not null, price from public.courier_deliveries"
    )
    await world.simulator.act(drive, "event", delivery=str(delivery), type="order.picked_up")
    await world.settle_until(STATUS, "delivering")
    await world.simulator.act(drive, "event", delivery=str(delivery), type="order.delivered")
    await world.settle_until(STATUS, "completed")

    assert ("delivered", True) == world.rows("select status, delivered_at is not null from public.courier_deliveries")[
        0
    ]


async def test_one_courier_at_a_time(world: World, drive: dict[str, Any]) -> None:
    order = await _order(world)
    await _send(world, order)
    with pytest.raises(CourierUnderway):
        await _send(world, order)


async def test_a_lost_answer_sends_for_no_second_courier(world: World, drive: dict[str, Any]) -> None:
    await world.simulator.turn("wolt-drive", lost_answer_rate=1.0)
    try:
        await _send(world, await _order(world))
        await world.settle()
    finally:
        await world.simulator.turn("wolt-drive", lost_answer_rate=0.0)
    world.run("update public.provider_calls set next_attempt_at = now(), locked_until = null where status = 'queued'")
    await world.settle_until(COURIER, "received")

    delivery = str(world.value("select id from public.courier_deliveries"))
    there = (await world.simulator.books("wolt_drive.delivery")).values()
    assert 1 == len([each for each in there if each["merchant_order_reference_id"] == delivery])


async def test_without_a_phone_number_no_courier_is_sent_for(world: World, drive: dict[str, Any]) -> None:
    await _send(world, await _order(world, email="ida@example.com"))
    await world.settle_until(COURIER, "failed")

    assert "PHONE_MISSING" == world.value("select reason from public.courier_deliveries")
    assert [("courier", "critical")] == world.rows("select kind, severity from public.notifications")


async def test_cancelling_the_order_calls_the_courier_off(world: World, drive: dict[str, Any]) -> None:
    order = await _order(world)
    await _send(world, order)
    await world.settle_until(COURIER, "received")
    await world.move(order.id, "cancelled", reason="Lukket")
    await world.settle_until(COURIER, "cancelled")


async def test_a_restaurant_that_wishes_it_has_couriers_sent_by_themselves(world: World, drive: dict[str, Any]) -> None:
    world.run('update public.integration_configs set config = config || \'{"sends_by_itself": "Ja"}\'')
    line = OrderLine(product_id=world.menu.margherita, quantity=2, option_ids=(world.menu.normal,))
    order = await world.place(
        PlaceOrder(
            lines=(line,),
            fulfillment_type="delivery",
            contact=Contact(name="Ida", phone="+4520123456"),
            address=Address(street="Istedgade 41", postal_code="1650", city="København V"),
        )
    )
    await world.settle()
    assert [] == world.rows(COURIER)
    await world.move(order.id, "confirmed")
    await world.settle_until(COURIER, "received")
    await world.settle()

    assert 1 == world.value("select count(*) from public.courier_deliveries")


async def test_a_courier_who_comes_though_he_was_taken_for_cancelled_is_called_off(
    world: World, drive: dict[str, Any]
) -> None:
    order = await _order(world)
    await _send(world, order)
    await world.settle_until(COURIER, "received")
    await world.move(order.id, "cancelled", reason="sold out")
    # As it is when Wolt's answer was lost and the order cancelled meanwhile: nobody knows that a courier comes.
    world.run("update public.courier_deliveries set status = 'cancelled', reference = null")
    delivery = str(world.value("select id from public.courier_deliveries"))
    await world.simulator.act(drive, "event", delivery=delivery, type="order.pickup_eta_updated")
    await world.settle_until("select status from public.provider_calls where kind = 'cancel'", "done")
    await world.settle()

    there = (await world.simulator.books("wolt_drive.delivery")).values()
    assert ["REJECTED"] == [each["status"] for each in there if each["merchant_order_reference_id"] == delivery]
    assert world.value(COURIER) in ("cancelled", "rejected")
