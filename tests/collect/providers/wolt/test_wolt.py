"""Orders made at Wolt, from its app to the guest's door, against the simulator over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from flow.collect.integrations.service import credentials_of, integration_of, keep_credentials
from flow.collect.providers.wolt.reconciling import JOBS
from flow.collect.providers.wolt.signature import HEADER
from tests.collect.providers.platforms import World

ITEMS = [
    {
        "pos_id": "margherita",
        "name": "Margherita",
        "price": 8500,
        "count": 3,
        "options": [{"name": "Ekstra", "value": "Ost", "price": 500}],
    },
    {"pos_id": "unknown", "name": "Dagens ret", "price": 9999, "count": 1},
]
STATUS = "select status from public.orders"
AT_WOLT = "select wolt_status from public.wolt_orders"


@pytest.fixture
async def venue(world: World) -> dict[str, Any]:
    """Napoli's venue, which accepts by itself."""
    account = await world.simulator.open("wolt")
    return await world.connect("wolt", account, auto_accept="yes", preparation_minutes="20")


@pytest.fixture
async def patient(world: World) -> dict[str, Any]:
    """Napoli's venue, where somebody has to accept."""
    return await world.connect("wolt", await world.simulator.open("wolt"))


async def _there(world: World, order: dict[str, Any]) -> dict[str, Any]:
    return dict((await world.simulator.books("wolt.order"))[order["id"]])


async def test_an_order_is_taken_in_with_its_sums_and_accepted_at_once(world: World, venue: dict[str, Any]) -> None:
    made = await world.simulator.act(venue, "order", items=ITEMS, consumer_name="Ida", comment="Uden løg")
    await world.settle_until(STATUS, "preparing")

    assert "production" == (await _there(world, made))["order_status"]
    total = made["basket_price"]["total"]["amount"]
    [order] = world.rows(
        "select source, external_id, channel, payment_method, subtotal - discount_amount, delivery_fee, total,"
        " customer_name, notes, item_count from public.orders"
    )
    assert ("wolt", made["id"], "wolt", "external", total, 0, total, "Ida", "Uden løg", 4) == order
    items = world.rows(
        "select product_id, product_name, quantity, line_total - discount_amount, options from public.order_items"
        " order by id"
    )
    assert [(world.menu.margherita, "Margherita", 3), (None, "Dagens ret", 1)] == [item[:3] for item in items]
    assert total == sum(item[3] for item in items)
    assert [{"name": "Ekstra", "value": "Ost", "price_mod": 500}] == items[0][4]
    assert [("delivery_platform", "wolt")] == world.rows(
        "select last_touch_channel, last_touch_source from public.channel_attribution"
    )


async def test_its_way_is_told_to_wolt_and_wolt_s_to_us(world: World, venue: dict[str, Any]) -> None:
    made = await world.simulator.act(venue, "order", items=ITEMS)
    await world.settle_until(STATUS, "preparing")
    assert [] == world.rows("select 1 from public.payments")
    await world.move(world.value("select id from public.orders"), "ready")
    await world.settle_until(AT_WOLT, "ready")
    assert "ready" == (await _there(world, made))["order_status"]
    await world.simulator.act(venue, "status", order=made["id"], status="delivered")
    await world.settle_until(STATUS, "completed")

    assert [("external", "completed", world.value("select total from public.orders"))] == world.rows(
        "select provider, status, amount from public.payments"
    )
    steps = [
        step for (step,) in world.rows("select to_status from public.order_status_changes order by changed_at, id")
    ]
    assert ["pending", "confirmed", "preparing", "ready", "delivering", "completed"] == steps


async def test_nothing_is_done_twice_when_notices_come_twice_and_shuffled(world: World, venue: dict[str, Any]) -> None:
    await world.simulator.turn("wolt", duplicate_rate=1.0, shuffle_seconds=0.5)
    try:
        made = [await world.simulator.act(venue, "order", items=ITEMS) for _ in range(5)]
        await world.settle_until("select count(*) from public.orders where status = 'preparing'", 5)
        for order in made:
            await world.simulator.act(venue, "status", order=order["id"], status="ready")
            await world.simulator.act(venue, "status", order=order["id"], status="delivered")
        await world.settle_until("select count(*) from public.orders where status = 'completed'", 5)
    finally:
        await world.simulator.turn("wolt", duplicate_rate=0.0, shuffle_seconds=0.0)

    assert 5 == world.value("select count(*) from public.orders")
    assert [(5, sum(each["basket_price"]["total"]["amount"] for each in made))] == world.rows(
        "select count(*), sum(amount)::bigint from public.payments"
    )
    assert 5 == world.value("select count(*) from public.provider_calls where kind = 'accept'")


async def test_somebody_is_called_and_accepts_on_the_order_s_page(world: World, patient: dict[str, Any]) -> None:
    made = await world.simulator.act(patient, "order", items=ITEMS)
    await world.settle_until("select count(*) from public.notifications", 1)
    order = world.value("select id from public.orders")

    assert [("wolt_order", "critical", f"/orders/{order}?restaurant={world.restaurant.id}")] == world.rows(
        "select kind, severity, link from public.notifications"
    )
    assert ("pending", "fetched") == (world.value(STATUS), (await _there(world, made))["order_status"])
    await world.move(order, "confirmed")
    await world.settle_until(STATUS, "preparing")
    assert "production" == (await _there(world, made))["order_status"]


async def test_cancelling_a_new_order_rejects_it_with_the_reason(world: World, patient: dict[str, Any]) -> None:
    made = await world.simulator.act(patient, "order", items=ITEMS)
    await world.settle_until(STATUS, "pending")
    await world.move(world.value("select id from public.orders"), "cancelled", reason="Udsolgt")
    await world.settle_until(AT_WOLT, "rejected")

    assert "rejected" == (await _there(world, made))["order_status"]
    assert "cancelled" == world.value(STATUS)


