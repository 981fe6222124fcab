"""What a mail is, before and while it is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing that a letter asks for: a button's label, and the address it leads to."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, translated already. `reason` tells the reader why they got it."""

    subject: str
    paragraphs: tuple[str, ...]
    reason: str
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter with its envelope; `html` and `text` say the same."""

    to: str
    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that this worker has claimed; `attempts` counts this one too."""

    id: UUID
    sealed: bytes
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MailState:
    """How many mails wait, how many were given up in the last month, and since when the oldest waits."""

    waiting: int
    given_up: int
    oldest: datetime | None
