"""What a consent is about, how it was collected, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Interface, IPv6Interface
from typing import Literal
from uuid import UUID

from flow.privacy.subjects import Kind, kind_of

ConsentType = Literal["marketing", "analytics", "cookies", "terms", "privacy"]
Channel = Literal["sms", "email", "phone", "web"]
TextChannel = Literal["sms", "email", "phone", "web", "any"]
Language = Literal["da", "sv", "en"]
Status = Literal["pending", "confirmed"]
Method = Literal[
    "signup_form",
    "checkout",
    "cookie_banner",
    "settings_page",
    "preference_page",
    "confirmation",
    "unsubscribe",
    "staff",
    "sms_reply",
    "import",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose consent it is. `subjects` are all pseudonyms of the person; new rows get the first.

    `contact` is a normalised phone number or e-mail address, or None where it is not known (any more).
    """

    subjects: tuple[str, ...]
    contact: str | None = None
    user_id: UUID | None = None

    @property
    def kind(self) -> Kind | None:
        """Whether the contact is a phone number or an e-mail address."""
        return kind_of(self.contact) if self.contact else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: one controller (None is FLOW itself), one purpose, one channel."""

    restaurant_id: UUID | None
    consent_type: ConsentType
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """A text as it is shown, name of the restaurant and all; a consent under it lapses after `valid_days`, if set."""

    version: str
    body: str
    language: Language
    valid_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """How an answer came: `ip_address` is its network only (see `flow.privacy.consents.collection`)."""

    method: Method
    ip_address: str | None = None
    user_agent: str | None = None
    recorded_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A row of `user_consents`."""

    id: UUID
    number: int
    restaurant_id: UUID | None
    user_id: UUID | None
    subject: str
    consent_type: ConsentType
    channel: Channel
    granted: bool
    status: Status
    confirms: UUID | None
    consent_version: str
    consent_text: str
    language: Language | None
    collection_method: Method
    recorded_by: UUID | None
    ip_address: IPv4Interface | IPv6Interface | None
    user_agent: str | None
    expires_at: datetime | None
    created_at: datetime

    @property
    def question(self) -> Question:
        return Question(restaurant_id=self.restaurant_id, consent_type=self.consent_type, channel=self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a question stands: the latest decision, and what waits to be confirmed since."""

    question: Question
    decision: Consent | None
    waiting: Consent | None
    is_on: bool


@dataclass(frozen=True, slots=True)
class Controller:
    """The restaurant as far as consents need it."""

    id: UUID
    name: str
    country_code: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A row of `consent_texts`."""

    restaurant_id: UUID
    consent_type: ConsentType
    channel: TextChannel
    language: Language
    version: int
    body: str
    valid_days: int | None
    created_by: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerContacts:
    """How a customer can be reached."""

    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A row of `consent_confirmations`: a question that waits to be sent."""

    restaurant_id: UUID
    id: UUID
    consent_id: UUID
    subject: str
    channel: Literal["sms", "email"]
    contact: str
    language: Language
    attempts: int
    next_attempt_at: datetime
    created_at: datetime
