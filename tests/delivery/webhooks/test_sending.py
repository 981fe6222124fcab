"""Endpoints are told what happens: signed, in each object's order, again when they fail, not at another's cost."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest

from flow.delivery.webhooks import again, service
from flow.delivery.webhooks.signing import signature
from flow.web.outbound import ForbiddenAddress
from tests.delivery.webhooks.conftest import Hooks
from tests.delivery.webhooks.receiver import Message, Receiver, receiving

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _is_signed(message: Message, secret: str) -> bool:
    seconds = int(message.headers["webhook-timestamp"])
    expected = signature(secret, message.headers["webhook-id"], seconds, message.body)
    return expected in message.headers["webhook-signature"].split(" ")


def _statuses(hooks: Hooks) -> list[object]:
    return [row[0] for row in hooks.rows("select status from public.webhook_deliveries order by sequence")]


async def test_an_order_arrives_signed_with_all_that_its_schema_says(hooks: Hooks, till: Receiver) -> None:
    _, secret = await hooks.endpoint(till.url, "order.created")
    order = await hooks.order()
    await hooks.send()

    [message] = till.heard
    assert _is_signed(message, secret)
    assert "application/json" == message.headers["content-type"]
    assert ("order.created", 1, str(order.id), order.total, 1) == (
        message.kind,
        message.json["schema"],
        message.json["data"]["order_id"],
        message.json["data"]["total"],
        message.json["data"]["version"],
    )
    assert message.json["data"]["customer"].startswith("guest_")
    assert b"Anna" not in message.body and b"20123456" not in message.body and b"ring" not in message.body
    assert ["delivered"] == _statuses(hooks)


async def test_an_endpoint_is_told_only_what_it_wants(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.cancelled")
    await hooks.move(await hooks.order(), "cancelled")
    await hooks.send()

    assert ["order.cancelled"] == till.kinds


async def test_a_thin_message_says_what_to_ask_for_and_no_more(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created", payload="thin")
    await hooks.order()
    await hooks.send()

    data = till.heard[0].json["data"]
    assert {
        "restaurant_id", "version", "customer", "order_id", "status", "previous_status", "created_at"
    } == data.keys()  # fmt: skip


async def test_another_restaurants_endpoint_hears_nothing(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url)
    hooks.run(
        "insert into public.restaurants (id, name, slug, event_namespace) values (%s, 'Aarhus', 'aarhus', 'aarhus')",
        UUID(int=7),
    )
    hooks.run(
        "insert into public.outbox_events (restaurant_id, id, event_type, object_type, object_id, version, data) "
        "values (%s, gen_random_uuid(), 'order.created', 'order', gen_random_uuid(), 1, '{}')",
        UUID(int=7),
    )
    await hooks.send()

    assert [] == till.heard


async def test_a_failed_delivery_is_tried_again_with_the_same_bytes_and_id(hooks: Hooks, till: Receiver) -> None:
    _, secret = await hooks.endpoint(till.url, "order.created")
    till.answers = [500, 503]
    await hooks.order()
    await hooks.send()
    await hooks.send()  # not yet
    assert 1 == len(till.heard)
    await hooks.send(later=timedelta(seconds=6))
    await hooks.send(later=6 * MINUTE)

    assert 3 == len(till.heard)
    assert 1 == len({(message.headers["webhook-id"], message.body) for message in till.heard})
    assert 3 == len({message.headers["webhook-timestamp"] for message in till.heard})
    assert all(_is_signed(message, secret) for message in till.heard)
    assert ["delivered"] == _statuses(hooks)
    assert [(500,), (503,), (200,)] == hooks.rows(
        "select status_code from public.webhook_attempts order by attempted_at"
    )


async def test_ten_failures_over_75_hours_end_a_delivery(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    till.answers = [500] * 50
    await hooks.order()
    await hooks.send()
    for hours in (0.01, 0.1, 0.6, 2.3, 5.6, 11.1, 15.5, 22.1, 26.5):
        assert ["pending"] == _statuses(hooks)
        await hooks.send(later=hours * HOUR)

    assert 10 == len(till.heard)
    assert ["failed"] == _statuses(hooks)


async def test_what_happens_later_to_the_same_order_waits_for_its_turn(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created", "order.status_changed")
    till.answers = [500]
    order = await hooks.order()
    await hooks.send()
    await hooks.move(order, "confirmed", "preparing")
    await hooks.send()
    assert ["order.created"] == till.kinds
    await hooks.send(later=6 * MINUTE)

    assert ["order.created", "order.created", "order.status_changed", "order.status_changed"] == till.kinds
    assert [1, 1, 2, 3] == [message.json["data"]["version"] for message in till.heard]


async def test_another_order_does_not_wait(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    till.answers = [500]
    first = await hooks.order()
    await hooks.send()
    second = await hooks.order()
    await hooks.send()

    assert [str(first.id), str(second.id)] == [message.json["data"]["order_id"] for message in till.heard]


async def test_an_endpoint_that_asks_for_time_gets_it(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    till.answers = [b"HTTP/1.1 429 X\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n"]
    await hooks.order()
    await hooks.send()
    await hooks.order()
    await hooks.send(later=59 * MINUTE)
    assert 1 == len(till.heard)
    await hooks.send(later=2 * MINUTE)

    assert 3 == len(till.heard)


async def test_410_disables_an_endpoint_and_the_restaurant_is_told(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url)
    till.answers = [410]
    await hooks.order()
    await hooks.send()
    await hooks.send(later=DAY)

    assert [("disabled", "gone")] == hooks.rows("select status, disabled_reason from public.webhook_endpoints")
    assert [("webhook_disabled",)] == hooks.rows("select kind from public.notifications")
    assert all(message.json["type"] for message in till.heard) and len(till.heard) <= 3


async def test_five_days_of_failures_disable_it_and_a_success_in_between_does_not(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    till.answers = [500, 500, 200]
    for _ in range(3):
        await hooks.order()
        await hooks.send(later=2 * DAY)
    while till.answers:
        await hooks.send(later=DAY)
    assert [("active",)] == hooks.rows("select status from public.webhook_endpoints")

    till.answers = [500] * 100
    await hooks.order()
    for _ in range(7):
        await hooks.send(later=DAY)

    assert [("disabled", "failing")] == hooks.rows("select status, disabled_reason from public.webhook_endpoints")
    assert [(1,)] == hooks.rows("select count(*)::int from public.notifications")


async def test_after_three_failures_in_a_row_an_endpoint_rests(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    till.answers = [500] * 1_000
    for _ in range(20):
        await hooks.order()
    await hooks.send()

    assert 7 >= len(till.heard)  # the first few at once, then one at a time until it rests
    heard = len(till.heard)
    await hooks.send(later=timedelta(seconds=41))
    assert heard < len(till.heard) <= heard + 2


async def test_redirects_are_failures_and_lead_nowhere(hooks: Hooks, till: Receiver) -> None:
    async with receiving() as elsewhere:
        await hooks.endpoint(till.url, "order.created")
        till.answers = [f"HTTP/1.1 307 X\r\nlocation: {elsewhere.url}\r\ncontent-length: 0\r\n\r\n".encode()]
        await hooks.order()
        await hooks.send()

        assert [] == elsewhere.heard
    assert [(307, "redirects are not followed")] == hooks.rows("select status_code, error from public.webhook_attempts")


@pytest.mark.parametrize(
    "url",
    [
        "http://till.example/", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "https://[fd00::1]/",
        "https://192.168.1.5/", "https://user:word@till.example/", "file:///etc/passwd", "https://metadata.google.internal/",
        "https://0.0.0.0/", "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::a9fe:a9fe]/",
    ],
)  # fmt: skip
async def test_an_endpoint_is_never_an_address_of_a_house_or_a_cloud(hooks: Hooks, url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        await hooks.endpoint(url)


@pytest.mark.parametrize("host", ["2130706434", "0x7f000002", "0177.0.0.2", "10.1", "3232235777"])
async def test_an_address_in_an_odd_form_or_behind_a_name_is_refused_when_it_is_called(hooks: Hooks, host: str) -> None:
    """What the text does not give away, the resolver does, at every single call."""
    await hooks.endpoint("https://till.example/")
    hooks.run("update public.webhook_endpoints set url = %s", f"https://{host}:9/")
    hooks.services.settings.webhook_network_list  # noqa: B018 (127.0.0.0/8 is allowed here, so 10/8 and 192.168/16 are tried)
    await hooks.order()
    await hooks.send()

    [(code, error)] = set(hooks.rows("select status_code, error from public.webhook_attempts"))
    assert code is None and error is not None


async def test_an_endpoint_that_hangs_delays_no_other(hooks: Hooks, till: Receiver, impatient: float) -> None:
    async with receiving() as hanging:
        hanging.answers = [None] * 100
        await hooks.endpoint(hanging.url, "order.created")
        await hooks.endpoint(till.url, "order.created")
        for _ in range(12):
            await hooks.order()
        began = time.monotonic()
        sender = asyncio.create_task(hooks.send())
        while len(till.heard) < 12 and time.monotonic() - began < 10:
            await asyncio.sleep(0.005)
        heard_of_hanging = len(hanging.heard)
        await sender

    assert 12 == len(till.heard)
    assert heard_of_hanging <= 10


async def test_what_a_worker_claimed_and_left_is_sent_by_the_next(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    await hooks.order()
    till.answers = [200]
    await hooks.send()
    # As if the worker had died after its claim: claimed, never concluded, and nothing due by itself.
    hooks.run(
        "update public.webhook_deliveries set status = 'pending', attempts = 0, finished_at = null, locked_until = %s",
        hooks.kitchen.clock.now() + timedelta(seconds=25),
    )
    hooks.run("update public.webhook_endpoints set due_at = null")
    await hooks.send(later=timedelta(seconds=20))
    assert 1 == len(till.heard)
    await hooks.send(later=timedelta(seconds=10))

    assert 2 == len(till.heard)
    assert ["delivered"] == _statuses(hooks)


async def test_after_a_rotation_both_secrets_sign_until_the_overlap_is_over(hooks: Hooks, till: Receiver) -> None:
    endpoint, old = await hooks.endpoint(till.url, "order.created")
    new = await service.rotate(hooks.services, hooks.caller, hooks.id, endpoint, overlap_hours=24)
    await hooks.order()
    await hooks.send()
    await hooks.order()
    await hooks.send(later=25 * HOUR)

    first, second = till.heard
    assert _is_signed(first, old) and _is_signed(first, new)
    assert _is_signed(second, new) and not _is_signed(second, old)


async def test_a_test_arrives_though_nothing_else_is_wanted(hooks: Hooks, till: Receiver) -> None:
    endpoint, secret = await hooks.endpoint(till.url, "order.refunded")
    await again.send_test(hooks.services, hooks.caller, hooks.id, endpoint)
    await hooks.send()

    assert ["webhook.test"] == till.kinds
    assert _is_signed(till.heard[0], secret)


async def test_a_replay_tells_what_happened_before_the_endpoint_was_there(hooks: Hooks, till: Receiver) -> None:
    await hooks.order()
    await hooks.send(later=2 * HOUR)
    order = await hooks.order()
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    an_hour_ago = hooks.kitchen.clock.now() - timedelta(hours=1)
    number = await again.replay(
        hooks.services, hooks.caller, hooks.id, endpoint, since=an_hour_ago, delivered_too=False
    )
    await hooks.send()

    assert 1 == number
    assert [str(order.id)] == [message.json["data"]["order_id"] for message in till.heard]


async def test_a_replay_repeats_what_arrived_only_when_that_is_wanted(hooks: Hooks, till: Receiver) -> None:
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    await hooks.order()
    await hooks.send()

    yesterday = hooks.kitchen.clock.now() - timedelta(days=1)
    for delivered_too, number in ((False, 0), (True, 1)):
        assert number == await again.replay(
            hooks.services, hooks.caller, hooks.id, endpoint, since=yesterday, delivered_too=delivered_too
        )
        await hooks.send()
    assert 2 == len(till.heard)
    assert till.heard[0].headers["webhook-id"] == till.heard[1].headers["webhook-id"]


async def test_an_endpoint_that_is_off_hears_nothing_and_on_again_gets_what_waited(
    hooks: Hooks, till: Receiver
) -> None:
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    till.answers = [500]
    await hooks.order()
    await hooks.send()
    await service.switch(hooks.services, hooks.caller, hooks.id, endpoint, "paused")
    await hooks.order()
    await hooks.send(later=HOUR)
    assert 1 == len(till.heard)
    await service.switch(hooks.services, hooks.caller, hooks.id, endpoint, "active")
    await hooks.send()

    assert 2 == len(till.heard)


async def test_redelivering_sends_the_same_bytes_at_once(hooks: Hooks, till: Receiver) -> None:
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    await hooks.order()
    await hooks.send()
    [(delivery,)] = hooks.rows("select id from public.webhook_deliveries")
    assert isinstance(delivery, UUID)
    await again.redeliver(hooks.services, hooks.caller, hooks.id, endpoint, delivery)
    await hooks.send()

    assert 2 == len(till.heard)
    assert till.heard[0].body == till.heard[1].body


async def test_an_event_too_large_is_sent_thin_and_says_so(hooks: Hooks, till: Receiver) -> None:
    await hooks.endpoint(till.url, "order.created")
    await hooks.order()
    hooks.run(
        "update public.outbox_events set data = jsonb_set(data, '{items}', to_jsonb(repeat('x', 20000))) "
        "where event_type = 'order.created'"
    )
    await hooks.send()

    data = till.heard[0].json["data"]
    assert data["shortened"] is True and "items" not in data and "order_id" in data


async def test_the_same_guest_has_the_same_pseudonym_and_another_restaurant_another(
    hooks: Hooks, till: Receiver
) -> None:
    await hooks.endpoint(till.url, "customer.created", "order.created")
    await hooks.order()
    await hooks.order()
    await hooks.send()

    assert ["customer.created", "order.created", "order.created"] == sorted(till.kinds)
    assert 1 == len({message.json["data"]["customer"] for message in till.heard})
