"""Takes a guest's message in: stores it once, honours a stop word, answers a keyword, and hands the rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from flow.collect.messages import keywords, store
from flow.collect.messages.sending import send
from flow.collect.messages.stop_words import StopWord, stop_word
from flow.collect.messages.types import PROVIDER_OF, Arrived, Enter, Incoming, Outgoing
from flow.collect.webhooks.types import Applying, Outcome
from flow.privacy.consents.service import guest, withdraw_all
from flow.privacy.consents.types import Collection
from flow.privacy.subjects import kind_of
from flow.web.i18n import N_, translator_for

__all__ = ["take_in"]

_CONFIRMED_FOR: Final = timedelta(days=30)
"""Who says stop again within this time, with nothing left to stop, is not told again."""
_STOPPED = N_("%(restaurant)s: you get no more news and offers from us. You can still reach us here.")


async def take_in(applying: Applying, incoming: Incoming, enter: Enter) -> Outcome:
    """Applies a guest's message, in the transaction of its item of the inbox."""
    restaurant_id, service = applying.integration.restaurant_id, applying.transaction
    provider = PROVIDER_OF[incoming.channel]
    message_id = await store.add_incoming(
        service,
        restaurant_id,
        provider,
        incoming,
        customer_id=await _customer(applying, incoming),
        created_at=min(incoming.sent_at, applying.now),  # a provider's clock may be ahead
    )
    if message_id is None:
        return Outcome("ignored", "known_message")
    stop = stop_word(incoming.text)
    if stop is not None:
        await _stop(applying, incoming, message_id, stop)
        if stop.is_alone:
            return Outcome("done")
    elif incoming.can_answer and await keywords.answer(applying, incoming, message_id):
        return Outcome("done")
    if incoming.can_answer:
        await enter(Arrived(applying=applying, message_id=message_id, incoming=incoming, may_answer=stop is None))
    return Outcome("done")


async def _customer(applying: Applying, incoming: Incoming) -> UUID | None:
    if incoming.channel != "sms" or not incoming.can_answer:
        return None
    return await store.find_customer(applying.transaction, applying.integration.restaurant_id, incoming.contact)


async def _stop(applying: Applying, incoming: Incoming, message_id: UUID, stop: StopWord) -> None:
    """Withdraws every consent of the contact, takes back marketing that waits, and confirms it once."""
    restaurant_id, service = applying.integration.restaurant_id, applying.transaction
    await store.note_keyword(service, restaurant_id, message_id, stop.word)
    if not incoming.can_answer:
        return
    language, name = await store.language_and_name(service, restaurant_id)
    ended = 0
    if _is_known_to_consents(incoming.contact):
        person = guest(applying.context.installation, incoming.contact)
        how = Collection(method="sms_reply")
        ended = await withdraw_all(service, person, restaurant_id, language=language, collection=how, at=applying.now)
    await store.stop_marketing(service, restaurant_id, incoming.contact)
    since = applying.now - _CONFIRMED_FOR
    if ended or not await store.confirmed_since(service, restaurant_id, incoming.contact, since):
        text = translator_for(language).gettext(_STOPPED, restaurant=name)
        confirmation = Outgoing(channel=incoming.channel, contact=incoming.contact, text=text, kind="confirmation")
        await send(service, restaurant_id, confirmation, now=applying.now)


def _is_known_to_consents(contact: str) -> bool:
    """Consents are given for phone numbers and e-mail addresses, not for a channel's own ids."""
    try:
        return kind_of(contact) == "phone"
    except ValueError:
        return False
