"""The verbs of the log: a message joins a conversation, an answer is noted, a conversation is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from flow.collect.messages.store import find_customer
from flow.collect.messages.types import Incoming
from flow.conversations.log import store
from flow.conversations.log.types import Talk
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

__all__ = ["CONTINUES_FOR", "State", "close", "find", "join", "note_answer"]

CONTINUES_FOR: Final = timedelta(hours=24)
"""A message joins the guest's conversation if somebody wrote in it within this time."""
State = Literal["waiting_for_person", "handed_over", "answered", "closed"]
"""handed_over: waiting, and the guest has been told so; answered: by a person."""
_WAITING: Final = ("waiting_for_person", "handed_over")


async def join(
    service: Transaction, restaurant_id: UUID, incoming: Incoming, *, message_id: UUID, now: datetime
) -> Talk:
    """Adds a guest's message to the conversation that it continues, or begins one; it keeps its id there."""
    await store.lock_guest(service, restaurant_id, incoming.channel, incoming.contact)
    at = min(incoming.sent_at, now)
    found = await store.find_open(
        service,
        restaurant_id,
        channel=incoming.channel,
        contact=incoming.contact,
        since=now - CONTINUES_FOR,
    )
    if found is None:
        talk = await _begin(service, restaurant_id, incoming, at=at, now=now)
        state: State = "waiting_for_person"
    else:
        is_waiting = found.current_state in _WAITING
        state = "handed_over" if found.current_state == "handed_over" else "waiting_for_person"
        talk = Talk(
            conversation_id=found.conversation_id,
            customer_id=found.customer_id,
            is_new=False,
            is_waiting=is_waiting,
        )
    log = _Log(service, restaurant_id, talk.conversation_id)
    await log.say("user", incoming.text, message_id=message_id, state=state, at=at, now=now)
    return talk


async def find(service: Transaction, restaurant_id: UUID, message: Incoming, *, now: datetime) -> str | None:
    """The conversation with the guest, if there is one that goes on."""
    await store.lock_guest(service, restaurant_id, message.channel, message.contact)
    found = await store.find_open(
        service,
        restaurant_id,
        channel=message.channel,
        contact=message.contact,
        since=now - CONTINUES_FOR,
    )
    return found.conversation_id if found else None


async def note_answer(
    service: Transaction,
    restaurant_id: UUID,
    conversation_id: str,
    text: str,
    *,
    message_id: UUID,
    state: State,
    now: datetime,
) -> None:
    """Adds what was answered; `state` tells by whom."""
    log = _Log(service, restaurant_id, conversation_id)
    await log.say("assistant", text, message_id=message_id, state=state, at=now, now=now)


async def close(service: Transaction, restaurant_id: UUID, conversation_id: str, *, now: datetime) -> bool:
    """Ends a conversation; False if it has ended already, or there is none."""
    return await store.close(service, restaurant_id, conversation_id, now=now)


async def _begin(service: Transaction, restaurant_id: UUID, incoming: Incoming, *, at: datetime, now: datetime) -> Talk:
    conversation_id = f"{incoming.channel}-{new_id()}"  # no contact in it: it stands in addresses
    is_phone = incoming.channel == "sms"
    customer = await find_customer(service, restaurant_id, incoming.contact) if is_phone else None
    await store.begin(
        service,
        restaurant_id,
        conversation_id=conversation_id,
        channel=incoming.channel,
        contact=incoming.contact,
        phone=incoming.contact if is_phone else None,
        customer_id=customer,
        at=at,
        now=now,
    )
    return Talk(conversation_id=conversation_id, customer_id=customer, is_new=True, is_waiting=False)


@dataclass(frozen=True, slots=True)
class _Log:
    """One conversation's log."""

    service: Transaction
    restaurant_id: UUID
    conversation_id: str

    async def say(self, role: str, text: str, *, message_id: UUID, state: State, at: datetime, now: datetime) -> None:
        """Adds a line, and says how the conversation stands after it."""
        where = (self.service, self.restaurant_id, self.conversation_id)
        await store.add_message(*where, message_id=message_id, role=role, content=text, state=state, at=at)
        await store.go_on(*where, state=state, at=at, now=now)
