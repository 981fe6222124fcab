"""Evidence leaves five years after it ended, and never so that a consent comes back to life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.privacy.consents.conftest import PHONE, Desk

LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
LEFT = "select granted, status from public.user_consents order by number"


def expire(desk: Desk, *, before: datetime = BEFORE, most: int = 100, held: tuple[str, ...] = ()) -> int:
    with psycopg.connect(desk.installation.worker_url) as connection:
        connection.execute("set role service_role")
        row = connection.execute("select app.expire_consents(%s, %s, %s)", [before, most, list(held)]).fetchone()
    assert row is not None
    return int(row[0])


async def test_what_ended_long_ago_goes_and_what_is_in_force_stays(desk: Desk) -> None:
    desk.now = LONG_AGO
    await desk.answer(True)
    await desk.answer(False)
    await desk.answer(True, restaurant=desk.tivoli)
    await desk.answer(True, contact="+4521212121", method="checkout")
    assert (3, [(True, "confirmed")]) == (expire(desk), desk.rows(LEFT))
    assert await desk.is_on(restaurant=desk.tivoli) is True


async def test_a_grant_that_ended_lately_stays_as_proof(desk: Desk) -> None:
    desk.now = LONG_AGO
    await desk.answer(True)
    desk.now = BEFORE + timedelta(days=1)
    await desk.answer(False)
    assert (0, 2) == (expire(desk), len(desk.rows(LEFT)))


async def test_no_batch_deletes_a_withdrawal_before_the_grant_that_it_ended(desk: Desk) -> None:
    desk.now = LONG_AGO
    for _ in range(3):
        await desk.answer(True)
        await desk.answer(False)
    while expire(desk, most=1):
        assert await desk.is_on() is False
    assert [] == desk.rows(LEFT)


async def test_a_person_under_legal_hold_is_left_alone(desk: Desk) -> None:
    desk.now = LONG_AGO
    await desk.answer(False)
    assert 0 == expire(desk, held=desk.guest(PHONE).subjects)


async def test_five_years_cannot_be_cut_short(desk: Desk) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="five years"):
        expire(desk, before=datetime.now(UTC) - timedelta(days=365))


async def test_the_setting_behind_the_door_opens_nothing_for_the_service(desk: Desk) -> None:
    await desk.answer(True)
    with (
        psycopg.connect(desk.installation.worker_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("set role service_role")
        connection.execute("set flow.expiring_consents = 'on'")
        connection.execute("delete from public.user_consents")
