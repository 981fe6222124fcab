"""The second factor: which codes count, and how often."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from flow.access.second_factor import codes, service, store
from flow.access.second_factor.errors import AlreadyInForce, NoSecondFactor, WrongCode
from flow.database.installation import Installation
from flow.errors import TooManyRequests
from flow.kit.clock import FixedClock
from flow.web.services import Services
from tests.access.factors import Phone, set_up
from tests.connections import kept_connection

HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def clock(clock: FixedClock) -> FixedClock:
    """Stands at the beginning of a time step, so that a test says what it means."""
    clock.set(clock.now() - timedelta(seconds=clock.now().timestamp() % 30))
    return clock


def _wrong(phone: Phone, clock: FixedClock) -> str:
    """A code that is none of the three that would count."""
    right = {phone.code(clock.now(), steps=step) for step in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


async def _guess(services: Services, user: UUID, code: str) -> type[Exception] | None:
    try:
        await service.check(services, user, code)
    except (WrongCode, TooManyRequests) as refused:
        return type(refused)
    return None


async def test_it_is_in_force_after_its_first_code_and_not_before(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    await service.propose(services, anna)
    before = await service.state_of(services, anna)
    phone = Phone((await service.proposed(services, anna, email="a@b.example")).secret)
    with pytest.raises(WrongCode):
        await service.enable(services, anna, _wrong(phone, clock))
    assert await service.state_of(services, anna) == before
    recovery_codes = await service.enable(services, anna, phone.code(clock.now()))
    after = await service.state_of(services, anna)

    assert (None, 0) == (before.enabled_at, before.recovery_codes_left)
    assert (clock.now(), 10, 10) == (after.enabled_at, after.recovery_codes_left, len(set(recovery_codes)))


async def test_a_code_counts_once(services: Services, anna: UUID, clock: FixedClock) -> None:
    phone, _ = await set_up(services, anna, clock)
    assert WrongCode is await _guess(services, anna, phone.code(clock.now()))
    clock.advance(HALF_MINUTE)
    code = phone.code(clock.now())

    assert [None, WrongCode] == [await _guess(services, anna, code), await _guess(services, anna, code)]


async def test_a_code_that_comes_ten_times_at_once_counts_once(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    phone, _ = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    code = phone.code(clock.now())
    answers = await asyncio.gather(*(_guess(services, anna, code) for _ in range(4)))

    assert 1 == answers.count(None)


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_clock_may_be_half_a_minute_off(
    services: Services, anna: UUID, clock: FixedClock, steps: int, counts: bool
) -> None:
    phone, _ = await set_up(services, anna, clock)
    clock.advance(10 * HALF_MINUTE)

    assert counts is (await _guess(services, anna, phone.code(clock.now(), steps=steps)) is None)


async def test_after_a_code_of_the_next_half_minute_the_present_one_does_not_count(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    phone, _ = await set_up(services, anna, clock)
    clock.advance(10 * HALF_MINUTE)

    assert [None, WrongCode] == [await _guess(services, anna, phone.code(clock.now(), steps=steps)) for steps in (1, 0)]


async def test_five_wrong_codes_lock_it_for_longer_each_time_even_for_the_right_code(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    phone, _ = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    pauses = []
    for _ in range(3):
        guesses = [await _guess(services, anna, _wrong(phone, clock)) for _ in range(5)]
        assert [WrongCode] * 5 == guesses
        with pytest.raises(TooManyRequests) as refused:
            await service.check(services, anna, phone.code(clock.now()))
        pauses.append(refused.value.retry_after_seconds)
        clock.advance(timedelta(seconds=refused.value.retry_after_seconds))
    opened = await _guess(services, anna, phone.code(clock.now()))

    assert ([900, 1800, 3600], None) == (pauses, opened)


async def test_two_hundred_guesses_at_once_are_not_looked_at(
    services: Services, anna: UUID, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _ = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    looked_at = []
    compare = codes.matching_step

    def note(secret: str, code: str, *, now: object) -> int | None:
        looked_at.append(code)
        return compare(secret, code, now=clock.now())

    monkeypatch.setattr(codes, "matching_step", note)
    wrong = _wrong(phone, clock)
    answers = await asyncio.gather(*(_guess(services, anna, wrong) for _ in range(200)))

    assert ([wrong] * 5, 5, 195) == (looked_at, answers.count(WrongCode), answers.count(TooManyRequests))


async def test_the_lock_grows_to_a_day_and_no_further(
    services: Services, anna: UUID, clock: FixedClock, installation: Installation
) -> None:
    phone, _ = await set_up(services, anna, clock)
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update public.user_2fa_settings set failed_attempts = 1000004")
    await _guess(services, anna, _wrong(phone, clock))
    async with services.database.as_service() as transaction:
        factor = await store.find_factor(transaction, anna)

    assert factor is not None
    assert clock.now() + timedelta(days=1) == factor.locked_until


async def test_a_recovery_code_opens_once_and_while_it_is_locked_too(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    phone, recovery_codes = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    for _ in range(5):
        await _guess(services, anna, _wrong(phone, clock))
    typed = recovery_codes[3].lower().replace("-", " ")
    answers = [await _guess(services, anna, typed), await _guess(services, anna, typed)]

    assert ([None, WrongCode], 9) == (answers, (await service.state_of(services, anna)).recovery_codes_left)
    assert None is await _guess(services, anna, phone.code(clock.now()))


async def test_a_recovery_code_that_comes_many_times_at_once_counts_once(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    _, recovery_codes = await set_up(services, anna, clock)
    answers = await asyncio.gather(*(_guess(services, anna, recovery_codes[0]) for _ in range(4)))

    assert 1 == answers.count(None)


async def test_recovery_codes_cannot_be_guessed_at_length(services: Services, anna: UUID, clock: FixedClock) -> None:
    await set_up(services, anna, clock)
    answers = [await _guess(services, anna, "3ABCDE-FGHJK") for _ in range(12)]

    assert [WrongCode] * 10 + [TooManyRequests] * 2 == answers


async def test_new_recovery_codes_end_the_old_ones(services: Services, anna: UUID, clock: FixedClock) -> None:
    _, old = await set_up(services, anna, clock)
    new = await service.renew_recovery_codes(services, anna)

    assert [WrongCode, None] == [await _guess(services, anna, old[0]), await _guess(services, anna, new[0])]


async def test_one_in_force_cannot_be_replaced_by_a_new_secret(
    services: Services, anna: UUID, clock: FixedClock
) -> None:
    await set_up(services, anna, clock)
    with pytest.raises(AlreadyInForce):
        await service.propose(services, anna)
    with pytest.raises(AlreadyInForce):
        await service.proposed(services, anna, email="a@b.example")


async def test_turned_off_nothing_of_it_is_left(
    services: Services, anna: UUID, clock: FixedClock, installation: Installation
) -> None:
    await set_up(services, anna, clock)
    await service.turn_off(services, anna, by=anna)
    with pytest.raises(NoSecondFactor):
        await service.turn_off(services, anna, by=anna)
    with kept_connection(installation.owner_url) as connection:
        left = connection.execute(
            "select (select count(*) from public.user_2fa_settings) + (select count(*) from app.recovery_codes)"
        ).fetchone()

    assert (0,) == left


async def test_neither_secret_nor_recovery_code_lies_readable_in_the_database(
    services: Services, anna: UUID, clock: FixedClock, installation: Installation
) -> None:
    phone, recovery_codes = await set_up(services, anna, clock)
    with kept_connection(installation.owner_url) as connection:
        factors = connection.execute("select f::text, encode(secret_sealed, 'escape') from public.user_2fa_settings f")
        hashes = connection.execute("select code_hash from app.recovery_codes").fetchall()
        kept = " ".join(str(row) for row in [*factors.fetchall(), *hashes])

    assert phone.secret not in kept
    assert all(code.replace("-", "") not in kept for code in recovery_codes)
    assert all(row[0].startswith("$argon2id$") for row in hashes)


async def test_a_secret_copied_to_another_user_does_not_open_there(
    services: Services, anna: UUID, clock: FixedClock, installation: Installation
) -> None:
    from flow.kit.secrets import CannotOpen
    from tests.serving import make_login

    phone, _ = await set_up(services, anna, clock)
    victim = make_login(installation.owner_url, "victor@napoli.example")
    await set_up(services, victim, clock)
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "update public.user_2fa_settings set last_step = 0, secret_sealed = "
            "(select secret_sealed from public.user_2fa_settings where user_id = %s)",
            [anna],
        )
    with pytest.raises(CannotOpen):
        await service.check(services, victim, phone.code(clock.now()))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "12345a", "' or 1=1", "9" * 5000])
async def test_what_is_no_code_is_refused(services: Services, anna: UUID, clock: FixedClock, code: str) -> None:
    await set_up(services, anna, clock)

    assert WrongCode is await _guess(services, anna, code)


async def test_every_act_is_in_the_audit_log_without_codes_or_addresses(
    services: Services, anna: UUID, clock: FixedClock, installation: Installation
) -> None:
    phone, recovery_codes = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    for _ in range(5):
        await _guess(services, anna, _wrong(phone, clock))
    await _guess(services, anna, recovery_codes[0])
    await service.renew_recovery_codes(services, anna)
    await service.turn_off(services, anna, by=anna)
    with kept_connection(installation.owner_url) as connection:
        rows = connection.execute(
            "select action, performed_by, subject, l::text from public.gdpr_audit_log l order by id"
        ).fetchall()

    assert [
        ("second_factor_enabled", anna),
        ("second_factor_locked", None),
        ("recovery_code_used", anna),
        ("recovery_codes_renewed", anna),
        ("second_factor_removed", anna),
    ] == [row[:2] for row in rows]
    assert {str(anna)} == {row[2] for row in rows}
    assert not any("@" in row[3] or phone.secret in row[3] for row in rows)
