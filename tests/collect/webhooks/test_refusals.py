"""What was refused is counted by the hour and outlives the process, without a write for each request."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tests.collect.webhooks.acme import signature
from tests.collect.webhooks.conftest import NOW, Desk, connected
from tests.connections import kept_connection
from tests.factories import make_restaurant

HOUR = timedelta(hours=1)


def _kept(desk: Desk) -> list[tuple[UUID, datetime, str, str, int]]:
    with kept_connection(desk.installation.owner_url) as connection:
        return connection.execute(
            "select restaurant_id, hour, provider, reason, deliveries from public.webhook_refusals "
            "order by hour, reason, deliveries"
        ).fetchall()


async def _forge(desk: Desk, times: int, path: str | None = None, **headers: str) -> None:
    for _ in range(times):
        answer = await desk.http.post(
            path or desk.path, content=b"1 paid x", headers={"x-acme-signature": "forged", **headers}
        )
        assert 401 == answer.status_code


async def test_a_flood_is_counted_in_memory_and_kept_as_one_row(desk: Desk) -> None:
    await _forge(desk, 50)
    before = _kept(desk)
    await desk.receiving.refusals.keep()

    assert [] == before
    assert [(desk.restaurant, NOW, "acme", "bad_signature", 50)] == _kept(desk)


async def test_later_ones_are_added_to_their_own_hour(desk: Desk) -> None:
    await _forge(desk, 2)
    await desk.receiving.refusals.keep()
    desk.clock.advance(timedelta(minutes=59))
    await _forge(desk, 3)
    desk.clock.advance(timedelta(minutes=1))
    await _forge(desk, 1)
    await desk.receiving.refusals.keep()
    await desk.receiving.refusals.keep()

    assert [(NOW, 5), (NOW + HOUR, 1)] == [(row[1], row[4]) for row in _kept(desk)]


async def test_a_process_that_ends_keeps_what_it_has_counted(desk: Desk) -> None:
    await _forge(desk, 4)
    await desk.receiving.stop()

    assert [4] == [row[4] for row in _kept(desk)]


async def test_while_the_database_is_away_the_counts_wait(desk: Desk) -> None:
    await _forge(desk, 4)
    with kept_connection(desk.installation.owner_url) as connection:
        connection.execute("alter table public.webhook_refusals rename to away")
        await desk.receiving.refusals.keep()
        connection.execute("alter table public.away rename to webhook_refusals")
    await _forge(desk, 1)
    await desk.receiving.refusals.keep()

    assert [5] == [row[4] for row in _kept(desk)]


async def test_a_wrong_word_in_a_greeting_is_counted_as_such(desk: Desk) -> None:
    await desk.http.get(desk.path, params={"word": "guess", "challenge": "1"})
    await desk.receiving.refusals.keep()

    assert [("greeting_refused", 1)] == [row[3:] for row in _kept(desk)]


async def test_one_that_names_several_accounts_is_counted_for_each(desk: Desk) -> None:
    other = make_restaurant(desk.installation.owner_url, "Roma")
    await connected(desk.database, desk.installation, other, account="acme-18", secret="another secret")
    await _forge(desk, 1, "/api/webhooks/acme", **{"x-acme-account": "acme-17,acme-18"})
    await desk.receiving.refusals.keep()

    assert {desk.restaurant, other} == {row[0] for row in _kept(desk)}


async def test_what_is_signed_or_in_nobodys_name_is_not_counted(desk: Desk) -> None:
    body = b"1 paid x"
    await desk.deliver(body)
    token = desk.path.rpartition("/")[2]
    for path in (f"/api/webhooks/acme/{token[:-2]}xx", "/api/webhooks/nobody"):
        answer = await desk.http.post(path, content=body, headers={"x-acme-signature": signature(body, "guess")})
        assert 404 == answer.status_code
    await desk.receiving.refusals.keep()

    assert [] == _kept(desk)
