"""Campaign keywords: `PIZZA` sent in answer to a poster gets what the poster promises."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from flow.collect.messages import store
from flow.collect.messages.sending import send
from flow.collect.messages.stop_words import first_word
from flow.collect.messages.types import Incoming, Keyword, Outgoing
from flow.collect.webhooks.types import Applying
from flow.privacy.consents import service as consents
from flow.privacy.consents.store import stop_asking
from flow.privacy.consents.types import Collection, ConsentText, Question
from flow.web.i18n import N_, translator_for

__all__ = ["answer"]

_HOW_TO_END: Final = N_("Send STOP to end it.")
_COLLECTION: Final = Collection(method="sms_reply")


async def answer(applying: Applying, incoming: Incoming, message_id: UUID) -> bool:
    """Answers a message that begins with one of the restaurant's words; False for any other."""
    restaurant_id, service = applying.integration.restaurant_id, applying.transaction
    word = first_word(incoming.text)
    keyword = await store.find_keyword(service, restaurant_id, word) if word else None
    if keyword is None:
        return False
    await store.note_keyword(service, restaurant_id, message_id, keyword.keyword)
    text = keyword.reply
    if keyword.consent_text is not None and incoming.channel == "sms":
        language, _ = await store.language_and_name(service, restaurant_id)
        text = f"{text} {translator_for(language).gettext(_HOW_TO_END)}"
        await _agree(applying, incoming, keyword)
    reply = Outgoing(channel=incoming.channel, contact=incoming.contact, text=text, kind="keyword")
    await send(service, restaurant_id, reply, now=applying.now)
    return True


async def _agree(applying: Applying, incoming: Incoming, keyword: Keyword) -> None:
    """Records the yes. The SMS came from the very number it is about, which is what a confirmation is to prove."""
    assert keyword.consent_text is not None
    restaurant_id, service = applying.integration.restaurant_id, applying.transaction
    installation = applying.context.installation
    language, _ = await store.language_and_name(service, restaurant_id)
    digest = hashlib.sha256(keyword.consent_text.encode()).hexdigest()[:8]
    text = ConsentText(version=f"keyword-{keyword.keyword}-{digest}", body=keyword.consent_text, language=language)
    person = consents.guest(installation, incoming.contact)
    consent_id, status = await consents.record(
        service,
        person,
        Question(restaurant_id=restaurant_id, consent_type="marketing", channel="sms"),
        granted=True,
        text=text,
        collection=_COLLECTION,
        at=applying.now,
    )
    if status == "pending":
        await consents.confirm(service, consent_id, installation=installation, collection=_COLLECTION, at=applying.now)
        await stop_asking(service, person.subjects, restaurant_id)
