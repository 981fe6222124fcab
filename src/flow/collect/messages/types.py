"""What a message is on its way in and on its way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from flow.collect.webhooks.types import Applying

__all__ = [
    "PROVIDER_OF",
    "Arrived",
    "Channel",
    "Delivery",
    "Enter",
    "Incoming",
    "Keyword",
    "Kind",
    "Outgoing",
    "Sendable",
    "Status",
    "StoredMessage",
    "leave_it",
]

Channel = Literal["sms", "instagram_dm", "facebook_messenger"]
Status = Literal["queued", "sent", "delivered", "failed", "received", "read"]
Kind = Literal["guest", "staff", "automatic", "confirmation", "keyword", "marketing", "order", "elsewhere", "other"]

PROVIDER_OF: dict[Channel, str] = {
    "sms": "inmobile",
    "instagram_dm": "instagram",
    "facebook_messenger": "facebook",
}
"""The provider that carries each channel, as integration_configs names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A guest's message as a provider delivered it.

    `contact` is a phone number in E.164, or the channel's own id of the guest; `can_answer` is False for a sender that
    is only a name. `message_id` is the provider's, or a hash of all it said where it has none.
    """

    channel: Channel
    contact: str
    text: str
    message_id: str
    sent_at: datetime
    can_answer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that is to be sent. `consent_id` is what a marketing message relies on."""

    channel: Channel
    contact: str
    text: str
    kind: Kind
    conversation_id: str | None = None
    customer_id: UUID | None = None
    order_id: UUID | None = None
    consent_id: UUID | None = None
    sent_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A row of messages, as far as finding it again needs."""

    id: UUID
    contact: str | None
    conversation_id: str | None
    kind: str
    status: Status


@dataclass(frozen=True, slots=True)
class Sendable:
    """A queued message with what its provider needs to know before sending it.

    `is_allowed`: the consent it relies on is still in force, where it needed one. `is_behind`: an earlier message to
    the same guest has not left yet. `last_heard_at` is when the guest last wrote.
    """

    id: UUID
    contact: str | None
    body: str
    kind: str
    parts: int | None
    attempts: int
    sending_since: datetime | None
    is_allowed: bool
    is_behind: bool
    last_heard_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a message that was sent, as the provider reports it."""

    status: Status
    at: datetime | None = None
    error_code: str | None = None
    error_message: str | None = None
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """A row of campaign_keywords that is in use."""

    keyword: str
    campaign_id: UUID | None
    reply: str
    consent_text: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A guest's message, stored, that is neither a stop word nor a keyword; `restaurant_id` is the integration's.

    With `is_answer` it is the other way round: somebody wrote it to the guest in the channel's own app.
    """

    applying: Applying
    message_id: UUID
    incoming: Incoming
    may_answer: bool = True
    """Whether it may be answered by itself; not after a word that says stop."""
    is_answer: bool = False

    @property
    def restaurant_id(self) -> UUID:
        return self.applying.integration.restaurant_id


class Enter(Protocol):
    """The entry point of conversations, which lie above this floor: `flow.app` passes it on.

    It is called in the transaction that stores the message, so both are there or neither is. It makes no calls to other
    systems: what is to be answered goes through `flow.collect.messages.sending`.
    """

    async def __call__(self, arrived: Arrived) -> None: ...


async def leave_it(arrived: Arrived) -> None:
    """The entry where there are no conversations: the message lies in `messages`."""
