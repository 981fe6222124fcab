"""Logging in: what is counted, locked and opened."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher

from flow.access.login import LOCKED_FOR, MOST_FAILURES
from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.web.services import Services
from tests.access.conftest import ANNA
from tests.connections import kept_connection
from tests.serving import PASSWORD


async def _try(http: httpx.AsyncClient, email: str = ANNA, password: str = PASSWORD) -> httpx.Response:
    return await http.post("/auth/login", json={"email": email, "password": password})


def _forget_limits(services: Services) -> None:
    """As after a restart: what is left is what the database keeps."""
    services.limits._limiter.storage.reset()


def _credentials(installation: Installation) -> tuple[object, ...]:
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute(
            "select coalesce(f.failed_attempts, 0), f.locked_until is not null, c.password_hash "
            "from app.user_credentials c left join app.login_failures f on true"
        ).fetchone()
    assert row is not None
    return row


@pytest.mark.usefixtures("anna")
async def test_an_address_is_taken_in_any_case_and_with_spaces_around(http: httpx.AsyncClient) -> None:
    assert 200 == (await _try(http, email="  Anna@NAPOLI.example ")).status_code


@pytest.mark.usefixtures("anna")
async def test_unknown_address_and_wrong_password_cannot_be_told_apart(http: httpx.AsyncClient) -> None:
    unknown = await _try(http, email="nobody@napoli.example")
    wrong = await _try(http, password="wrong horse battery")
    same = [{**answer.json()["error"], "request_id": ""} for answer in (unknown, wrong)]

    assert (401, 401) == (unknown.status_code, wrong.status_code)
    assert same[0] == same[1]


async def test_unknown_and_known_addresses_pause_after_as_many_attempts(http: httpx.AsyncClient, anna: UUID) -> None:
    statuses = {
        email: [(await _try(http, email=email, password="wrong horse battery")).status_code for _ in range(12)]
        for email in (ANNA, "nobody@napoli.example")
    }

    assert [401] * 10 + [429] * 2 == statuses[ANNA] == statuses["nobody@napoli.example"]


@pytest.mark.usefixtures("anna")
async def test_ten_failures_lock_the_account_across_a_restart_and_for_the_right_password_too(
    http: httpx.AsyncClient, services: Services, installation: Installation, clock: FixedClock
) -> None:
    for _ in range(MOST_FAILURES):
        await _try(http, password="wrong horse battery")
    _forget_limits(services)
    locked = await _try(http)
    clock.advance(LOCKED_FOR + timedelta(seconds=1))
    opened = await _try(http)

    assert (429, "900") == (locked.status_code, locked.headers["retry-after"])
    assert (200, (0, False)) == (opened.status_code, _credentials(installation)[:2])


@pytest.mark.usefixtures("anna", "quick_hashing")
async def test_a_lock_does_not_tell_which_addresses_have_users(
    http: httpx.AsyncClient, services: Services, clock: FixedClock
) -> None:
    """In another process too, whose memory counted nothing: the database locks unknown addresses as well."""
    statuses = {}
    for email in (ANNA, "nobody@napoli.example"):
        for _ in range(MOST_FAILURES):
            await _try(http, email=email, password="wrong horse battery")
        _forget_limits(services)
        statuses[email] = [(await _try(http, email=email, password="wrong horse battery")).status_code]
        clock.advance(LOCKED_FOR + timedelta(seconds=1))
        _forget_limits(services)
        statuses[email].append((await _try(http, email=email, password="wrong horse battery")).status_code)

    assert [429, 401] == statuses[ANNA] == statuses["nobody@napoli.example"]


@pytest.mark.usefixtures("anna", "quick_hashing")
async def test_guesses_at_once_are_counted_before_they_are_looked_at(
    http: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        services.limits, "hit", lambda *_: None
    )  # as many processes would, each with a count of its own
    statuses = await asyncio.gather(*(_try(http, password="wrong horse battery") for _ in range(40)))

    assert {401: MOST_FAILURES, 429: 40 - MOST_FAILURES} == Counter(answer.status_code for answer in statuses)


async def test_addresses_of_failures_are_kept_as_keyed_hashes(
    http: httpx.AsyncClient, installation: Installation
) -> None:
    await _try(http, email="nobody@napoli.example")
    with kept_connection(installation.owner_url) as connection:
        rows = connection.execute("select f::text, length(email_hash) from app.login_failures f").fetchall()

    assert [(False, 64)] == [("nobody" in text, length) for text, length in rows]


@pytest.mark.usefixtures("anna")
async def test_after_a_lock_the_count_begins_anew(
    http: httpx.AsyncClient, services: Services, installation: Installation, clock: FixedClock
) -> None:
    for _ in range(MOST_FAILURES):
        await _try(http, password="wrong horse battery")
    _forget_limits(services)
    clock.advance(LOCKED_FOR + timedelta(seconds=1))
    await _try(http, password="wrong horse battery")

    assert 1 == _credentials(installation)[0]
    assert 200 == (await _try(http)).status_code


@pytest.mark.usefixtures("anna", "quick_hashing")
async def test_the_right_password_forgets_the_failures_before(
    http: httpx.AsyncClient, installation: Installation
) -> None:
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            await _try(http, password="wrong horse battery")
        assert 200 == (await _try(http)).status_code

    assert 0 == _credentials(installation)[0]


@pytest.mark.usefixtures("anna", "quick_hashing")
async def test_one_address_cannot_try_one_password_on_everybody(http: httpx.AsyncClient) -> None:
    statuses = [(await _try(http, email=f"guest{number}@x.example")).status_code for number in range(101)]

    assert ([401] * 100, 429) == (statuses[:100], statuses[100])


@pytest.mark.parametrize("change", ["banned_until = now() + interval '1 day'", "deleted_at = now()"])
async def test_a_barred_user_is_refused_like_a_stranger(
    http: httpx.AsyncClient, anna: UUID, installation: Installation, change: str
) -> None:
    with kept_connection(installation.owner_url) as connection:
        connection.execute(f"update auth.users set {change}".encode())

    assert (401, "wrong_credentials") == ((answer := await _try(http)).status_code, answer.json()["error"]["code"])


async def test_a_hash_of_old_parameters_is_made_anew_at_log_in(
    http: httpx.AsyncClient, anna: UUID, installation: Installation
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192).hash(PASSWORD)
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update app.user_credentials set password_hash = %s", [old])
    await _try(http)

    assert str(_credentials(installation)[2]).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert 200 == (await _try(http)).status_code


@pytest.mark.usefixtures("anna")
async def test_every_log_in_is_a_session_of_its_own(http: httpx.AsyncClient) -> None:
    planted = {"cookie": "flow_session=planted"}
    answers = [
        await http.post("/auth/login", json={"email": ANNA, "password": PASSWORD}, headers=planted) for _ in range(2)
    ]

    assert 2 == len({answer.json()["session_id"] for answer in answers})
