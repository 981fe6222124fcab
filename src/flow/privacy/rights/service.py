"""The verbs of a request: it comes in, identity is checked, it may be extended, it is decided, it is carried out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.privacy.audit.store import record
from flow.privacy.rights import store
from flow.privacy.rights.erasing import erase, refuse_if_kept
from flow.privacy.rights.errors import CannotExtend, IdentityNotChecked, NoContact, RequestClosed
from flow.privacy.rights.exporting import export
from flow.privacy.rights.means import Means
from flow.privacy.rights.offboarding import carry_on
from flow.privacy.rights.persons import hint, open_person, seal_person
from flow.privacy.rights.restricting import restrict
from flow.privacy.rights.types import (
    MOST_EXTENSION,
    TIME_TO_ANSWER,
    Actor,
    IdentityMethod,
    Kind,
    Person,
    PrivacyRequest,
)
from flow.privacy.subjects import pseudonym

__all__ = ["approve", "carry_out", "check_identity", "extend", "person_of", "receive", "refuse"]


async def receive(
    means: Means,
    transaction: Transaction,
    person: Person,
    *,
    kind: Kind,
    received_at: datetime | None = None,
    actor: Actor,
) -> UUID:
    """Writes a request down; its clock runs from `received_at`. NoContact where nothing says who it is."""
    if not person.references:
        raise NoContact
    now, request_id = means.clock.now(), new_id()
    received = received_at or now
    subject = pseudonym(means.secrets[0], person.references[0])
    await store.add_request(
        transaction,
        request_id,
        restaurant_id=person.restaurant_id,
        kind=kind,
        subject=subject,
        subject_hint=hint(person),
        sealed=seal_person(means.box, request_id, person),
        user_id=person.user_id,
        received_at=received,
        due_at=received + TIME_TO_ANSWER,
        created_by=actor.user_id,
        now=now,
    )
    await _note(means, transaction, await store.find_request(transaction, request_id), "received", actor)
    return request_id


async def check_identity(
    means: Means,
    transaction: Transaction,
    request_id: UUID,
    *,
    method: IdentityMethod,
    note: str | None = None,
    actor: Actor,
) -> None:
    """Notes how it was made sure that the person is who they say they are."""
    request = await _open(transaction, request_id)
    await store.note_identity(
        transaction, request_id, method=method, note=note, checked_by=actor.user_id, now=means.clock.now()
    )
    await _note(means, transaction, request, "identity_checked", actor, method=method)


async def extend(
    means: Means, transaction: Transaction, request_id: UUID, *, days: int, reason: str, actor: Actor
) -> datetime:
    """Gives more time, once; answers the new deadline. CannotExtend when it is late, or too long, or without reason."""
    request, now = await _open(transaction, request_id), means.clock.now()
    is_allowed = request.extended_at is None and now <= request.due_at and 1 <= days <= MOST_EXTENSION.days
    if not is_allowed or not reason.strip():
        raise CannotExtend
    due_at = request.due_at + (MOST_EXTENSION / MOST_EXTENSION.days) * days
    await store.extend(transaction, request_id, due_at=due_at, reason=reason.strip(), now=now)
    await _note(means, transaction, request, "extended", actor, days=days)
    return due_at


async def approve(means: Means, transaction: Transaction, request_id: UUID, *, actor: Actor) -> PrivacyRequest:
    """Has the job carry a request out. IdentityNotChecked, UnderLegalHold or SoleAdministrator where it may not be."""
    request = await _open(transaction, request_id)
    if request.identity_checked_at is None:
        raise IdentityNotChecked
    if request.kind == "erasure":
        person = await person_of(means, transaction, request_id)
        await refuse_if_kept(transaction, person, secrets=means.secrets)
    await store.decide(
        transaction, request_id, status="running", decided_by=actor.user_id, reason=None, now=means.clock.now()
    )
    await _note(means, transaction, request, "approved", actor)
    return request


async def refuse(means: Means, transaction: Transaction, request_id: UUID, *, reason: str, actor: Actor) -> None:
    """Closes a request with a reason, which the person is to be told."""
    request = await _open(transaction, request_id)
    await store.decide(
        transaction,
        request_id,
        status="refused",
        decided_by=actor.user_id,
        reason=reason.strip(),
        now=means.clock.now(),
    )
    await _note(means, transaction, request, "refused", actor)


async def carry_out(means: Means, request_id: UUID) -> None:
    """Does what was decided, or goes on with it after a crash."""
    async with means.database.as_service() as transaction:
        request = await store.find_request(transaction, request_id)
    match request.kind:
        case "erasure":
            await erase(means, request_id)
        case "access" | "portability":
            await export(means, request_id)
        case "restriction" | "objection":
            await restrict(means, request_id)
        case "offboarding":
            await carry_on(means, request_id)


async def person_of(means: Means, transaction: Transaction, request_id: UUID) -> Person:
    """Whose request it is, as long as it is open; RequestClosed later."""
    sealed = await store.sealed_contacts(transaction, request_id)
    if sealed is None:
        raise RequestClosed
    return open_person(means.box, request_id, sealed)


async def _open(transaction: Transaction, request_id: UUID) -> PrivacyRequest:
    request = await store.lock_request(transaction, request_id)
    if request.status not in ("received", "held", "failed"):
        raise RequestClosed
    return request


async def _note(
    means: Means, transaction: Transaction, request: PrivacyRequest, what: str, actor: Actor, **facts: object
) -> None:
    await record(
        transaction,
        f"privacy_request_{what}",
        f"A request ({request.kind}) was {what.replace('_', ' ')}.",
        at=means.clock.now(),
        restaurant_id=request.restaurant_id,
        performed_by=actor.user_id,
        performed_by_role=actor.role,
        subject=request.subject,
        facts={"request": str(request.id), **facts},
    )
