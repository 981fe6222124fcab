"""Setting a second factor up, checking its codes, turning it off.

A code is checked between two transactions. The attempt is counted in the first, before anything is looked at: however
many guesses come at once, no more are looked at than the lock allows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from limits import parse as rule

from flow.access import audit
from flow.access.passwords import hash_password, matches
from flow.access.second_factor import codes, store
from flow.access.second_factor.errors import AlreadyInForce, NoSecondFactor, WrongCode
from flow.access.second_factor.types import FactorState, Setup
from flow.database.transaction import Transaction
from flow.errors import TooManyRequests
from flow.web.services import Services

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
"""After five wrong codes in a row; twice as long after each further five, at most a day."""
_LONGEST_LOCK = timedelta(days=1)
_RECOVERY_ATTEMPTS = rule("10 per 15 minutes")
_NOT_USED = FactorState(None, 0)


async def state_of(services: Services, user: UUID) -> FactorState:
    """Whether the user has a second factor in force, and how many recovery codes are left."""
    async with services.database.as_service() as transaction:
        return await store.state(transaction, user) or _NOT_USED


async def propose(services: Services, user: UUID) -> None:
    """Makes a secret that waits for its first code; AlreadyInForce when one is in use."""
    sealed = services.secrets.seal(codes.new_secret().encode(), _context(user))
    async with services.database.as_service() as transaction:
        if not await store.propose(transaction, user, sealed, at=services.clock.now()):
            raise AlreadyInForce


async def proposed(services: Services, user: UUID, *, email: str) -> Setup:
    """What waits for its first code; NoSecondFactor without it, AlreadyInForce once it came."""
    async with services.database.as_service() as transaction:
        factor = await store.find_factor(transaction, user)
    if factor is None:
        raise NoSecondFactor
    if factor.enabled_at is not None:
        raise AlreadyInForce
    secret = services.secrets.open(factor.secret_sealed, _context(user)).decode()
    address = codes.address(secret, email)
    return Setup(secret=secret, address=address, picture=codes.picture(address))


async def enable(services: Services, user: UUID, code: str) -> list[str]:
    """Puts the proposed second factor in force with its first code; answers the recovery codes, shown this once."""
    await check(services, user, code)
    fresh, hashes = await _fresh_recovery_codes()
    async with services.database.as_service() as transaction:
        now = services.clock.now()
        if not await store.enable(transaction, user, at=now):
            raise AlreadyInForce
        await store.replace_recovery_codes(transaction, user, hashes)
        await audit.note(transaction, "second_factor_enabled", "A second factor was set up.", at=now, by=user, of=user)
    return fresh


async def renew_recovery_codes(services: Services, user: UUID) -> list[str]:
    """New recovery codes in place of the old ones; NoSecondFactor without one in force."""
    fresh, hashes = await _fresh_recovery_codes()
    async with services.database.as_service() as transaction:
        factor = await store.find_factor(transaction, user)
        if factor is None or factor.enabled_at is None:
            raise NoSecondFactor
        await store.replace_recovery_codes(transaction, user, hashes)
        now = services.clock.now()
        await audit.note(
            transaction, "recovery_codes_renewed", "Recovery codes were renewed.", at=now, by=user, of=user
        )
    return fresh


async def turn_off(services: Services, user: UUID, *, by: UUID) -> None:
    """Ends the second factor, for who gave a code of it; NoSecondFactor when there is none."""
    async with services.database.as_service() as transaction:
        await remove(transaction, user, at=services.clock.now(), by=by)


async def remove(service: Transaction, user: UUID, *, at: datetime, by: UUID | None) -> None:
    """Ends a user's second factor; NoSecondFactor when there is none. `by` is None for who runs this installation."""
    if not await store.remove(service, user):
        raise NoSecondFactor
    await audit.note(
        service,
        "second_factor_removed",
        "A second factor was turned off.",
        at=at,
        by=by,
        of=user,
        actor="user" if by else "service",
    )


async def check(services: Services, user: UUID, text: str) -> None:
    """Takes a code of the app or a recovery code, each once. WrongCode, or TooManyRequests while it is locked."""
    code = codes.normalised(text)
    if codes.is_recovery_code(code):
        await _check_recovery_code(services, user, code)
    else:
        await _check_app_code(services, user, code)


async def _check_app_code(services: Services, user: UUID, code: str) -> None:
    now = services.clock.now()
    async with services.database.as_service() as transaction:
        taken = await store.take_attempt(
            transaction, user, now=now, most=MOST_FAILURES, shortest=LOCKED_FOR, longest=_LONGEST_LOCK
        )
        factor = None if taken else await store.find_factor(transaction, user)
    if taken is None:
        until = factor.locked_until if factor else None
        raise TooManyRequests(retry_after_seconds=ceil((until - now).total_seconds())) if until else NoSecondFactor
    secret = services.secrets.open(taken.secret_sealed, _context(user)).decode()
    step = codes.matching_step(secret, code, now=now) if codes.is_app_code(code) else None
    async with services.database.as_service() as transaction:
        if step is not None and await store.use_step(transaction, user, step):
            return
        if taken.locked_until is not None:
            await audit.note(
                transaction,
                "second_factor_locked",
                "Too many wrong codes: the second factor was locked for a while.",
                at=now,
                by=None,
                of=user,
                actor="nobody",
                facts={"failed_attempts": taken.failed, "until": taken.locked_until.isoformat()},
            )
    raise WrongCode


async def _check_recovery_code(services: Services, user: UUID, code: str) -> None:
    services.limits.hit(_RECOVERY_ATTEMPTS, "recovery code", str(user))
    slot = int(code[0])
    async with services.database.as_service() as transaction:
        code_hash = await store.find_recovery_hash(transaction, user, slot)
    held = await matches(code, code_hash)
    now = services.clock.now()
    async with services.database.as_service() as transaction:
        if not held or not await store.use_recovery_code(transaction, user, slot, at=now):
            raise WrongCode
        await store.forget_failures(transaction, user)
        left = (await store.state(transaction, user) or _NOT_USED).recovery_codes_left
        await audit.note(
            transaction,
            "recovery_code_used",
            "A recovery code was used.",
            at=now,
            by=user,
            of=user,
            facts={"left": left},
        )


async def _fresh_recovery_codes() -> tuple[list[str], dict[int, str]]:
    fresh = codes.new_recovery_codes()
    return [codes.readable(code) for code in fresh], {
        slot: await hash_password(code) for slot, code in enumerate(fresh)
    }


def _context(user: UUID) -> str:
    return f"totp:{user}"
