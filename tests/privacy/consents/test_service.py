"""Answers and how things stand after them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from flow.kit.ids import new_id
from flow.privacy.consents import service
from flow.privacy.consents.errors import ConfirmationOutdated, LinkNotFound, WrongChannel
from flow.privacy.consents.types import Collection
from tests.privacy.consents.conftest import EMAIL, PHONE, TEXT, Desk


async def test_a_yes_turns_it_on_and_a_no_turns_it_off_for_good(desk: Desk) -> None:
    assert await desk.is_on() is False
    await desk.answer(True)
    assert await desk.is_on() is True
    await desk.answer(True)
    await desk.answer(False)
    assert await desk.is_on() is False


async def test_a_no_works_without_a_yes_and_twice(desk: Desk) -> None:
    for _ in range(2):
        assert "confirmed" == (await desk.answer(False))[1]
    assert await desk.is_on() is False
    assert [(False,), (False,)] == desk.rows("select granted from public.user_consents order by number")


async def test_one_restaurants_consent_is_no_other_ones(desk: Desk) -> None:
    await desk.answer(True, restaurant=desk.napoli)
    assert [True, False] == [await desk.is_on(restaurant=each) for each in (desk.napoli, desk.tivoli)]
    await desk.answer(True, restaurant=desk.tivoli)
    await desk.answer(False, restaurant=desk.napoli)
    assert [False, True] == [await desk.is_on(restaurant=each) for each in (desk.napoli, desk.tivoli)]


async def test_channels_stand_apart(desk: Desk) -> None:
    person = service.user(desk.installation, new_id(), [PHONE, EMAIL])
    await desk.answer(True, person=person, channel="sms", method="settings_page")
    await desk.answer(True, person=person, channel="email", method="settings_page")
    await desk.answer(False, contact=PHONE, channel="sms")
    async with desk.database.as_service() as transaction:
        known, _ = await service.standing_of(transaction, person, desk.napoli, at=desk.now)
    assert {"sms": False, "email": True} == {each.question.channel: each.is_on for each in known}


async def test_a_guests_yes_at_the_checkout_waits_for_confirmation(desk: Desk) -> None:
    consent_id, status = await desk.answer(True, method="checkout")
    assert ("pending", False) == (status, await desk.is_on())
    [waiting] = await desk.standing()
    assert (False, consent_id) == (waiting.is_on, waiting.waiting and waiting.waiting.id)
    confirmed = await desk.confirm(consent_id)
    assert await desk.is_on() is True
    assert confirmed == await desk.confirm(consent_id)
    assert [(consent_id,)] == desk.rows("select confirms from public.user_consents where id = %s", confirmed)


async def test_what_was_withdrawn_since_cannot_be_confirmed(desk: Desk) -> None:
    consent_id, _ = await desk.answer(True, method="checkout")
    await desk.answer(False)
    with pytest.raises(ConfirmationOutdated):
        await desk.confirm(consent_id)
    assert await desk.is_on() is False


async def test_only_what_waits_can_be_confirmed(desk: Desk) -> None:
    withdrawal, _ = await desk.answer(False)
    for consent_id in (withdrawal, new_id()):
        with pytest.raises(LinkNotFound):
            await desk.confirm(consent_id)


async def test_somebody_who_types_the_number_again_changes_nothing_that_is_in_force(desk: Desk) -> None:
    first, _ = await desk.answer(True)
    again, status = await desk.answer(True, method="checkout")
    assert (first, "confirmed", True) == (again, status, await desk.is_on())


async def test_a_phone_number_consents_to_no_mail(desk: Desk) -> None:
    with pytest.raises(WrongChannel):
        await desk.answer(True, contact=PHONE, channel="email")
    await desk.answer(False, contact=PHONE, channel="email")


async def test_a_consent_lapses_when_its_text_says_so(desk: Desk) -> None:
    text = replace(TEXT, valid_days=365)
    await desk.answer(True, text=text)
    desk.now += timedelta(days=364)
    assert await desk.is_on() is True
    desk.now += timedelta(days=2)
    assert await desk.is_on() is False
    assert [False] == [each.is_on for each in await desk.standing()]


async def test_withdrawing_all_ends_what_is_on_and_what_waits(desk: Desk) -> None:
    await desk.answer(True)
    await desk.answer(True, restaurant=desk.tivoli, method="checkout")
    visitor = str(new_id())
    await desk.answer(True, contact=visitor, consent_type="analytics", channel="web", method="cookie_banner")
    assert 2 == await desk.withdraw_all()
    assert [False, False] == [each.is_on or each.waiting is not None for each in await desk.standing()]
    assert [True] == [each.is_on for each in await desk.standing(visitor)]
    assert 0 == desk.rows("select count(*) from public.consent_confirmations")[0][0]


async def test_withdrawing_all_without_any_yes_is_remembered(desk: Desk) -> None:
    assert 0 == await desk.withdraw_all(restaurant=desk.napoli)
    assert [("sms", False)] == desk.rows("select channel, granted from public.user_consents")


async def test_withdrawing_from_one_restaurant_leaves_the_others(desk: Desk) -> None:
    await desk.answer(True)
    await desk.answer(True, restaurant=desk.tivoli)
    assert 1 == await desk.withdraw_all(restaurant=desk.napoli)
    assert [False, True] == [await desk.is_on(restaurant=each) for each in (desk.napoli, desk.tivoli)]


async def test_a_withdrawal_holds_for_what_the_same_transaction_does_next(desk: Desk) -> None:
    await desk.answer(True)
    question = (await desk.standing())[0].question
    async with desk.database.as_service() as transaction:
        await service.withdraw_all(
            transaction,
            desk.guest(),
            desk.napoli,
            language="da",
            collection=Collection(method="unsubscribe"),
            at=desk.now,
        )
        found = await service.may_send(
            transaction, desk.installation, desk.napoli, PHONE, question.channel, at=desk.now
        )
    assert found is None


async def test_a_server_whose_clock_is_behind_still_withdraws(desk: Desk) -> None:
    await desk.answer(True)
    desk.now -= timedelta(hours=1)
    await desk.answer(False)
    desk.now += timedelta(hours=2)
    assert await desk.is_on() is False


async def test_of_a_withdrawal_and_a_confirmation_at_once_the_withdrawal_wins_or_comes_first(desk: Desk) -> None:
    for _ in range(5):
        pending, _ = await desk.answer(True, method="checkout")
        await asyncio.gather(desk.answer(False), desk.confirm(pending), return_exceptions=True)
        assert await desk.is_on() is False
        await desk.answer(False)


async def test_after_a_rotation_of_the_secret_an_old_consent_is_still_known_and_can_be_withdrawn(desk: Desk) -> None:
    await desk.answer(True)
    former = desk.installation
    desk.installation = replace(former, secret=b"n" * 32, old_secrets=(former.secret,))
    assert await desk.is_on() is True
    await desk.answer(False)
    assert await desk.is_on() is False


async def test_a_stranger_cannot_have_a_phone_filled_with_questions(desk: Desk) -> None:
    for _ in range(6):
        await desk.answer(True, method="checkout")
    assert [(3,)] == desk.rows("select count(*) from public.consent_confirmations")


async def test_evidence_cannot_be_changed_even_by_the_owner(desk: Desk) -> None:
    await desk.answer(True)
    with psycopg.connect(desk.installation.owner_url, autocommit=True) as connection:
        for statement in (
            b"update public.user_consents set granted = false",
            b"delete from public.user_consents",
            b"truncate public.user_consents",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(statement)


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
@pytest.mark.parametrize("privilege", ["update", "delete", "truncate"])
async def test_nobody_may_change_evidence(desk: Desk, role: str, privilege: str) -> None:
    assert [(False,)] == desk.rows("select has_table_privilege(%s, 'public.user_consents', %s)", role, privilege)


async def test_people_may_neither_record_nor_ask_for_others(desk: Desk) -> None:
    functions = desk.rows(
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'app'::regnamespace and p.proname in "
        "('record_consent', 'check_marketing_consent', 'consent_in_force', 'expire_consents')"
    )
    assert 4 == len(functions)
    for (function,) in functions:
        for role, may in (("anon", False), ("authenticated", False), ("service_role", True)):
            assert [(may,)] == desk.rows("select has_function_privilege(%s, %s, 'execute')", role, function)


async def test_a_guests_marketing_cannot_be_recorded_as_confirmed_past_the_application(desk: Desk) -> None:
    with (
        psycopg.connect(desk.installation.worker_url) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="a_guest_confirms_marketing"),
    ):
        connection.execute("set local role service_role")
        connection.execute(
            "select app.record_consent(%s, null, repeat('a', 64), 'marketing', 'sms', true, 'v', 't', 'checkout', "
            "null, '')",
            [desk.napoli],
        )
