"""A delivery is checked on its raw bytes, stored once, and acknowledged after the commit."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest

from flow.collect.webhooks.rows import inbox_context
from tests.collect.webhooks.acme import SECRET, inbox, signature, signed
from tests.collect.webhooks.conftest import Desk, connected
from tests.connections import kept_connection
from tests.factories import make_restaurant


async def test_a_signed_delivery_is_in_the_inbox_when_it_is_acknowledged(desk: Desk) -> None:
    answer = await desk.deliver("1 paid Smørrebrød".encode())

    assert (200, {"received": 1}) == (answer.status_code, answer.json())
    assert [("paid", "received", None, 0)] == inbox(desk.installation.owner_url)


async def test_what_the_provider_wrote_lies_sealed(desk: Desk) -> None:
    await desk.deliver(b"1 paid Anna Hansen")

    with kept_connection(desk.installation.owner_url) as connection:
        row = connection.execute("select id, payload_sealed from public.webhook_inbox").fetchone()
    assert row is not None
    assert b"Anna" not in row[1]
    assert b"Anna Hansen" == desk.installation.secret_box.open(row[1], inbox_context(row[0]))


async def test_a_person_is_found_by_pseudonym_and_a_foreign_number_is_none(desk: Desk) -> None:
    await desk.deliver(b"1 sms +4520123456\n2 sms +not-a-number")

    with kept_connection(desk.installation.owner_url) as connection:
        rows = connection.execute("select subject from public.webhook_inbox order by dedupe_key").fetchall()
    assert 64 == len(rows[0][0])
    assert rows[1][0] is None


async def test_a_duplicate_is_a_success_and_one_row(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.deliver(b"1 paid x\n2 paid y") for _ in range(20)))

    assert {200} == {answer.status_code for answer in answers}
    assert 2 == len(inbox(desk.installation.owner_url))


@pytest.mark.parametrize("position", range(13))
async def test_a_delivery_with_any_byte_changed_is_refused_and_leaves_nothing(desk: Desk, position: int) -> None:
    body = b"1 paid 24.950"
    changed = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]

    answer = await desk.http.post(desk.path, content=changed, headers=signed(body))

    assert (401, "bad_signature") == (answer.status_code, answer.json()["error"]["code"])
    assert [] == inbox(desk.installation.owner_url)


async def test_a_wrong_address_is_not_found(desk: Desk) -> None:
    body = b"1 paid x"
    token = desk.path.rpartition("/")[2]
    paths = [
        f"/api/webhooks/acme/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"/api/webhooks/stripe-like/{token}",
        "/api/webhooks/acme",
        "/api/webhooks/acme?rid=not-an-id",
        "/api/webhooks/acme?rid=22222222-2222-4222-8222-222222222222",
        "/api/webhooks/",
    ]

    answers = [await desk.http.post(path, content=body, headers=signed(body)) for path in paths]

    assert [404] * len(paths) == [answer.status_code for answer in answers]
    assert [] == inbox(desk.installation.owner_url)


async def test_an_address_may_say_more_before_its_token(desk: Desk) -> None:
    token = desk.path.rpartition("/")[2]

    answer = await desk.deliver(b"1 report x", f"/api/webhooks/acme/status/{token}")

    assert 200 == answer.status_code


async def test_the_address_of_the_specification_leads_by_restaurant_and_by_account(desk: Desk) -> None:
    by_restaurant = await desk.deliver(b"1 paid x", f"/api/webhooks/acme?rid={desk.restaurant}")
    by_account = await desk.deliver(b"2 paid x", "/api/webhooks/acme", **{"x-acme-account": "acme-17"})

    assert [200, 200] == [by_restaurant.status_code, by_account.status_code]
    assert 2 == len(inbox(desk.installation.owner_url))


async def test_of_several_accounts_each_gets_what_its_own_secret_signs(desk: Desk) -> None:
    other = make_restaurant(desk.installation.owner_url, "Roma")
    await connected(desk.database, desk.installation, other, account="acme-18", secret="another secret")

    answer = await desk.deliver(b"1 paid x", "/api/webhooks/acme", **{"x-acme-account": "acme-17,acme-18"})

    assert 200 == answer.status_code
    with kept_connection(desk.installation.owner_url) as connection:
        rows = connection.execute("select restaurant_id from public.webhook_inbox").fetchall()
    assert [(desk.restaurant,)] == rows


async def test_an_account_that_nobody_connected_is_thanked_and_forgotten(desk: Desk) -> None:
    answer = await desk.deliver(b"1 paid x", "/api/webhooks/acme", **{"x-acme-account": "nobody"})

    assert 200 == answer.status_code
    assert [] == inbox(desk.installation.owner_url)


async def test_a_signed_delivery_that_cannot_be_understood_is_kept_and_shown(desk: Desk) -> None:
    answer = await desk.deliver(b"garbage")

    assert 200 == answer.status_code
    assert [("unreadable_delivery", "parked", "unreadable_delivery", 0)] == inbox(desk.installation.owner_url)


async def test_what_the_table_does_not_take_is_put_into_a_shape_that_it_takes(desk: Desk) -> None:
    answer = await desk.deliver(("k" * 1000 + " " + "t" * 300 + " x\n" + "k\0 ty\0pe y").encode())

    assert 200 == answer.status_code
    assert {"t" * 100, "type"} == {row[0] for row in inbox(desk.installation.owner_url)}


async def test_a_greeting_is_answered_with_its_challenge_alone(desk: Desk) -> None:
    right = await desk.http.get(desk.path, params={"word": SECRET, "challenge": "1158201444"})
    wrong = await desk.http.get(desk.path, params={"word": "guess", "challenge": "1158201444"})

    assert (200, "1158201444") == (right.status_code, right.text)
    assert 403 == wrong.status_code


async def test_other_methods_and_large_bodies_are_refused(desk: Desk) -> None:
    put = await desk.http.put(desk.path)
    large = await desk.deliver(b"1 paid " + b"x" * (1024 * 1024))

    assert (405, "GET, POST") == (put.status_code, put.headers["allow"])
    assert 413 == large.status_code


async def test_a_new_secret_is_known_at_once(desk: Desk) -> None:
    await desk.deliver(b"1 paid x")
    await connected(desk.database, desk.installation, desk.restaurant, account="acme-17", secret="rotated")
    desk.clock.advance(timedelta(seconds=2))
    body = b"2 paid y"

    answer = await desk.http.post(desk.path, content=body, headers={"x-acme-signature": signature(body, "rotated")})

    assert 200 == answer.status_code


async def test_while_the_database_is_away_the_provider_is_asked_to_come_again(desk: Desk) -> None:
    with kept_connection(desk.installation.owner_url) as connection:
        connection.execute("alter table public.webhook_inbox rename to away")

    answer = await desk.deliver(b"1 paid x")

    assert (503, "1") == (answer.status_code, answer.headers["retry-after"])


async def test_a_lost_connection_loses_no_delivery_that_was_acknowledged(desk: Desk) -> None:
    await desk.deliver(b"1 paid x")
    with psycopg.connect(desk.installation.admin_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where usename = 'flow_worker' and datname = current_database()"
        )

    acknowledged = 0
    for number in range(2, 8):
        answer = await desk.deliver(f"{number} paid x".encode())
        assert answer.status_code in (200, 503)
        acknowledged += answer.status_code == 200

    assert acknowledged >= 4
    assert acknowledged + 1 <= len(inbox(desk.installation.owner_url))


async def test_one_delivery_that_the_table_refuses_does_not_refuse_the_others(desk: Desk) -> None:
    with kept_connection(desk.installation.owner_url) as connection:
        connection.execute("alter table public.webhook_inbox add check (event_type <> 'cursed')")

    bodies = [f"{number} {'cursed' if number == 3 else 'paid'} x".encode() for number in range(8)]
    answers = await asyncio.gather(*(desk.deliver(body) for body in bodies))

    assert [503 if number == 3 else 200 for number in range(8)] == [answer.status_code for answer in answers]
    assert 7 == len(inbox(desk.installation.owner_url))


@pytest.mark.parametrize("path", ["//acme", "/acme//", "//acme/", "/%2Facme", "/acme%2F%2F", "/x/../acme", "/./acme"])
async def test_an_address_that_is_written_oddly_passes_for_none_with_a_token(desk: Desk, path: str) -> None:
    """Providers that sign nothing trust the token; no spelling may lead to the address without one unseen."""
    body = b"1 paid x"
    odd = f"http://127.0.0.1:8010/api/webhooks{path}?rid={desk.restaurant}"
    request = desk.http.build_request("POST", odd, content=body, headers=signed(body))

    answer = await desk.http.send(request)

    words = request.url.raw_path.partition(b"?")[0].strip(b"/").split(b"/")
    assert answer.status_code == 404 or (answer.status_code == 200 and len(words) < 4)
