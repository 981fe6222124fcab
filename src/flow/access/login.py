"""Logging in: rate limits, the password, the lock after too many failures, the second factor, a new session.

Whatever is wrong, the answer and the time it takes are the same, so that nobody learns which addresses have users.
The password is checked between two transactions: a storm of log-ins must not hold database connections.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal
from uuid import UUID

from limits import parse as rule

from flow.access import audit, store
from flow.access.errors import WrongCredentials
from flow.access.passwords import hash_password, is_outdated, matches
from flow.access.second_factor.errors import NoSecondFactor, SecondFactorRequired
from flow.access.second_factor.service import check
from flow.access.tickets import make_ticket, open_ticket
from flow.access.tokens import AccessToken, issue
from flow.access.types import Credentials, LiveSession
from flow.database.installation import Installation
from flow.database.transaction import Transaction
from flow.errors import NotAuthenticated, TooManyRequests
from flow.kit.contact import contact_hash
from flow.kit.ids import new_id
from flow.web.services import Services

SESSION_LIFE = timedelta(days=30)
MOST_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)
_PER_ADDRESS = rule("100 per 5 minutes")
_PER_EMAIL = rule("10 per 15 minutes")
_PURPOSE = b"flow.login_failures"
Aal = Literal["aal1", "aal2"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door. `address` is where from, `device` with what, in words."""

    email: str
    password: str
    address: str
    device: str
    code: str | None = None


async def log_in(services: Services, attempt: Attempt) -> AccessToken:
    """Opens a session in one step.

    WrongCredentials; SecondFactorRequired when the password is right but a code is missing; WrongCode; TooManyRequests
    when it is time to pause.
    """
    credentials = await _check_password(services, attempt)
    if not credentials.has_second_factor:
        return await open_session(services, credentials, device=attempt.device, aal="aal1")
    if not attempt.code:
        raise SecondFactorRequired
    await check(services, credentials.user_id, attempt.code)
    return await open_session(services, credentials, device=attempt.device, aal="aal2")


async def begin_log_in(services: Services, attempt: Attempt) -> AccessToken | str:
    """The first of two steps: a session, or the ticket for the second step where a code is asked for."""
    credentials = await _check_password(services, attempt)
    if credentials.has_second_factor:
        return make_ticket(services.secrets, credentials, now=services.clock.now())
    return await open_session(services, credentials, device=attempt.device, aal="aal1")


async def finish_log_in(services: Services, ticket: str, code: str, *, address: str, device: str) -> AccessToken:
    """The second step; NotAuthenticated when the first one has to be done again, WrongCode or TooManyRequests."""
    services.limits.hit(_PER_ADDRESS, "log-in", address)
    credentials = await _credentials_of_ticket(services, ticket)
    await check(services, credentials.user_id, code)
    return await open_session(services, credentials, device=device, aal="aal2")


async def step_up(services: Services, session: UUID, user: UUID, code: str, *, device: str) -> AccessToken:
    """A session with a second factor in place of `session`, which ends: an old token gains no new rights.

    NoSecondFactor when the user has none; WrongCode or TooManyRequests.
    """
    credentials = await usable_credentials(services, user)
    if not credentials.has_second_factor:
        raise NoSecondFactor
    await check(services, user, code)
    return await open_session(services, credentials, device=device, aal="aal2", instead_of=session)


async def usable_credentials(services: Services, user: UUID) -> Credentials:
    """The credentials of a user who may log in; NotAuthenticated otherwise."""
    async with services.database.as_service() as transaction:
        credentials = await store.credentials_of(transaction, user)
    if credentials is None or credentials.is_barred:
        raise NotAuthenticated
    return credentials


async def confirm_password(services: Services, user: UUID, password: str) -> Credentials:
    """The user's credentials if this is their password; WrongCredentials, or TooManyRequests as at log-in."""
    email = (await usable_credentials(services, user)).email
    services.limits.hit(_PER_EMAIL, "log-in", email)
    return await _hold(services, email, password)


async def open_session(
    services: Services, credentials: Credentials, *, device: str, aal: Aal, instead_of: UUID | None = None
) -> AccessToken:
    """A new session, whose id nobody knew before, so that nobody can plant theirs; `instead_of` ends with it."""
    now = services.clock.now()
    session = LiveSession(
        id=new_id(),
        user_id=credentials.user_id,
        email=credentials.email,
        name=credentials.name,
        created_at=now,
        expires_at=now + SESSION_LIFE,
        aal=aal,
    )
    async with services.database.as_service() as transaction:
        if instead_of is not None:
            await store.end_session(transaction, instead_of, user=session.user_id, now=now)
        await store.open_session(
            transaction, session.id, user=session.user_id, at=now, expires_at=session.expires_at, device=device, aal=aal
        )
        await audit.note(
            transaction,
            "logged_in",
            "Somebody logged in.",
            at=now,
            by=session.user_id,
            of=session.user_id,
            facts={"session": str(session.id), "aal": aal},
        )
    return issue(services.issuer, session, now=now)


def email_hash(installation: Installation, email: str) -> str:
    """What attempts with an address (lower case) are counted by: nobody reads the address back."""
    return contact_hash(email, hmac.digest(installation.secret, _PURPOSE, hashlib.sha256))


async def _check_password(services: Services, attempt: Attempt) -> Credentials:
    email = attempt.email.strip().lower()
    services.limits.hit(_PER_ADDRESS, "log-in", attempt.address)
    services.limits.hit(_PER_EMAIL, "log-in", email)
    return await _hold(services, email, attempt.password)


async def _hold(services: Services, email: str, password: str) -> Credentials:
    """The credentials of this address if the password is theirs. The attempt is counted before it is looked at."""
    counted = email_hash(services.installation, email)
    async with services.database.as_service() as transaction:
        until = await _take_attempt(services, transaction, counted)
        credentials = await store.find_credentials(transaction, email)
    held = await matches(password, credentials.password_hash if credentials else None)
    if until is not None:
        raise TooManyRequests(retry_after_seconds=ceil((until - services.clock.now()).total_seconds()))
    if credentials is None or not held or credentials.is_barred:
        raise WrongCredentials
    services.limits.forget(_PER_EMAIL, "log-in", email)
    async with services.database.as_service() as transaction:
        await store.forget_failures(transaction, counted)
    if is_outdated(credentials.password_hash):
        return await _rehash(services, credentials.user_id, password)
    return credentials


async def _take_attempt(services: Services, transaction: Transaction, counted: str) -> datetime | None:
    """Until when the address is locked, or None when this attempt may go on."""
    now = services.clock.now()
    has_locked = await store.take_attempt(transaction, counted, now=now, most=MOST_FAILURES, until=now + LOCKED_FOR)
    if has_locked:
        await audit.note(
            transaction,
            "log_in_locked",
            "Ten attempts to log in with one address in a row: it is locked for a while unless the last one held.",
            at=now,
            by=None,
            actor="nobody",
        )
    return await store.locked_until(transaction, counted) if has_locked is None else None


async def _rehash(services: Services, user: UUID, password: str) -> Credentials:
    fresh = await hash_password(password)
    async with services.database.as_service() as transaction:
        await store.replace_hash(transaction, user, fresh)
    return await usable_credentials(services, user)


async def _credentials_of_ticket(services: Services, text: str) -> Credentials:
    ticket = open_ticket(services.secrets, text, now=services.clock.now())
    credentials = await usable_credentials(services, ticket.user_id)
    if not ticket.is_for(credentials):
        raise NotAuthenticated
    return credentials
