"""Asking for a new password, and setting it."""

from __future__ import annotations

from limits import parse as rule

from flow.access import audit, letters
from flow.access.account import forgotten_address
from flow.access.login import email_hash
from flow.access.passwords import hash_password
from flow.access.resets import store
from flow.access.resets.errors import LinkOver
from flow.access.resets.links import read_link
from flow.access.resets.types import OpenReset
from flow.access.store import end_sessions_of, forget_failures, put_password
from flow.kit.ids import new_id
from flow.operations.mail.service import post
from flow.web.i18n import Language
from flow.web.services import Services

_PER_ADDRESS = rule("20 per 10 minutes")
_PER_EMAIL = rule("3 per 15 minutes")
_LOOKS = rule("60 per 10 minutes")
_MAX_EMAIL = 254


async def ask(services: Services, email: str, *, address: str, language: Language) -> None:
    """Writes the wish down, whatever the address is; TooManyRequests likewise for known and unknown ones."""
    typed = email.strip().lower()[:_MAX_EMAIL]
    services.limits.hit(_PER_ADDRESS, "reset", address)
    services.limits.hit(_PER_EMAIL, "reset", typed)
    wish = new_id()
    sealed = services.secrets.seal(typed.encode(), context(str(wish)))
    async with services.database.as_service() as transaction:
        await store.ask(transaction, wish, sealed, language=language, at=services.clock.now())


async def look_at(services: Services, text: str, *, address: str) -> OpenReset:
    """The reset of a link, which is not used up by looking; LinkOver for every other text."""
    services.limits.hit(_LOOKS, "reset link", address)
    parts = read_link(text)
    if parts is None:
        raise LinkOver
    async with services.database.as_service() as transaction:
        found = await store.find_reset(transaction, *parts, now=services.clock.now())
    if found is None:
        raise LinkOver
    return found


async def set_password(services: Services, text: str, password: str, *, address: str, language: Language) -> None:
    """Sets the password, uses the link up and ends every log-in; nobody is logged in by it.

    LinkOver, or WeakPassword, which leaves the link as it is. A second factor stays in force.
    """
    reset = await look_at(services, text, address=address)
    fresh, now = await hash_password(password), services.clock.now()
    parts = read_link(text)
    assert parts is not None
    async with services.database.as_service() as transaction:
        if not await store.use_reset(transaction, *parts, at=now):
            raise LinkOver  # somebody else was quicker with the same link
        await store.end_links(transaction, reset.user_id, at=now)
        await put_password(transaction, reset.user_id, fresh, at=now)
        await forget_failures(transaction, email_hash(services.installation, reset.email))
        ended = await end_sessions_of(transaction, reset.user_id, now=now)
        await audit.note(
            transaction,
            "password_reset",
            "A password was set anew by a link sent by mail.",
            at=now,
            by=reset.user_id,
            of=reset.user_id,
            facts={"log_ins_ended": ended},
        )
        letter = letters.password_changed(language, link=forgotten_address(services))
        await post(
            transaction, services.secrets, letter, kind="password_changed", to=reset.email, language=language, at=now
        )


def context(wish: str) -> str:
    """The context in which a wish's address is sealed."""
    return f"reset:{wish}"
