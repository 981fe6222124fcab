"""The post's part of the timetable: carries away what waits, and forgets what is long gone.

A mail goes at least once: it is claimed in one transaction and noted as sent in another, so that a slow mail server
holds no lock, and a worker that dies in between leaves it to the next.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from aiosmtplib import SMTPException, SMTPRecipientsRefused

from flow.jobs.types import Job, JobContext
from flow.kit.secrets import CannotOpen
from flow.operations.mail import store
from flow.operations.mail.carriers import Carrier, carrier_of
from flow.operations.mail.service import unseal
from flow.operations.mail.types import WaitingMail
from flow.operations.mail.writing import message

MOST_ATTEMPTS = 10
KEPT = timedelta(days=30)
"""For how long it stays known that a mail went out."""
_AT_ONCE = 200
_CLAIMED_FOR = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(seconds=30)
_log = logging.getLogger("flow.mail")


async def send_waiting(context: JobContext) -> None:
    """Sends what is due, the oldest first."""
    carrier = carrier_of(context.settings)
    for _ in range(_AT_ONCE):
        now = context.clock.now()
        async with context.database.as_service() as transaction:
            mail = await store.claim(transaction, now=now, again_at=now + _CLAIMED_FOR)
        if mail is None:
            return
        await _send(context, carrier, mail)


async def _send(context: JobContext, carrier: Carrier, mail: WaitingMail) -> None:
    failure = await _carry(context, carrier, mail)
    now = context.clock.now()
    async with context.database.as_service() as transaction:
        if failure is None:
            await store.note_sent(transaction, mail.id, at=now)
            return
        # Its name alone: the text of a mail server's refusal quotes the address.
        name = type(failure).__name__
        is_lost = mail.attempts >= MOST_ATTEMPTS or _is_for_good(failure)
        again_at = None if is_lost else now + _FIRST_PAUSE * 2 ** (mail.attempts - 1)
        await store.note_failure(transaction, mail.id, name, again_at=again_at)
    fields = {"mail": str(mail.id), "attempt": mail.attempts, "error": name, "given_up": is_lost}
    _log.warning("a mail could not be sent", extra={"fields": fields})


async def _carry(context: JobContext, carrier: Carrier, mail: WaitingMail) -> Exception | None:
    try:
        content = unseal(context.installation.secret_box, mail.id, mail.sealed)
        sender = context.settings.mail_from
        await carrier.carry(message(content, mail.id, sender=sender, at=mail.created_at))
    except (SMTPException, OSError, CannotOpen, ValueError) as error:
        return error
    return None


def _is_for_good(failure: Exception) -> bool:
    # A recipient refused with 4xx is a server that wants to be asked again (greylisting).
    if isinstance(failure, SMTPRecipientsRefused):
        return all(refused.code >= 500 for refused in failure.recipients)
    return isinstance(failure, CannotOpen)


async def _forget(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        await store.forget(transaction, before=context.clock.now() - KEPT)


JOBS = (Job("mail.send_waiting", send_waiting), Job("mail.forget", _forget))
