"""Asks guests whether it was them: the second half of a double opt-in.

The link is made when the question leaves, so that nobody who reads the database can confirm for a guest. E-mail goes
through FLOW's post, a text message through its carrier. A question goes at least once: a worker that dies between
sending and noting it sends it again, under the same id, by which a gateway knows it.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from flow.database.transaction import Transaction
from flow.jobs.types import JobContext
from flow.operations.mail.service import post
from flow.operations.mail.types import Action, Letter
from flow.privacy.consents import store
from flow.privacy.consents.links import CONFIRMATION_LIVES, ConfirmationLink
from flow.privacy.consents.sms import SmsCarrier, sms_carrier_of
from flow.privacy.consents.types import Confirmation
from flow.web.i18n import N_, translator_for

__all__ = ["send_questions"]

_AT_ONCE = 200
_FIRST_PAUSE = timedelta(seconds=30)
_MOST_ATTEMPTS = 8
_log = logging.getLogger("flow.consents")

_SUBJECT = N_("Do you want news from %(restaurant)s?")
_ASKED = N_("Somebody, most likely you, asked for news and offers from %(restaurant)s. Please confirm it.")
_OTHERWISE = N_("If it was not you, do nothing: then nothing is sent.")
_LABEL = N_("Yes, send me news")
_REASON = N_("You get this mail once, because this address was given when somebody ordered from %(restaurant)s.")
_SMS = N_(
    "%(restaurant)s: do you want news and offers by SMS? Confirm here: %(address)s If it was not you, do nothing."
)


async def send_questions(context: JobContext, *, carrier: SmsCarrier | None = None) -> None:
    """Sends what is due, the oldest first."""
    carrier = carrier or sms_carrier_of(context.settings)
    for _ in range(_AT_ONCE):
        async with context.database.as_service() as transaction:
            question = await store.next_question(transaction, at=context.clock.now())
            if question is None:
                return
            sms = await _prepare(context, transaction, question)
        if sms is not None:
            await _carry(context, question, sms, carrier)


async def _prepare(context: JobContext, transaction: Transaction, question: Confirmation) -> str | None:
    """Posts a mail, which is done then; or the text of an SMS, whose question is claimed until the next attempt."""
    controller = await store.find_controller(transaction, question.restaurant_id)
    address = f"{context.settings.base_url}/preferences/confirm/{_token(context, question)}"
    words = translator_for(question.language)
    if question.channel == "sms":
        again_at = context.clock.now() + _FIRST_PAUSE * 2**question.attempts
        await store.try_later(transaction, question, at=again_at)
        return words.gettext(_SMS, restaurant=controller.name, address=address)
    letter = Letter(
        subject=words.gettext(_SUBJECT, restaurant=controller.name),
        paragraphs=(words.gettext(_ASKED, restaurant=controller.name), words.gettext(_OTHERWISE)),
        reason=words.gettext(_REASON, restaurant=controller.name),
        action=Action(words.gettext(_LABEL), address),
    )
    await post(
        transaction,
        context.installation.secret_box,
        letter,
        kind="consent_confirmation",
        to=question.contact,
        language=question.language,
        at=context.clock.now(),
    )
    await store.sent(transaction, question)
    return None


async def _carry(context: JobContext, question: Confirmation, text: str, carrier: SmsCarrier) -> None:
    """Gives an SMS to its carrier, which may be far away: no transaction is open meanwhile.

    What failed waits twice as long each time, and is given up in the end: the guest can tick the box again.
    """
    given_up = question.attempts + 1 >= _MOST_ATTEMPTS
    try:
        await carrier.carry(question.id, question.contact, text, restaurant_id=question.restaurant_id)
    except OSError as failure:
        fields = {"question": str(question.id), "error": type(failure).__name__, "given_up": given_up}
        _log.warning("a question to confirm a consent could not be sent", extra={"fields": fields})
        if not given_up:
            return
    async with context.database.as_service() as transaction:
        await store.sent(transaction, question)


def _token(context: JobContext, question: Confirmation) -> str:
    ends = context.clock.now() + CONFIRMATION_LIVES
    return ConfirmationLink(question.restaurant_id, question.consent_id, ends).signed(context.installation.secret)
