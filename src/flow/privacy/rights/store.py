"""One typed function per statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.privacy.rights.errors import RequestNotFound
from flow.privacy.rights.types import (
    Bookkeeping,
    ColumnRow,
    Due,
    IdentityMethod,
    Kind,
    KnownContact,
    OffboardedRestaurant,
    PrivacyRequest,
    ReferenceRow,
    Scope,
    Status,
    Step,
    Tombstone,
)

assert __package__
_queries = load_queries(__package__)


async def list_columns(transaction: Transaction) -> list[ColumnRow]:
    return await transaction.all(_queries.list_columns, ColumnRow)


async def list_references(transaction: Transaction) -> list[ReferenceRow]:
    return await transaction.all(_queries.list_references, ReferenceRow)


async def add_request(
    transaction: Transaction,
    request_id: UUID,
    *,
    restaurant_id: UUID | None,
    kind: Kind,
    subject: str,
    subject_hint: str | None,
    sealed: bytes | None,
    user_id: UUID | None,
    received_at: datetime,
    due_at: datetime,
    created_by: UUID | None,
    now: datetime,
) -> None:
    await transaction.execute(
        _queries.add_request,
        id=request_id,
        restaurant_id=restaurant_id,
        kind=kind,
        subject=subject,
        subject_hint=subject_hint,
        sealed=sealed,
        user_id=user_id,
        received_at=received_at,
        due_at=due_at,
        created_by=created_by,
        now=now,
    )


async def find_request(transaction: Transaction, request_id: UUID) -> PrivacyRequest:
    """RequestNotFound when there is none, or none that the caller may see."""
    return _there(await transaction.one_or_none(_queries.find_request, PrivacyRequest, id=request_id))


async def lock_request(transaction: Transaction, request_id: UUID) -> PrivacyRequest:
    """The same, locked for the transaction of the service that changes it."""
    return _there(await transaction.one_or_none(_queries.lock_request, PrivacyRequest, id=request_id))


async def list_requests(
    transaction: Transaction, restaurants: Sequence[UUID], *, with_platform: bool, most: int = 200
) -> list[PrivacyRequest]:
    return await transaction.all(
        _queries.list_requests,
        PrivacyRequest,
        restaurants=list(restaurants),
        with_platform=with_platform,
        most=most,
    )


async def list_running(transaction: Transaction) -> list[UUID]:
    return await transaction.values(_queries.list_running)


async def sealed_contacts(transaction: Transaction, request_id: UUID) -> bytes | None:
    found: bytes | None = await transaction.value(_queries.sealed_contacts, id=request_id)
    return found


async def keep_sealed(transaction: Transaction, request_id: UUID, sealed: bytes, *, now: datetime) -> None:
    await transaction.execute(_queries.keep_sealed, id=request_id, sealed=sealed, now=now)


async def note_identity(
    transaction: Transaction,
    request_id: UUID,
    *,
    method: IdentityMethod,
    note: str | None,
    checked_by: UUID | None,
    now: datetime,
) -> None:
    await transaction.execute(
        _queries.note_identity, id=request_id, method=method, note=note, checked_by=checked_by, now=now
    )


async def extend(transaction: Transaction, request_id: UUID, *, due_at: datetime, reason: str, now: datetime) -> None:
    await transaction.execute(_queries.extend, id=request_id, due_at=due_at, reason=reason, now=now)


async def decide(
    transaction: Transaction,
    request_id: UUID,
    *,
    status: Status,
    decided_by: UUID | None,
    reason: str | None,
    now: datetime,
) -> None:
    await transaction.execute(
        _queries.decide, id=request_id, status=status, decided_by=decided_by, reason=reason, now=now
    )


async def set_status(transaction: Transaction, request_id: UUID, status: Status, *, now: datetime) -> None:
    await transaction.execute(_queries.set_status, id=request_id, status=status, now=now)


async def note_outcome(
    transaction: Transaction, request_id: UUID, outcome: Mapping[str, object], *, now: datetime
) -> None:
    await transaction.execute(_queries.note_outcome, id=request_id, outcome=Jsonb(dict(outcome)), now=now)


async def complete(
    transaction: Transaction,
    request_id: UUID,
    outcome: Mapping[str, object],
    *,
    now: datetime,
    forget: bool = False,
    file_name: str | None = None,
    file_expires_at: datetime | None = None,
) -> None:
    """`forget`: nothing of the contact stays on the request."""
    await transaction.execute(
        _queries.complete,
        id=request_id,
        outcome=Jsonb(dict(outcome)),
        forget=forget,
        file_name=file_name,
        file_expires_at=file_expires_at,
        now=now,
    )


async def forget_hints(
    transaction: Transaction, request: PrivacyRequest, subjects: Sequence[str], *, now: datetime
) -> list[str]:
    """The files of the person's other requests, which are to go."""
    names = await transaction.values(
        _queries.forget_hints,
        id=request.id,
        restaurant_id=request.restaurant_id,
        subjects=list(subjects),
        now=now,
    )
    return [name for name in names if name]


