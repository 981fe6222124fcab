"""The bodies of the consents API. Times are ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flow.privacy.consents.types import (
    Channel,
    Consent,
    ConsentType,
    Language,
    Method,
    Standing,
    Status,
    TextChannel,
    TextRow,
)

__all__ = [
    "ConsentAnswer",
    "Contact",
    "LookUpBody",
    "RecordBody",
    "RecordedAnswer",
    "StandingAnswer",
    "SubjectAnswer",
    "TextAnswer",
    "TextBody",
    "TextsAnswer",
    "Version",
]

_NO_NUL = r"^[^\x00]*$"
Contact = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254, pattern=_NO_NUL)]
Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
TextBodyText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=4000, pattern=_NO_NUL)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RecordBody(_Request):
    """What a guest told a colleague: by phone, at the counter, on paper."""

    restaurant_id: UUID
    contact: Annotated[Contact, Field(description="Phone number or e-mail address.")]
    consent_type: ConsentType = "marketing"
    channel: Annotated[Channel | None, Field(description="`sms` or `email`, after the contact, unless set.")] = None
    granted: bool
    text_version: Annotated[Version | None, Field(description="What was read out; the present text unless set.")] = None
    language: Annotated[Language | None, Field(description="The restaurant's unless set.")] = None
    method: Literal["staff", "sms_reply", "import"] = "staff"


class LookUpBody(_Request):
    """Whose consents are wanted. A body and not a query, so that no address or log holds the contact."""

    restaurant_id: UUID
    contact: Contact


class TextBody(_Request):
    """The next version of a text."""

    restaurant_id: UUID
    consent_type: ConsentType
    channel: TextChannel
    language: Language
    body: TextBodyText
    valid_days: Annotated[int | None, Field(ge=1, le=3650, description="A consent lapses after so many days.")] = None


class RecordedAnswer(_Answer):
    """`pending` waits until the contact itself confirms; `subject` is the contact's pseudonym."""

    id: UUID
    status: Status
    subject: str


class ConsentAnswer(_Answer):
    """One piece of evidence."""

    id: UUID
    consent_type: ConsentType
    channel: Channel
    granted: bool
    status: Status
    consent_version: str
    consent_text: str
    language: Language | None
    collection_method: Method
    recorded_by: UUID | None
    expires_at: datetime | None
    created_at: datetime


class StandingAnswer(_Answer):
    """How one purpose and channel stand; `consent_id` is the proof while `is_on`."""

    consent_type: ConsentType
    channel: Channel
    is_on: bool
    is_waiting: bool
    consent_id: UUID | None
    since: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, standing: Standing) -> Self:
        decision = standing.decision
        return cls(
            consent_type=standing.question.consent_type,
            channel=standing.question.channel,
            is_on=standing.is_on,
            is_waiting=standing.waiting is not None,
            consent_id=decision.id if decision and standing.is_on else None,
            since=decision.created_at if decision else None,
            expires_at=decision.expires_at if decision and standing.is_on else None,
        )


class SubjectAnswer(_Answer):
    """A person's consents at one restaurant: how they stand, and the evidence, the latest first."""

    subject: str
    current: list[StandingAnswer]
    history: list[ConsentAnswer]

    @classmethod
    def of(cls, subject: str, standings: Iterable[Standing], evidence: Iterable[Consent]) -> Self:
        return cls(
            subject=subject,
            current=[StandingAnswer.of(standing) for standing in standings],
            history=[ConsentAnswer.model_validate(row) for row in evidence],
        )


class TextAnswer(_Answer):
    """A version of a text of the restaurant's own."""

    consent_type: ConsentType
    channel: TextChannel
    language: Language
    version: int
    body: str
    valid_days: int | None
    created_at: datetime

    @classmethod
    def of(cls, row: TextRow) -> Self:
        return cls.model_validate(row)


class TextsAnswer(_Answer):
    """Every version, the newest first."""

    texts: list[TextAnswer]
