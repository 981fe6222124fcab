"""The verbs: record an answer, withdraw, confirm, ask how things stand. All need a transaction of the service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from flow.database.installation import Installation
from flow.database.transaction import Transaction
from flow.privacy.consents import store
from flow.privacy.consents.errors import ConfirmationOutdated, LinkNotFound, WrongChannel
from flow.privacy.consents.standing import standings
from flow.privacy.consents.texts import withdrawal_text
from flow.privacy.consents.types import (
    Channel,
    Collection,
    Consent,
    ConsentText,
    Language,
    Person,
    Question,
    Standing,
    Status,
)
from flow.privacy.subjects import kind_of, pseudonyms

__all__ = ["confirm", "guest", "may_send", "record", "secrets_of", "standing_of", "user", "withdraw_all"]

_CONTACTS_OF: dict[Channel, str] = {"sms": "phone", "phone": "phone", "email": "email"}
# So that nobody can fill a stranger's phone with questions.
_MOST_QUESTIONS = 3
_IN = timedelta(days=1)


def secrets_of(installation: Installation) -> tuple[bytes, ...]:
    """The installation's secret, and the former ones that evidence may have been recorded under."""
    return (installation.secret, *installation.old_secrets)


def guest(installation: Installation, contact: str) -> Person:
    """The person behind a normalised contact, or behind a visitor's lasting id."""
    known = None if kind_of(contact) == "id" else contact
    return Person(subjects=pseudonyms(secrets_of(installation), contact), contact=known)


def user(installation: Installation, user_id: UUID, contacts: Iterable[str] = ()) -> Person:
    """A user; `contacts` are proven ones, whose answers are the user's too."""
    every = [str(user_id), *contacts]
    subjects = [subject for contact in every for subject in pseudonyms(secrets_of(installation), contact)]
    return Person(subjects=tuple(subjects), user_id=user_id)


async def record(
    transaction: Transaction,
    person: Person,
    question: Question,
    *,
    granted: bool,
    text: ConsentText,
    collection: Collection,
    at: datetime,
) -> tuple[UUID, Status]:
    """Records an answer, in effect when the transaction commits; the evidence's id and whether it counts already.

    A guest's yes to marketing waits for its confirmation, unless the guest came by a link that was sent to the contact;
    where the same is in force already it stays so. WrongChannel when the contact cannot be reached on the channel.
    """
    if granted and person.kind not in (None, _CONTACTS_OF.get(question.channel, person.kind)):
        raise WrongChannel
    await store.lock_subject(transaction, person)
    status: Status = "pending" if granted and _must_confirm(person, question, collection) else "confirmed"
    if status == "pending" and (known := await store.consent_in_force(transaction, person, question, at=at)):
        return known, "confirmed"
    asked_before = await store.count_questions_since(transaction, person, at - _IN) if status == "pending" else 0
    consent_id = await store.record(
        transaction,
        person,
        question,
        granted=granted,
        text=text,
        collection=collection,
        status=status,
        confirms=None,
        expires_at=_end(text, granted=granted, at=at),
        at=at,
    )
    if not granted:
        await store.stop_asking(transaction, person.subjects, question.restaurant_id)
    elif person.contact and question.restaurant_id:
        await store.keep_contact(transaction, question.restaurant_id, person.subjects[0], person.contact, at=at)
        if status == "pending" and asked_before < _MOST_QUESTIONS:
            await _ask(transaction, person, question, consent_id, language=text.language, at=at)
    return consent_id, status


async def withdraw_all(
    transaction: Transaction,
    person: Person,
    restaurant_id: UUID | None,
    *,
    language: Language,
    collection: Collection,
    at: datetime,
) -> int:
    """Withdraws everything that is on or waits, of one restaurant or, when none is named, of all; how many there were.

    Whether anything was on or not, it leaves evidence that the person said no.
    """
    await store.lock_subject(transaction, person)
    known = standings(await store.evidence(transaction, person, restaurant_id), at=at)
    open_ones = [standing.question for standing in known if standing.is_on or standing.waiting]
    for question in open_ones or _what_mail_and_sms_ask(person, restaurant_id):
        await record(
            transaction,
            person,
            question,
            granted=False,
            text=withdrawal_text(language),
            collection=collection,
            at=at,
        )
    return len(open_ones)


