"""Restriction and objection: the data stay and their use ends; consents are withdrawn in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flow.database.transaction import Transaction
from flow.privacy.audit.store import record
from flow.privacy.consents.service import withdraw_all
from flow.privacy.consents.types import Collection
from flow.privacy.consents.types import Person as Subject
from flow.privacy.rights import store
from flow.privacy.rights.finding.service import find
from flow.privacy.rights.finding.types import Found
from flow.privacy.rights.means import Means
from flow.privacy.rights.persons import open_person
from flow.privacy.rights.types import PrivacyRequest
from flow.privacy.rights.walking import Walk, read_rules
from flow.privacy.subjects import pseudonym, pseudonyms

__all__ = ["is_restricted", "restrict", "withdraw_consents"]


async def restrict(means: Means, request_id: UUID) -> None:
    """Writes down that the person's data are to be left alone, by all that the person is known by."""
    async with means.database.as_service() as transaction:
        request = await store.lock_request(transaction, request_id)
        sealed = await store.sealed_contacts(transaction, request_id)
        if request.status != "running" or sealed is None:
            return
        now = means.clock.now()
        found = await find(transaction, open_person(means.box, request_id, sealed), secrets=means.secrets)
        for known in found.person.references:
            await store.add_restriction(
                transaction,
                restaurant_id=request.restaurant_id,
                subject=pseudonym(means.secrets[0], known),
                kind=request.kind,
                request_id=request_id,
                since=now,
            )
        await withdraw_consents(transaction, found, request, at=now)
        walk = await Walk.of(transaction, found)
        steps = [
            {"table": rule.table.name, "rule": rule.kind, "found": rows, "changed": 0, "deleted": 0}
            for rule in await read_rules(transaction)
            if rule.kind != "text" and (rows := await walk.count(transaction, rule))
        ]
        await store.complete(transaction, request_id, {"steps": steps}, now=now)
        await _note(means, transaction, request)


async def withdraw_consents(transaction: Transaction, found: Found, request: PrivacyRequest, *, at: datetime) -> None:
    """Whoever asks to be left alone has not agreed to be written to; the evidence stays under the pseudonym."""
    await withdraw_all(
        transaction,
        Subject(subjects=tuple(found.keys["subject"])),
        request.restaurant_id,
        language="da",
        collection=Collection(method="staff", recorded_by=request.decided_by),
        at=at,
    )


async def is_restricted(
    transaction: Transaction, restaurant_id: UUID, contact: str, *, secrets: Sequence[bytes]
) -> bool:
    """Whether this guest's data may not be used by this restaurant now; ask before each use that is not storing."""
    return await store.is_restricted(transaction, restaurant_id, pseudonyms(secrets, contact))


async def _note(means: Means, transaction: Transaction, request: PrivacyRequest) -> None:
    await record(
        transaction,
        f"{request.kind}_completed",
        "The use of a person's data ended on request.",
        at=means.clock.now(),
        restaurant_id=request.restaurant_id,
        performed_by=request.decided_by,
        subject=request.subject,
        legal_basis="Art. 18 GDPR" if request.kind == "restriction" else "Art. 21 GDPR",
        facts={"request": str(request.id)},
    )
