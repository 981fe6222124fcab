"""Items of the inbox have their effect once, together with the mark that says so."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from flow.collect.webhooks import store
from flow.collect.webhooks.working import MOST_ATTEMPTS, working
from tests.collect.webhooks.acme import effects, inbox
from tests.collect.webhooks.conftest import Desk
from tests.connections import kept_connection


async def test_an_item_is_applied_and_marked(desk: Desk) -> None:
    await desk.deliver(b"1 paid one\n2 unknown two\n3 foreign three")

    await desk.work()

    assert ["one"] == effects(desk.installation.owner_url)
    assert [
        ("foreign", "parked", "not_ours", 1),
        ("paid", "done", None, 1),
        ("unknown", "ignored", "unknown_type", 1),
    ] == inbox(desk.installation.owner_url)


async def test_a_duplicate_after_days_has_no_second_effect(desk: Desk) -> None:
    await desk.deliver(b"1 paid one")
    await desk.work()
    desk.clock.advance(timedelta(days=7))

    await desk.deliver(b"1 paid one")
    await desk.work()

    assert ["one"] == effects(desk.installation.owner_url)


async def test_an_error_leaves_nothing_behind_and_is_tried_again_later(desk: Desk) -> None:
    await desk.deliver(b"1 paid one")
    desk.acme.is_broken = True
    await desk.work()

    assert [] == effects(desk.installation.owner_url)
    assert [("paid", "received", "failed: RuntimeError", 1)] == inbox(desk.installation.owner_url)

    desk.acme.is_broken = False
    await desk.work()
    assert [] == effects(desk.installation.owner_url)
    desk.clock.advance(timedelta(seconds=11))
    await desk.work()
    assert ["one"] == effects(desk.installation.owner_url)


async def test_one_broken_item_holds_up_no_other(desk: Desk) -> None:
    await desk.deliver(b"1 paid one")
    desk.acme.is_broken = True
    await desk.work()
    desk.acme.is_broken = False

    await desk.deliver(b"2 paid two")
    await desk.work()

    assert ["two"] == effects(desk.installation.owner_url)


async def test_what_never_works_is_parked_with_its_reason_and_can_be_applied_again(desk: Desk) -> None:
    await desk.deliver(b"1 paid one")
    desk.acme.is_broken = True
    for _ in range(MOST_ATTEMPTS):
        await desk.work()
        desk.clock.advance(timedelta(hours=2))
    assert [("paid", "parked", "failed: RuntimeError", MOST_ATTEMPTS)] == inbox(desk.installation.owner_url)

    desk.acme.is_broken = False
    async with desk.database.as_service() as transaction:
        await store.apply_again(transaction, desk.restaurant, item=None, now=desk.clock.now())
    await desk.work()

    assert ["one"] == effects(desk.installation.owner_url)
    assert [("paid", "done", None, 1)] == inbox(desk.installation.owner_url)


async def test_the_log_of_webhooks_says_what_happened_and_quotes_nobody(desk: Desk) -> None:
    await desk.deliver(b"1 paid Anna Hansen")
    desk.acme.is_broken = True
    await desk.work()
    desk.acme.is_broken = False
    desk.clock.advance(timedelta(minutes=1))
    await desk.work()

    with kept_connection(desk.installation.owner_url) as connection:
        rows = connection.execute(
            "select webhook_type, webhook_name, url, status, retry_count, request_body, error_message, headers::text "
            "from public.webhook_logs"
        ).fetchall()
    assert [("incoming", "acme", "/api/webhooks/acme", "success", 1, None, None, "{}")] == rows


async def test_an_item_of_a_connection_that_was_ended_is_parked(desk: Desk) -> None:
    await desk.deliver(b"1 paid one")
    with kept_connection(desk.installation.owner_url) as connection:
        connection.execute("update public.integration_configs set status = 'inactive'")

    await desk.work()

    assert [("paid", "parked", "not_connected", 1)] == inbox(desk.installation.owner_url)


async def test_a_delivery_that_is_understood_by_now_is_read_again(desk: Desk) -> None:
    await desk.deliver(b"garbage")
    desk.acme.understands_garbage = True
    async with desk.database.as_service() as transaction:
        await store.apply_again(transaction, desk.restaurant, item=None, now=desk.clock.now())

    await desk.work()

    assert [("unnamed", "done", None, 1), ("unreadable_delivery", "done", None, 1)] == inbox(
        desk.installation.owner_url
    )


async def test_many_workers_at_once_apply_each_item_once(desk: Desk) -> None:
    await desk.deliver("\n".join(f"{number} paid {number:03}" for number in range(200)).encode())

    await asyncio.gather(*(desk.work() for _ in range(4)))

    assert [f"{number:03}" for number in range(200)] == effects(desk.installation.owner_url)


async def test_an_effect_comes_within_a_second(desk: Desk) -> None:
    running = asyncio.create_task(working([desk.acme]).run(desk.context, once=False))
    await asyncio.sleep(0.5)
    began = asyncio.get_running_loop().time()

    await desk.deliver(b"1 paid one")
    while not desk.acme.applied:
        assert asyncio.get_running_loop().time() - began < 5
        await asyncio.sleep(0.01)

    assert asyncio.get_running_loop().time() - began < 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
