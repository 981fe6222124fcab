"""A request from its coming in to its decision: identity, deadline, extension, legal hold, reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flow.kit.clock import FixedClock
from flow.privacy.rights import service, store
from flow.privacy.rights.deadlines import days_left, delete_expired_files, remind
from flow.privacy.rights.erasing import dry_run
from flow.privacy.rights.errors import CannotExtend, IdentityNotChecked, NoContact, RequestClosed, UnderLegalHold
from flow.privacy.rights.persons import person_from
from flow.privacy.rights.restricting import is_restricted
from flow.privacy.rights.types import Person
from flow.privacy.subjects import pseudonym
from tests.privacy.rights.conftest import OPERATOR, House
from tests.privacy.rights.subject import EMAIL, PHONE

RECEIVED = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_a_request_holds_no_contact_in_the_open(house: House) -> None:
    request_id = await house.request("access", approved=False)
    [(row,)] = house.rows("select to_jsonb(r)::text from public.privacy_requests r where id = %s", request_id)

    assert PHONE not in str(row) and PHONE[3:] not in str(row)
    assert "+45 •••• 56" == (await house.find(request_id)).subject_hint


async def test_nothing_is_done_before_identity_is_checked(house: House) -> None:
    async with house.means.database.as_service() as transaction:
        request_id = await service.receive(house.means, transaction, house.anna, kind="erasure", actor=OPERATOR)
        with pytest.raises(IdentityNotChecked):
            await service.approve(house.means, transaction, request_id, actor=OPERATOR)


async def test_a_request_is_due_in_thirty_days_and_may_be_extended_once_with_a_reason(house: House) -> None:
    means = replace(house.means, clock=FixedClock(RECEIVED))
    async with means.database.as_service() as transaction:
        request_id = await service.receive(means, transaction, house.anna, kind="access", actor=OPERATOR)
        request = await store.find_request(transaction, request_id)
        assert RECEIVED + timedelta(days=30) == request.due_at
        with pytest.raises(CannotExtend):
            await service.extend(means, transaction, request_id, days=30, reason=" ", actor=OPERATOR)
        with pytest.raises(CannotExtend):
            await service.extend(means, transaction, request_id, days=61, reason="Many tables", actor=OPERATOR)
        due = await service.extend(means, transaction, request_id, days=60, reason="Many tables", actor=OPERATOR)
        assert RECEIVED + timedelta(days=90) == due
        with pytest.raises(CannotExtend):
            await service.extend(means, transaction, request_id, days=1, reason="More", actor=OPERATOR)


async def test_an_overdue_request_cannot_be_extended(house: House) -> None:
    clock = FixedClock(RECEIVED)
    means = replace(house.means, clock=clock)
    async with means.database.as_service() as transaction:
        request_id = await service.receive(means, transaction, house.anna, kind="access", actor=OPERATOR)
        clock.advance(timedelta(days=31))
        with pytest.raises(CannotExtend):
            await service.extend(means, transaction, request_id, days=30, reason="Late", actor=OPERATOR)


async def test_staff_are_reminded_a_week_before_the_day_before_and_when_it_is_late(house: House) -> None:
    clock = FixedClock(RECEIVED)
    means = replace(house.means, clock=clock)
    async with means.database.as_service() as transaction:
        await service.receive(means, transaction, house.anna, kind="access", actor=OPERATOR)
    told = []
    for days in (1, 20, 3, 1, 4, 1, 1, 1):
        clock.advance(timedelta(days=days))
        told.append(await remind(means))

    assert [0, 0, 1, 0, 1, 1, 0, 0] == told
    assert [("info",), ("warning",), ("critical",)] == house.rows(
        "select severity from public.notifications where kind = 'privacy_request' order by created_at"
    )


def test_the_clock_counts_whole_days_that_are_left() -> None:
    assert 29 == days_left(RECEIVED + timedelta(days=30), RECEIVED + timedelta(hours=1))
    assert -1 == days_left(RECEIVED, RECEIVED + timedelta(hours=1))


async def test_a_decided_request_is_decided_once(house: House) -> None:
    done = await house.done("restriction")
    async with house.means.database.as_service() as transaction:
        with pytest.raises(RequestClosed):
            await service.approve(house.means, transaction, done.id, actor=OPERATOR)
        with pytest.raises(RequestClosed):
            await service.refuse(house.means, transaction, done.id, reason="No", actor=OPERATOR)


async def test_a_refusal_keeps_its_reason_and_wipes_the_contact(house: House) -> None:
    request_id = await house.request("erasure", approved=False)
    async with house.means.database.as_service() as transaction:
        await service.refuse(house.means, transaction, request_id, reason="Not the same person", actor=OPERATOR)

    assert [("refused", "Not the same person", None)] == house.rows(
        "select status, decision_reason, sealed from public.privacy_requests where id = %s", request_id
    )


async def test_a_legal_hold_stops_an_erasure_before_and_after_it_was_approved(house: House) -> None:
    approved = await house.request("erasure")
    waiting = await house.request("erasure", approved=False)
    subject = pseudonym(house.means.secrets[0], EMAIL)
    house.execute(
        "insert into public.legal_holds (restaurant_id, id, subject, reason) "
        "values (%s, gen_random_uuid(), %s, 'A case')",
        house.napoli,
        subject,
    )
    async with house.means.database.as_service() as transaction:
        with pytest.raises(UnderLegalHold):
            await service.approve(house.means, transaction, waiting, actor=OPERATOR)
    await service.carry_out(house.means, approved)

    assert "held" == (await house.find(approved)).status
    assert [("Anna Hansen",)] == house.rows("select name from public.customers where restaurant_id = %s", house.napoli)


async def test_a_dry_run_counts_what_goes_and_writes_nothing(house: House) -> None:
    before = house.dump()
    found = await dry_run(house.means, house.anna)

    assert before.replace("\n", "") != ""
    assert 1 == found.rows["customers", "rows"] == found.rows["orders", "rows"] == found.rows["messages", "rows"]
    assert found.rows["webhook_logs", "text"] == 1
    assert "user_consents.subject" not in found.kept
    assert [] == house.rows("select from public.privacy_requests")
    assert _rows_of(before) == _rows_of(house.dump())


async def test_a_restricted_guest_is_known_as_such_by_any_contact_until_it_ends(house: House) -> None:
    done = await house.done("restriction")
    async with house.means.database.as_service() as transaction:
        asked = [
            await is_restricted(transaction, restaurant, contact, secrets=house.means.secrets)
            for restaurant in (house.napoli, house.tivoli)
            for contact in (PHONE, EMAIL, "somebody@example.com")
        ]
        assert [True, True, False, False, False, False] == asked
        assert 0 < await store.end_restrictions(transaction, done.id, now=house.means.clock.now())
        assert not await is_restricted(transaction, house.napoli, PHONE, secrets=house.means.secrets)


async def test_whoever_restricts_withdraws_all_consent(house: House) -> None:
    await house.done("objection")

    assert [(False,), (False,)] == house.rows(
        "select granted from public.user_consents where restaurant_id = %s and consent_type = 'marketing'", house.napoli
    )


async def test_an_export_is_deleted_when_its_time_is_over(house: House) -> None:
    done = await house.done("access")
    assert done.file_name is not None
    path = house.means.exports / done.file_name
    later = replace(house.means, clock=FixedClock(house.means.clock.now() + timedelta(days=8)))

    assert path.exists()
    assert 0 == await delete_expired_files(house.means)
    assert 1 == await delete_expired_files(later)
    assert not path.exists()
    assert None is (await house.find(done.id)).file_name


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20 12 34 56", Person(restaurant_id=None, phones=("+4520123456",))),
        (" Anna.Hansen@Example.com ", Person(restaurant_id=None, emails=("anna.hansen@example.com",))),
    ],
)
def test_a_contact_is_understood_however_it_is_typed(typed: str, expected: Person) -> None:
    assert expected == person_from(restaurant_id=None, country="DK", contact=typed)


@pytest.mark.parametrize("typed", ["", "Anna", "123", "anna@"])
def test_what_is_no_contact_is_refused(typed: str) -> None:
    with pytest.raises(NoContact):
        person_from(restaurant_id=None, country="DK", contact=typed)


def _rows_of(dump: str) -> list[str]:
    return sorted(line for line in dump.splitlines() if line.startswith("INSERT"))