async def expired_files(transaction: Transaction, *, now: datetime) -> list[str]:
    return await transaction.values(_queries.expired_files, now=now)


async def forget_file(transaction: Transaction, file_name: str, *, now: datetime) -> None:
    await transaction.execute(_queries.forget_file, file_name=file_name, now=now)


async def due_soon(transaction: Transaction, *, now: datetime) -> list[Due]:
    return await transaction.all(_queries.due_soon, Due, now=now)


async def note_reminder(transaction: Transaction, request_id: UUID, reminded: int) -> None:
    await transaction.execute(_queries.note_reminder, id=request_id, reminded=reminded)


async def notify_staff(
    transaction: Transaction,
    restaurant_id: UUID,
    *,
    severity: str,
    title: str,
    body: str,
    facts: Mapping[str, object],
    link: str,
    now: datetime,
) -> None:
    await transaction.execute(
        _queries.notify_staff,
        restaurant_id=restaurant_id,
        id=new_id(),
        severity=severity,
        title=title,
        body=body,
        facts=Jsonb(dict(facts)),
        link=link,
        now=now,
    )


async def add_steps(transaction: Transaction, request_id: UUID, steps: Sequence[tuple[str, str]]) -> None:
    """`steps` are (table, rule), in their order; those that are there already stay as they are."""
    rows: list[dict[str, object]] = [
        {"request_id": request_id, "position": position, "table_name": table, "rule": rule}
        for position, (table, rule) in enumerate(steps)
    ]
    await transaction.execute_many(_queries.add_step, rows)


async def list_steps(transaction: Transaction, request_id: UUID) -> list[Step]:
    return await transaction.all(_queries.list_steps, Step, request_id=request_id)


async def count_step(
    transaction: Transaction,
    request_id: UUID,
    *,
    table: str,
    rule: str,
    now: datetime,
    found: int = 0,
    changed: int = 0,
    deleted: int = 0,
    finished: bool = False,
) -> None:
    await transaction.execute(
        _queries.count_step,
        request_id=request_id,
        table_name=table,
        rule=rule,
        found=found,
        changed=changed,
        deleted=deleted,
        finished=finished,
        now=now,
    )


async def keep_keys(transaction: Transaction, request_id: UUID, keys: Mapping[str, Sequence[str]]) -> None:
    """Keeps the ids; contacts stay where they are sealed."""
    rows: list[dict[str, object]] = [
        {"request_id": request_id, "kind": kind, "key": key}
        for kind, values in keys.items()
        for key in values
        if kind != "contact"
    ]
    await transaction.execute_many(_queries.add_key, rows)


async def list_keys(transaction: Transaction, request_id: UUID) -> list[tuple[str, str]]:
    return [(kind, key) for kind, key in await transaction.tuples(_queries.list_keys, request_id=request_id)]


