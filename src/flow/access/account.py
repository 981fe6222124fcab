"""What people do with their own account, once they are logged in."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from flow.access import audit, letters, store
from flow.access.login import Aal, confirm_password, open_session, usable_credentials
from flow.access.passwords import hash_password
from flow.access.person import LoggedIn
from flow.access.second_factor import service as second_factor
from flow.access.tokens import AccessToken
from flow.database.transaction import Transaction
from flow.operations.mail.service import post
from flow.web.i18n import Language
from flow.web.services import Services


async def change_own_password(
    services: Services, person: LoggedIn, *, old: str, new: str, device: str, language: Language
) -> AccessToken:
    """Sets a new password and ends every log-in; the answer is a new one for who did it.

    WrongCredentials when `old` is not the password, WeakPassword when `new` is too short.
    """
    credentials = await confirm_password(services, person.user, old)
    fresh, now = await hash_password(new), services.clock.now()
    async with services.database.as_service() as transaction:
        await store.put_password(transaction, person.user, fresh, at=now)
        ended = await store.end_sessions_of(transaction, person.user, now=now)
        await audit.note(
            transaction,
            "password_changed",
            "A password was changed by its owner.",
            at=now,
            by=person.user,
            of=person.user,
            facts={"log_ins_ended": ended},
        )
        letter = letters.password_changed(language, link=forgotten_address(services))
        await post(
            transaction,
            services.secrets,
            letter,
            kind="password_changed",
            to=credentials.email,
            language=language,
            at=now,
        )
    renewed = await usable_credentials(services, person.user)
    return await open_session(services, renewed, device=device, aal=cast(Aal, person.aal))


async def enable_second_factor(
    services: Services, person: LoggedIn, code: str, *, device: str
) -> tuple[list[str], AccessToken]:
    """Puts the proposed second factor in force: recovery codes, and a session that counts it in place of this one."""
    recovery_codes = await second_factor.enable(services, person.user, code)
    credentials = await usable_credentials(services, person.user)
    token = await open_session(services, credentials, device=device, aal="aal2", instead_of=person.session)
    return recovery_codes, token


async def turn_second_factor_off(services: Services, person: LoggedIn, code: str, *, language: Language) -> None:
    """Ends the second factor with one of its codes, and tells its owner; WrongCode or TooManyRequests."""
    await second_factor.check(services, person.user, code)
    await second_factor.turn_off(services, person.user, by=person.user)
    letter = letters.second_factor_removed(language, link=forgotten_address(services))
    async with services.database.as_service() as transaction:
        await post(
            transaction,
            services.secrets,
            letter,
            kind="second_factor_removed",
            to=person.email,
            language=language,
            at=services.clock.now(),
        )


async def end_session(services: Services, person: LoggedIn, session: UUID) -> bool:
    """Ends one of the person's log-ins; False when it is none of theirs."""
    async with services.database.as_service() as transaction:
        now = services.clock.now()
        if not await store.end_session(transaction, session, user=person.user, now=now):
            return False
        await _note_ended(transaction, person, at=now, count=1)
    return True


async def end_other_sessions(services: Services, person: LoggedIn) -> None:
    """Ends every log-in of the person but the one they use."""
    async with services.database.as_service() as transaction:
        now = services.clock.now()
        ended = await store.end_sessions_but(transaction, person.session, user=person.user, now=now)
        await _note_ended(transaction, person, at=now, count=ended)


def forgotten_address(services: Services) -> str:
    """Where people ask for a new password."""
    return f"{services.settings.base_url}/password/forgotten"


async def _note_ended(transaction: Transaction, person: LoggedIn, *, at: datetime, count: int) -> None:
    await audit.note(
        transaction,
        "log_ins_ended",
        "Somebody ended log-ins of their own.",
        at=at,
        by=person.user,
        of=person.user,
        facts={"count": count},
    )
