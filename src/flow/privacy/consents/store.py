"""Reads and writes evidence of consents, texts and questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.errors import NotFound
from flow.kit.ids import new_id
from flow.privacy.consents.types import (
    Channel,
    Collection,
    Confirmation,
    Consent,
    ConsentText,
    ConsentType,
    Controller,
    CustomerContacts,
    Language,
    Person,
    Question,
    Status,
    TextChannel,
    TextRow,
)

_queries = load_queries(__package__)


async def find_controller(transaction: Transaction, restaurant_id: UUID) -> Controller:
    """The restaurant; NotFound for one that is not there or that the caller may not see."""
    found = await transaction.one_or_none(_queries.find_controller, Controller, restaurant_id=restaurant_id)
    if found is None:
        raise NotFound("There is no such restaurant that you may see.")
    return found


async def record(
    transaction: Transaction,
    person: Person,
    question: Question,
    *,
    granted: bool,
    text: ConsentText,
    collection: Collection,
    status: Status,
    confirms: UUID | None,
    expires_at: datetime | None,
    at: datetime,
) -> UUID:
    """Adds a row of evidence; its id. Needs a transaction of the service."""
    made: UUID = await transaction.value(
        _queries.record,
        id=new_id(),
        restaurant_id=question.restaurant_id,
        user_id=person.user_id,
        subject=person.subjects[0],
        consent_type=question.consent_type,
        channel=question.channel,
        granted=granted,
        consent_version=text.version,
        consent_text=text.body,
        collection_method=collection.method,
        ip_address=collection.ip_address,
        user_agent=collection.user_agent,
        status=status,
        confirms=confirms,
        language=text.language,
        recorded_by=collection.recorded_by,
        expires_at=expires_at,
        at=at,
    )
    return made


async def consent_in_force(
    transaction: Transaction, person: Person, question: Question, *, at: datetime
) -> UUID | None:
    """The id of the evidence that allows it, or None. Needs a transaction of the service."""
    found: UUID | None = await transaction.value(
        _queries.consent_in_force,
        restaurant_id=question.restaurant_id,
        subjects=list(person.subjects),
        consent_type=question.consent_type,
        channel=question.channel,
        at=at,
    )
    return found


async def evidence(transaction: Transaction, person: Person, restaurant_id: UUID | None) -> list[Consent]:
    """What we have from the person, the latest first; of all restaurants when none is named."""
    return await transaction.all(
        _queries.evidence, Consent, subjects=list(person.subjects), restaurant_id=restaurant_id
    )


async def find_consent(transaction: Transaction, consent_id: UUID) -> Consent | None:
    """One row of evidence."""
    return await transaction.one_or_none(_queries.find_consent, Consent, id=consent_id)


async def lock_subject(transaction: Transaction, person: Person) -> None:
    """Until this transaction ends, no other one records an answer of this person."""
    for subject in sorted(person.subjects):
        await transaction.value(_queries.lock_subject, subject=subject)


async def keep_contact(
    transaction: Transaction, restaurant_id: UUID, subject: str, contact: str, *, at: datetime
) -> None:
    """Keeps the contact behind a pseudonym, if it is not known yet."""
    await transaction.execute(
        _queries.keep_contact, restaurant_id=restaurant_id, subject=subject, contact=contact, at=at
    )


async def find_contact(transaction: Transaction, restaurant_id: UUID | None, subject: str) -> str | None:
    """The contact behind a pseudonym, as long as it may be known."""
    found: str | None
    if restaurant_id is None:
        found = await transaction.value(_queries.find_any_contact, subject=subject)
    else:
        found = await transaction.value(_queries.find_contact, restaurant_id=restaurant_id, subject=subject)
    return found


async def find_customer_contacts(transaction: Transaction, restaurant_id: UUID, customer_id: UUID) -> CustomerContacts:
    """How a customer can be reached; NotFound for one that the caller may not see."""
    return await transaction.one(
        _queries.find_customer_contacts, CustomerContacts, restaurant_id=restaurant_id, customer_id=customer_id
    )


async def newest_texts(transaction: Transaction, restaurant_id: UUID, language: Language) -> list[TextRow]:
    """The newest version of every text of the restaurant's own in this language."""
    return await transaction.all(_queries.newest_texts, TextRow, restaurant_id=restaurant_id, language=language)


async def find_text(
    transaction: Transaction,
    restaurant_id: UUID,
    consent_type: ConsentType,
    *,
    channel: TextChannel,
    language: Language,
    version: int,
) -> TextRow | None:
    """One version of a text of the restaurant's own."""
    return await transaction.one_or_none(
        _queries.find_text,
        TextRow,
        restaurant_id=restaurant_id,
        consent_type=consent_type,
        channel=channel,
        language=language,
        version=version,
    )


async def all_texts(transaction: Transaction, restaurant_id: UUID) -> list[TextRow]:
    """Every version of the restaurant's own texts, the newest first."""
    return await transaction.all(_queries.all_texts, TextRow, restaurant_id=restaurant_id)


async def add_text(
    transaction: Transaction,
    restaurant_id: UUID,
    consent_type: ConsentType,
    *,
    channel: TextChannel,
    language: Language,
    body: str,
    valid_days: int | None,
    created_by: UUID,
    at: datetime,
) -> int | None:
    """Adds the next version; its number, or None when somebody else's came first."""
    version: int | None = await transaction.value(
        _queries.add_text,
        restaurant_id=restaurant_id,
        consent_type=consent_type,
        channel=channel,
        language=language,
        body=body,
        valid_days=valid_days,
        created_by=created_by,
        at=at,
    )
    return version


async def count_questions_since(transaction: Transaction, person: Person, since: datetime) -> int:
    """How often the person was asked to confirm since then, by any restaurant."""
    return int(await transaction.value(_queries.count_questions_since, subjects=list(person.subjects), since=since))


async def ask(
    transaction: Transaction,
    restaurant_id: UUID,
    consent_id: UUID,
    *,
    subject: str,
    channel: Channel,
    contact: str,
    language: Language,
    at: datetime,
) -> None:
    """Puts a question in line to be sent."""
    await transaction.execute(
        _queries.ask,
        restaurant_id=restaurant_id,
        id=new_id(),
        consent_id=consent_id,
        subject=subject,
        channel=channel,
        contact=contact,
        language=language,
        at=at,
    )


async def stop_asking(transaction: Transaction, subjects: Sequence[str], restaurant_id: UUID | None) -> None:
    """Takes what waits to be sent to this person out of the line."""
    await transaction.execute(_queries.stop_asking, subjects=list(subjects), restaurant_id=restaurant_id)


async def next_question(transaction: Transaction, *, at: datetime) -> Confirmation | None:
    """The question that has waited longest, claimed until the transaction ends."""
    return await transaction.one_or_none(_queries.next_question, Confirmation, at=at)


async def sent(transaction: Transaction, question: Confirmation) -> None:
    """Takes a question out of the line."""
    await transaction.execute(_queries.sent, restaurant_id=question.restaurant_id, id=question.id)


async def try_later(transaction: Transaction, question: Confirmation, *, at: datetime) -> None:
    """Puts a question back into the line until then."""
    await transaction.execute(_queries.try_later, restaurant_id=question.restaurant_id, id=question.id, at=at)