async def forget_keys(transaction: Transaction, request_id: UUID) -> None:
    await transaction.execute(_queries.forget_keys, request_id=request_id)


async def bookkeeping_of(transaction: Transaction, scope: Scope, orders: Sequence[str]) -> Bookkeeping:
    return await transaction.one(
        _queries.bookkeeping_of, Bookkeeping, restaurants=None if scope is None else list(scope), orders=list(orders)
    )


async def sole_admin_of(transaction: Transaction, user_id: UUID) -> list[UUID]:
    return await transaction.values(_queries.sole_admin_of, user_id=user_id)


async def erase_account(transaction: Transaction, user_id: UUID) -> bool:
    return bool(await transaction.value(_queries.erase_account, user_id=user_id))


async def add_tombstones(transaction: Transaction, tombstones: Sequence[Tombstone]) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": new_id(),
            "restaurant_id": each.restaurant_id,
            "subject": each.subject,
            "request_id": each.request_id,
            "erased_at": each.erased_at,
        }
        for each in tombstones
    ]
    await transaction.execute_many(_queries.add_tombstone, rows)


async def list_tombstones(transaction: Transaction) -> list[Tombstone]:
    return await transaction.all(_queries.list_tombstones, Tombstone)


async def list_known_contacts(transaction: Transaction) -> list[KnownContact]:
    return await transaction.all(_queries.list_known_contacts, KnownContact)


async def add_restriction(
    transaction: Transaction,
    *,
    restaurant_id: UUID | None,
    subject: str,
    kind: Kind,
    request_id: UUID,
    since: datetime,
) -> None:
    await transaction.execute(
        _queries.add_restriction,
        id=new_id(),
        restaurant_id=restaurant_id,
        subject=subject,
        kind=kind,
        request_id=request_id,
        since=since,
    )


async def end_restrictions(transaction: Transaction, request_id: UUID, *, now: datetime) -> int:
    return await transaction.execute(_queries.end_restrictions, request_id=request_id, now=now)


async def is_restricted(transaction: Transaction, restaurant_id: UUID, subjects: Sequence[str]) -> bool:
    return bool(await transaction.value(_queries.is_restricted, restaurant_id=restaurant_id, subjects=list(subjects)))


async def note_file(
    transaction: Transaction,
    request_id: UUID,
    file_name: str,
    outcome: Mapping[str, object],
    *,
    expires_at: datetime,
    now: datetime,
) -> None:
    await transaction.execute(
        _queries.note_file,
        id=request_id,
        file_name=file_name,
        file_expires_at=expires_at,
        outcome=Jsonb(dict(outcome)),
        now=now,
    )


async def has_holds(transaction: Transaction, restaurant_id: UUID) -> bool:
    return bool(await transaction.value(_queries.has_holds, restaurant_id=restaurant_id))


async def close_restaurant(transaction: Transaction, restaurant_id: UUID, *, now: datetime) -> None:
    await transaction.execute(_queries.close_restaurant, id=restaurant_id, now=now)


async def open_restaurant(transaction: Transaction, restaurant_id: UUID, *, now: datetime) -> None:
    await transaction.execute(_queries.open_restaurant, id=restaurant_id, now=now)


async def find_restaurant(transaction: Transaction, restaurant_id: UUID) -> OffboardedRestaurant:
    """NotFound when there is none."""
    return await transaction.one(_queries.find_restaurant, OffboardedRestaurant, id=restaurant_id)


async def offboard_restaurant(transaction: Transaction, restaurant_id: UUID, *, now: datetime) -> None:
    """Takes the name off the restaurant's row, and what could tell who had asked it for something."""
    await transaction.execute(_queries.forget_requesters, restaurant_id=restaurant_id, now=now)
    await transaction.execute(_queries.offboard_restaurant, id=restaurant_id, now=now)


def _there(request: PrivacyRequest | None) -> PrivacyRequest:
    if request is None:
        raise RequestNotFound
    return request
