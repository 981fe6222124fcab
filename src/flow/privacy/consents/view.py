"""What the preference page shows: per restaurant what is on, and everything we have from the guest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flow.database.transaction import Transaction
from flow.privacy.consents import store
from flow.privacy.consents.texts import present_text
from flow.privacy.consents.types import (
    Channel,
    Consent,
    ConsentText,
    ConsentType,
    Controller,
    Person,
    Question,
    Standing,
)
from flow.privacy.subjects import kind_of
from flow.web.i18n import N_, Translator

__all__ = ["Line", "Section", "Step", "masked", "sections_of", "steps_of"]

_TITLES: dict[tuple[ConsentType, Channel], str] = {
    ("marketing", "sms"): N_("News and offers by SMS"),
    ("marketing", "email"): N_("News and offers by e-mail"),
    ("marketing", "phone"): N_("News and offers by phone call"),
    ("analytics", "web"): N_("Remembering your device for statistics"),
}
_OTHER_TITLES: dict[ConsentType, str] = {
    "marketing": N_("News and offers"),
    "analytics": N_("Statistics"),
    "cookies": N_("Cookies"),
    "terms": N_("Terms of sale"),
    "privacy": N_("Privacy policy"),
}
_METHODS = {
    "signup_form": N_("on a sign-up form"),
    "checkout": N_("when ordering"),
    "cookie_banner": N_("on the web page"),
    "settings_page": N_("in the settings"),
    "preference_page": N_("on this page"),
    "confirmation": N_("by the link in our message"),
    "unsubscribe": N_("by the link to unsubscribe"),
    "staff": N_("told to the restaurant's people"),
    "sms_reply": N_("by answering an SMS"),
    "import": N_("brought along from another system"),
}
_BY_CONTACT: dict[str, tuple[Channel, ...]] = {"phone": ("sms",), "email": ("email",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One switch; `text` is what turning it on agrees to, or None where it can only be turned off."""

    question: Question
    title: str
    text: ConsentText | None
    is_on: bool
    is_waiting: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """One restaurant."""

    restaurant_id: UUID | None
    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of evidence, in words."""

    restaurant: str
    title: str
    said: str
    how: str
    at: datetime
    version: str
    text: str


async def sections_of(
    transaction: Transaction,
    person: Person,
    standings: Sequence[Standing],
    *,
    restaurant_id: UUID | None,
    words: Translator,
) -> list[Section]:
    """Every restaurant that the link is about, with what is on and what can be turned on."""
    known = {standing.question.restaurant_id for standing in standings} | {restaurant_id}
    made = []
    for each in sorted(filter(None, known), key=str):
        controller = await store.find_controller(transaction, each)
        own = {standing.question: standing for standing in standings if standing.question.restaurant_id == each}
        questions = sorted(
            {*own, *_offered(person, each)}, key=lambda question: (question.consent_type, question.channel)
        )
        lines = [
            await _line(transaction, controller, person, question, own.get(question), words) for question in questions
        ]
        made.append(Section(each, controller.name, lines))
    return made


def steps_of(evidence: Sequence[Consent], sections: Sequence[Section], words: Translator) -> list[Step]:
    """The history, the latest first."""
    names = {section.restaurant_id: section.name for section in sections}
    return [
        Step(
            restaurant=names.get(row.restaurant_id, "FLOW"),
            title=_title(row.question, words),
            said=words.gettext(_said(row)),
            how=words.gettext(_METHODS[row.collection_method]),
            at=row.created_at,
            version=row.consent_version,
            text=row.consent_text,
        )
        for row in evidence
    ]


def masked(contact: str) -> str:
    """Enough to recognise one's own number or address by, too little to learn another's: `+45 •• 56`, `a•••@b.dk`."""
    if kind_of(contact) == "email":
        name, _, host = contact.partition("@")
        return f"{name[0]}•••@{host}"
    return f"{contact[:3]} •••• {contact[-2:]}"


def _offered(person: Person, restaurant_id: UUID) -> list[Question]:
    channels = _BY_CONTACT.get(person.kind or "", ())
    return [Question(restaurant_id=restaurant_id, consent_type="marketing", channel=channel) for channel in channels]


async def _line(
    transaction: Transaction,
    controller: Controller,
    person: Person,
    question: Question,
    standing: Standing | None,
    words: Translator,
) -> Line:
    text = None
    if question in _offered(person, controller.id):
        text = await present_text(
            transaction, controller, question.consent_type, question.channel, language=words.language
        )
    return Line(
        question=question,
        title=_title(question, words),
        text=text,
        is_on=standing is not None and standing.is_on,
        is_waiting=standing is not None and standing.waiting is not None,
        since=standing.decision.created_at if standing and standing.decision else None,
    )


def _title(question: Question, words: Translator) -> str:
    title = _TITLES.get((question.consent_type, question.channel)) or _OTHER_TITLES[question.consent_type]
    return words.gettext(title)


def _said(row: Consent) -> str:
    if row.status == "pending":
        return N_("Yes, waiting for your confirmation")
    if not row.granted:
        return N_("No")
    return N_("Yes, confirmed") if row.confirms else N_("Yes")
