"""The job that looks whose address a wish is, and sends the link."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flow.access import audit, letters
from flow.access.resets import store
from flow.access.resets.links import hash_of, make_link
from flow.access.resets.service import context as context_of
from flow.access.resets.types import Wish
from flow.database.transaction import Transaction
from flow.jobs.types import JobContext
from flow.kit.secrets import CannotOpen
from flow.operations.mail.service import post
from flow.web.i18n import Language

LIFE = timedelta(minutes=30)
_AT_ONCE = 50
_LINKS_A_DAY = 5
"""More are not sent to one user: nobody's mailbox is filled from here."""


async def answer_wishes(context: JobContext) -> None:
    """Turns wishes into links, and forgets those that concern nobody."""
    async with context.database.as_service() as transaction:
        for wish in await store.waiting(transaction, most=_AT_ONCE):
            await _answer(context, transaction, wish)


async def _answer(context: JobContext, transaction: Transaction, wish: Wish) -> None:
    now, secrets = context.clock.now(), context.installation.secret_box
    try:
        email = secrets.open(wish.email_sealed, context_of(str(wish.id))).decode()
    except CannotOpen:
        email = ""
    user = await store.find_account(transaction, email)
    since = now - timedelta(days=1)
    if user is None or await store.recent_links(transaction, user, since=since) >= _LINKS_A_DAY:
        await store.drop_wish(transaction, wish.id)
        return
    text = make_link(wish.id)
    await store.end_links(transaction, user, at=now)
    await store.answer(transaction, wish.id, user=user, token_hash=hash_of(text), expires_at=now + LIFE)
    language = cast(Language, wish.language)
    letter = letters.password_reset(
        language,
        link=f"{context.settings.base_url}/password/reset/{text}",
        minutes=int(LIFE.total_seconds() // 60),
    )
    await post(transaction, secrets, letter, kind="password_reset", to=email, language=language, at=now)
    await audit.note(
        transaction,
        "password_reset_asked",
        "Somebody asked for a new password; a link was sent to the account's address.",
        at=now,
        by=None,
        of=user,
        actor="nobody",
    )
