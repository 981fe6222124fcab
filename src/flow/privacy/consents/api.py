"""Consents over HTTP, for the restaurant's people: record what a guest said, look it up, write the texts."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from flow.database.transaction import Transaction
from flow.errors import NotAllowed
from flow.kit.contact import Region, normalise_email, normalise_phone
from flow.privacy.audit.store import record as note
from flow.privacy.consents import service, store
from flow.privacy.consents.collection import collection_of
from flow.privacy.consents.errors import InvalidContact, TextTaken, UnknownText
from flow.privacy.consents.schemas import (
    LookUpBody,
    RecordBody,
    RecordedAnswer,
    SubjectAnswer,
    TextAnswer,
    TextBody,
    TextsAnswer,
)
from flow.privacy.consents.texts import find_text, present_text, withdrawal_text
from flow.privacy.consents.types import Channel, ConsentText, Controller, Person, Question
from flow.privacy.subjects import kind_of
from flow.web.services import services
from flow.web.transactions import Claims, UserTransaction

router = APIRouter(prefix="/api/consents", tags=["consents"])

RestaurantId = Annotated[UUID, Query(description="The restaurant whose consents these are.")]
_CHANNELS: dict[str, Channel] = {"phone": "sms", "email": "email"}
_REGIONS: dict[str, Region] = {"DK": "DK", "SE": "SE", "NO": "NO", "DE": "DE", "GB": "GB", "US": "US"}


@router.post("", status_code=201)
async def record_consent(request: Request, claims: Claims, body: RecordBody) -> RecordedAnswer:
    """Records what a guest told a colleague. Needs consents.write.

    A yes to marketing is `pending` until the guest confirms it by the link that is sent; a no holds at once.
    """
    flow = services(request)
    async with flow.database.as_user(claims, read_only=True) as transaction:
        controller = await _controller(transaction, body.restaurant_id, "consents.write")
        colleague = _caller_id(transaction)
    contact = _contact(body.contact, controller)
    person = service.guest(flow.installation, contact)
    question = Question(
        restaurant_id=controller.id,
        consent_type=body.consent_type,
        channel=body.channel or _CHANNELS[kind_of(contact)],
    )
    now = flow.clock.now()
    async with flow.database.as_service() as transaction:
        made, status = await service.record(
            transaction,
            person,
            question,
            granted=body.granted,
            text=await _text(transaction, controller, body, question.channel),
            collection=collection_of(request, body.method, recorded_by=colleague),
            at=now,
        )
        await note(
            transaction,
            "consent_recorded" if body.granted else "consent_withdrawn",
            "A colleague recorded what a guest said.",
            at=now,
            restaurant_id=controller.id,
            performed_by=colleague,
            performed_by_role="user",
            subject=person.subjects[0],
            facts={"consent": str(made), "type": body.consent_type, "channel": question.channel, "status": status},
        )
    return RecordedAnswer(id=made, status=status, subject=person.subjects[0])


@router.get("")
async def consents_of_customer(
    request: Request, transaction: UserTransaction, restaurant_id: RestaurantId, customer_id: Annotated[UUID, Query()]
) -> SubjectAnswer:
    """A customer's consents, by phone and by e-mail: how they stand, and the evidence. Needs consents.read."""
    await _controller(transaction, restaurant_id, "consents.read")
    contacts = await store.find_customer_contacts(transaction, restaurant_id, customer_id)
    known = [contact for contact in (contacts.phone, contacts.email) if contact]
    subjects = [subject for each in known for subject in service.guest(services(request).installation, each).subjects]
    return await _told(request, transaction, Person(subjects=tuple(subjects) or ("",)), restaurant_id)


@router.post("/lookup")
async def look_up_consents(request: Request, transaction: UserTransaction, body: LookUpBody) -> SubjectAnswer:
    """The same for a guest known by phone number or e-mail address. Needs consents.read."""
    controller = await _controller(transaction, body.restaurant_id, "consents.read")
    person = service.guest(services(request).installation, _contact(body.contact, controller))
    return await _told(request, transaction, person, controller.id)


@router.get("/texts")
async def list_texts(transaction: UserTransaction, restaurant_id: RestaurantId) -> TextsAnswer:
    """The restaurant's own texts, every version. Needs consents.read."""
    await _controller(transaction, restaurant_id, "consents.read")
    return TextsAnswer(texts=[TextAnswer.of(row) for row in await store.all_texts(transaction, restaurant_id)])


@router.post("/texts", status_code=201)
async def add_text(request: Request, transaction: UserTransaction, body: TextBody) -> TextAnswer:
    """Adds the next version of a text; the older ones stay, for the consents given under them. Needs consents.write."""
    await _controller(transaction, body.restaurant_id, "consents.write")
    now = services(request).clock.now()
    version = await store.add_text(
        transaction,
        body.restaurant_id,
        body.consent_type,
        channel=body.channel,
        language=body.language,
        body=body.body,
        valid_days=body.valid_days,
        created_by=_caller_id(transaction),
        at=now,
    )
    if version is None:
        raise TextTaken
    return TextAnswer(**body.model_dump(exclude={"restaurant_id"}), version=version, created_at=now)


async def _controller(transaction: Transaction, restaurant_id: UUID, permission: str) -> Controller:
    controller = await store.find_controller(transaction, restaurant_id)
    if transaction.caller is None or restaurant_id not in transaction.caller.restaurants_with(permission):
        raise NotAllowed(f"Your role in {controller.name} does not include {permission}.")
    return controller


def _caller_id(transaction: Transaction) -> UUID:
    assert transaction.caller is not None
    return transaction.caller.user_id


def _contact(text: str, controller: Controller) -> str:
    if "@" in text:
        contact = normalise_email(text)
    else:
        contact = normalise_phone(text, _REGIONS.get(controller.country_code, "DK"))
    if contact is None:
        raise InvalidContact(details={"at": "body.contact"})
    return contact


async def _text(transaction: Transaction, controller: Controller, body: RecordBody, channel: Channel) -> ConsentText:
    if body.text_version:
        text = await find_text(transaction, controller, body.consent_type, body.text_version)
    else:
        language = body.language or controller.language
        text = await present_text(transaction, controller, body.consent_type, channel, language=language)
    if text is None and not body.granted:
        return withdrawal_text(body.language or controller.language)
    if text is None:
        raise UnknownText(details={"at": "body.text_version"})
    return text


async def _told(request: Request, transaction: Transaction, person: Person, restaurant_id: UUID) -> SubjectAnswer:
    now = services(request).clock.now()
    standings, evidence = await service.standing_of(transaction, person, restaurant_id, at=now)
    return SubjectAnswer.of(person.subjects[0], standings, evidence)