async def confirm(
    transaction: Transaction, consent_id: UUID, *, installation: Installation, collection: Collection, at: datetime
) -> Consent:
    """Makes a pending consent count; the confirmed row. Confirming twice is confirming once.

    ConfirmationOutdated when there has been another decision since; LinkNotFound when there is nothing to confirm.
    """
    pending = await store.find_consent(transaction, consent_id)
    if pending is None or pending.status != "pending":
        raise LinkNotFound
    contact = await store.find_contact(transaction, pending.restaurant_id, pending.subject)
    person = guest(installation, contact) if contact else Person(subjects=(pending.subject,))
    await store.lock_subject(transaction, person)
    if later := await _decision_since(transaction, person, pending):
        if later.confirms == pending.id:
            return later
        raise ConfirmationOutdated
    text = ConsentText(version=pending.consent_version, body=pending.consent_text, language=pending.language or "da")
    confirmed = await store.record(
        transaction,
        person,
        pending.question,
        granted=True,
        text=text,
        collection=collection,
        status="confirmed",
        confirms=pending.id,
        expires_at=pending.expires_at,
        at=at,
    )
    found = await store.find_consent(transaction, confirmed)
    assert found is not None
    return found


async def standing_of(
    transaction: Transaction, person: Person, restaurant_id: UUID | None, *, at: datetime
) -> tuple[list[Standing], list[Consent]]:
    """How every question stands, and the evidence, latest first; of all restaurants when none is named."""
    evidence = await store.evidence(transaction, person, restaurant_id)
    return standings(evidence, at=at), evidence


async def may_send(
    transaction: Transaction,
    installation: Installation,
    restaurant_id: UUID,
    contact: str,
    channel: Channel,
    *,
    at: datetime,
) -> UUID | None:
    """The consent that allows marketing to this contact now, to be kept with the send; None: do not send."""
    question = Question(restaurant_id=restaurant_id, consent_type="marketing", channel=channel)
    return await store.consent_in_force(transaction, guest(installation, contact), question, at=at)


def _must_confirm(person: Person, question: Question, collection: Collection) -> bool:
    proven = person.user_id is not None or collection.method == "preference_page"
    return question.consent_type == "marketing" and not proven


def _end(text: ConsentText, *, granted: bool, at: datetime) -> datetime | None:
    return at + timedelta(days=text.valid_days) if granted and text.valid_days else None


def _what_mail_and_sms_ask(person: Person, restaurant_id: UUID | None) -> list[Question]:
    """What somebody says no to of whom we have no yes: marketing where the contact can be reached."""
    channels: tuple[Channel, ...] = ("sms", "email")
    return [
        Question(restaurant_id=restaurant_id, consent_type="marketing", channel=channel)
        for channel in channels
        if person.kind in (None, _CONTACTS_OF[channel])
    ]


async def _ask(
    transaction: Transaction, person: Person, question: Question, consent_id: UUID, *, language: Language, at: datetime
) -> None:
    if question.channel not in ("sms", "email") or question.restaurant_id is None or person.contact is None:
        return
    await store.ask(
        transaction,
        question.restaurant_id,
        consent_id,
        subject=person.subjects[0],
        channel=question.channel,
        contact=person.contact,
        language=language,
        at=at,
    )


async def _decision_since(transaction: Transaction, person: Person, pending: Consent) -> Consent | None:
    for row in await store.evidence(transaction, person, pending.restaurant_id):
        if row.number > pending.number and row.status == "confirmed" and row.question == pending.question:
            return row
    return None
