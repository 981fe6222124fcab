"""Logging in: rate limits, the password, the lock after too many failures, a new session.

Whatever is wrong, the answer and the time it takes are the same, so that nobody learns which addresses have users.
The password is checked between two transactions: a storm of log-ins must not hold database connections.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from limits import parse as rule

from flow.access import store
from flow.access.errors import WrongCredentials
from flow.access.passwords import hash_password, is_outdated, matches
from flow.access.tokens import AccessToken, issue
from flow.access.types import Credentials, LiveSession
from flow.database.transaction import Transaction
from flow.errors import TooManyRequests
from flow.kit.ids import new_id
from flow.web.services import Services

SESSION_LIFE = timedelta(days=30)
MOST_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)
_PER_ADDRESS = rule("100 per 5 minutes")
_PER_EMAIL = rule("10 per 15 minutes")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door. `address` is where from, `device` with what, in words."""

    email: str
    password: str
    address: str
    device: str


async def log_in(services: Services, attempt: Attempt) -> AccessToken:
    """Opens a session; WrongCredentials, or TooManyRequests when it is time to pause."""
    email = attempt.email.strip().lower()
    services.limits.hit(_PER_ADDRESS, "log-in", attempt.address)
    services.limits.hit(_PER_EMAIL, "log-in", email)
    async with services.database.as_service() as transaction:
        credentials = await store.find_credentials(transaction, email)
    held = await matches(attempt.password, credentials.password_hash if credentials else None)
    _refuse_while_locked(services, credentials)
    if not held:
        await _count_failure(services, credentials)
    if credentials is None or not held or credentials.is_barred:
        raise WrongCredentials
    services.limits.forget(_PER_EMAIL, "log-in", email)
    async with services.database.as_service() as transaction:
        return await _open_session(services, transaction, credentials, attempt)


def _refuse_while_locked(services: Services, credentials: Credentials | None) -> None:
    until, now = credentials.locked_until if credentials else None, services.clock.now()
    if until is not None and until > now:
        raise TooManyRequests(retry_after_seconds=ceil((until - now).total_seconds()))


async def _count_failure(services: Services, credentials: Credentials | None) -> None:
    until = services.clock.now() + LOCKED_FOR
    user = credentials.user_id if credentials else new_id()  # nobody's, to take the same time
    async with services.database.as_service() as transaction:
        await store.count_failure(transaction, user, most=MOST_FAILURES, until=until)


async def _open_session(
    services: Services, transaction: Transaction, credentials: Credentials, attempt: Attempt
) -> AccessToken:
    now = services.clock.now()
    session = LiveSession(
        id=new_id(),  # a new one each time, so that nobody can plant theirs
        user_id=credentials.user_id,
        email=credentials.email,
        name=credentials.name,
        created_at=now,
        expires_at=now + SESSION_LIFE,
    )
    await store.forget_failures(transaction, session.user_id)
    await store.open_session(
        transaction, session.id, user=session.user_id, at=now, expires_at=session.expires_at, device=attempt.device
    )
    if is_outdated(credentials.password_hash):
        await store.replace_hash(transaction, session.user_id, await hash_password(attempt.password))
    return issue(services.issuer, session, now=now)