async def test_an_order_that_wolt_gave_up_is_cancelled_here_even_if_its_notice_is_lost(
    world: World, patient: dict[str, Any]
) -> None:
    made = await world.simulator.act(patient, "order", items=ITEMS)
    await world.settle_until(STATUS, "pending")
    await world.simulator.change(patient, webhook_url="")
    await world.simulator.act(patient, "status", order=made["id"], status="rejected")
    world.run("update public.wolt_orders set accept_until = now() - interval '1 second'")
    await world.settle_until(STATUS, "cancelled")

    assert [] == world.rows("select 1 from public.payments")


async def test_accepting_what_wolt_has_given_up_cancels_it_and_says_so(world: World, patient: dict[str, Any]) -> None:
    made = await world.simulator.act(patient, "order", items=ITEMS)
    await world.settle_until(STATUS, "pending")
    await world.simulator.change(patient, webhook_url="")
    await world.simulator.act(patient, "status", order=made["id"], status="rejected")
    await world.move(world.value("select id from public.orders"), "confirmed")
    await world.settle_until(STATUS, "cancelled")

    assert 2 == world.value("select count(*) from public.notifications")  # that it came, and that it ended


async def test_a_venue_that_is_not_ours_is_parked(world: World, patient: dict[str, Any]) -> None:
    other = await world.simulator.open("wolt")
    url = (await world.simulator.change(patient))["webhook_url"]
    await world.simulator.change(other, webhook_url=url, webhook_secret=patient["webhook_secret"])
    await world.simulator.act(other, "order", items=ITEMS)
    await world.settle_until("select status from public.webhook_inbox", "parked")

    assert 0 == world.value("select count(*) from public.orders")


async def test_an_order_of_another_venue_is_refused_even_if_the_notice_lies(
    world: World, patient: dict[str, Any]
) -> None:
    """The notice is signed by whoever knows the secret; whose order it is, the order itself says."""
    made = await world.simulator.act(patient, "order", items=ITEMS)
    world.run("update public.integration_configs set account = 'another'")
    await world.settle()

    assert 0 == world.value("select count(*) from public.orders")
    assert made["id"]


async def test_tokens_are_renewed_once_however_many_calls_want_them(world: World, venue: dict[str, Any]) -> None:
    async with world.database.as_service() as transaction:
        integration = await integration_of(transaction, world.restaurant.id, "wolt")
        assert integration is not None
        box, now = world.installation.secret_box, world.context.clock.now()
        kept = await credentials_of(transaction, box, integration)
        past = {**kept, "expires_at": "2026-01-01T00:00:00+00:00"}
        await keep_credentials(transaction, box, integration, past, now=now)
    for _ in range(4):
        await world.simulator.act(venue, "order", items=ITEMS)
    await world.settle_until("select count(*) from public.orders where status = 'preparing'", 4)

    async with world.database.as_service() as transaction:
        renewed = await credentials_of(transaction, box, integration)
    assert venue["credentials"]["refresh_token"] != kept["refresh_token"] != renewed["refresh_token"]
    assert 0 == world.value("select count(*) from public.api_logs where response_status = 401")


async def test_an_unsigned_notice_is_refused_and_leaves_nothing(world: World, patient: dict[str, Any]) -> None:
    url = (await world.simulator.change(patient))["webhook_url"]
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(url, content=b'{"id":"1","type":"order.notification"}', headers={HEADER: "0" * 64})

    assert (401, 0) == (answer.status_code, world.value("select count(*) from public.webhook_inbox"))


async def test_what_passed_is_kept_without_names(world: World, venue: dict[str, Any]) -> None:
    await world.simulator.act(venue, "order", items=ITEMS, consumer_name="Ida Jensen", comment="Ring på 3. sal")
    await world.settle_until(STATUS, "preparing")

    kept = world.value(
        "select string_agg(arguments::text || coalesce(result::text, ''), ' ') from public.provider_calls"
    )
    assert "Ida" not in kept
    assert "sal" not in kept


async def test_the_nightly_look_catches_up_with_lost_notices_and_notes_another_total(
    world: World, venue: dict[str, Any]
) -> None:
    made = await world.simulator.act(venue, "order", items=ITEMS)
    await world.settle_until(STATUS, "preparing")
    await world.simulator.change(venue, webhook_url="")
    for status in ("ready", "delivered"):
        await world.simulator.act(venue, "status", order=made["id"], status=status)
    world.run("update public.orders set delivery_fee = delivery_fee + 100, total = total + 100")
    [job] = JOBS
    await job.run(world.context)
    await world.settle_until(STATUS, "completed")

    total = made["basket_price"]["total"]["amount"]
    assert [("wolt", made["id"], "total", str(total + 100), str(total))] == world.rows(
        "select provider, object_id, field, ours, theirs from public.provider_differences"
    )


async def test_tokens_that_were_revoked_are_shown_as_a_connection_to_be_made_anew(
    world: World, venue: dict[str, Any]
) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": venue["credentials"]["refresh_token"]}
    client = httpx.BasicAuth(venue["credentials"]["client_id"], venue["credentials"]["client_secret"])
    async with httpx.AsyncClient(trust_env=False) as thief:  # the first token, used twice, ends what it had led to
        await thief.post(f"{world.simulator.url}/wolt/oauth2/token", data=form, auth=client)
    await world.simulator.act(venue, "order", items=ITEMS)
    await world.settle()

    assert [("error", "credentials_refused")] == world.rows("select status, last_error from public.integration_configs")
    assert [("queued", "connection_refused")] == world.rows(
        "select status, last_error from public.provider_calls where kind = 'fetch'"
    )
