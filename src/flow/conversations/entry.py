"""The entry point: a guest's message joins its conversation, and somebody answers.

Until an agent does, that is a person: the guest is told so once per conversation, the restaurant's people are notified.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flow.collect.messages import store as messages
from flow.collect.messages.sending import send
from flow.collect.messages.types import Arrived, Outgoing
from flow.conversations.log import service as log
from flow.conversations.log.types import Talk
from flow.web.i18n import N_, translator_for

__all__ = ["enter"]

_HAND_OVER: Final = N_(
    "Thank you for your message. This is an automatic answer: somebody at %(restaurant)s reads it and writes back here."
)
_CHANNELS: Final = {
    "sms": N_("A guest wrote by SMS"),
    "instagram_dm": N_("A guest wrote on Instagram"),
    "facebook_messenger": N_("A guest wrote on Messenger"),
}
_BODY: Final = N_("Somebody is waiting for an answer.")


async def enter(arrived: Arrived) -> None:
    """Takes a message into the conversation it belongs to, in the transaction that stored it."""
    service, restaurant_id, now = arrived.applying.transaction, arrived.restaurant_id, arrived.applying.now
    if arrived.is_answer:
        await _note_answer(arrived)
        return
    talk = await log.join(service, restaurant_id, arrived.incoming, message_id=arrived.message_id, now=now)
    await messages.note_conversation(service, restaurant_id, arrived.message_id, talk.conversation_id)
    if talk.is_waiting:
        return  # told already, and somebody knows
    await _notify(arrived, talk)
    if talk.is_new and arrived.may_answer:
        await _hand_over(arrived, talk)


async def _note_answer(arrived: Arrived) -> None:
    """Somebody answered in the channel's own app: nobody waits any more. Where no guest wrote, there is no talk."""
    service, restaurant_id, now = arrived.applying.transaction, arrived.restaurant_id, arrived.applying.now
    found = await log.find(service, restaurant_id, arrived.incoming, now=now)
    if found is not None:
        await messages.note_conversation(service, restaurant_id, arrived.message_id, found)
        await log.note_answer(
            service,
            restaurant_id,
            found,
            arrived.incoming.text,
            message_id=arrived.message_id,
            state="answered",
            now=now,
        )


async def _hand_over(arrived: Arrived, talk: Talk) -> None:
    service, restaurant_id = arrived.applying.transaction, arrived.restaurant_id
    language, name = await messages.language_and_name(service, restaurant_id)
    text = translator_for(language).gettext(_HAND_OVER, restaurant=name)
    reply = Outgoing(
        channel=arrived.incoming.channel,
        contact=arrived.incoming.contact,
        text=text,
        kind="automatic",
        conversation_id=talk.conversation_id,
        customer_id=talk.customer_id,
    )
    now = arrived.applying.now
    [sent, *_] = await send(service, restaurant_id, reply, now=now)
    await log.note_answer(
        service, restaurant_id, talk.conversation_id, text, message_id=sent, state="handed_over", now=now
    )


async def _notify(arrived: Arrived, talk: Talk) -> None:
    """Says that somebody waits, not who or what about: notifications hold no guest's data."""
    service, restaurant_id = arrived.applying.transaction, arrived.restaurant_id
    query = urlencode({"restaurant": restaurant_id})
    await messages.notify_staff(
        service,
        restaurant_id,
        kind="conversation",
        title=_CHANNELS[arrived.incoming.channel],
        body=_BODY,
        link=f"/conversations/{talk.conversation_id}?{query}",
        now=arrived.applying.now,
    )
