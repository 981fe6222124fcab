"""A conversation and its messages as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from flow.collect.messages.types import Channel

__all__ = ["Said", "TalkRow", "Word"]


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A conversation with what was said last. `contact` is the channel's own id of the guest, or a phone number."""

    conversation_id: str
    channel: Channel
    contact: str | None
    phone: str | None
    name: str | None
    customer_id: UUID | None
    state: str | None
    started_at: datetime
    last_message_at: datetime | None
    last_text: str | None
    last_heard_at: datetime | None

    @property
    def guest(self) -> str | None:
        """Who it is, as far as is known; the number that a channel gives a guest tells nobody anything."""
        return self.name or self.phone

    @property
    def is_waiting(self) -> bool:
        return self.state in ("waiting_for_person", "handed_over")


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a conversation, either way."""

    id: UUID
    direction: Literal["incoming", "outgoing"]
    body: str
    kind: str
    status: str
    error_code: str | None
    sent_by: UUID | None
    created_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Word:
    """A campaign keyword, and how often guests sent it."""

    keyword: str
    reply: str
    consent_text: str | None
    created_at: datetime
    ended_at: datetime | None
    times: int
