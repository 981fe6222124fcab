"""One function per statement of queries.sql: connections, their credentials, and what is queued for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.collect.integrations.types import (
    Call,
    Integration,
    Kind,
    Queued,
    WaitingCall,
    connection_id,
)
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


async def integration_by_name(transaction: Transaction, restaurant_id: UUID, name: str) -> Integration | None:
    return await transaction.one_or_none(
        _queries.integration_by_name, Integration, restaurant_id=restaurant_id, name=name
    )


async def integration_by_id(transaction: Transaction, restaurant_id: UUID, integration_id: UUID) -> Integration | None:
    return await transaction.one_or_none(
        _queries.integration_by_id, Integration, restaurant_id=restaurant_id, id=integration_id
    )


async def integrations_by_account(service: Transaction, name: str, accounts: Sequence[str]) -> list[Integration]:
    return await service.all(_queries.integrations_by_account, Integration, name=name, accounts=list(accounts))


async def integrations_of(transaction: Transaction, restaurant_id: UUID) -> list[Integration]:
    return await transaction.all(_queries.integrations_of, Integration, restaurant_id=restaurant_id)


async def connected(service: Transaction, name: str) -> list[Integration]:
    return await service.all(_queries.connected, Integration, name=name)


async def sealed_credentials(service: Transaction, integration: Integration, *, lock: bool = False) -> bytes | None:
    query = _queries.sealed_credentials_for_update if lock else _queries.sealed_credentials
    found = await service.value(query, restaurant_id=integration.restaurant_id, id=integration.id)
    return None if found is None else bytes(found)


async def set_credentials(service: Transaction, integration: Integration, sealed: bytes, *, now: datetime) -> None:
    await service.execute(
        _queries.set_credentials,
        restaurant_id=integration.restaurant_id,
        id=integration.id,
        sealed=sealed,
        now=now,
    )


async def account_is_taken(service: Transaction, restaurant_id: UUID, name: str, account: str) -> bool:
    """Whether another restaurant has it; nobody else connects it until this transaction ends."""
    await service.execute(_queries.lock_account, name=name, account=account)
    return bool(await service.value(_queries.account_is_taken, restaurant_id=restaurant_id, name=name, account=account))


async def connect(
    service: Transaction,
    restaurant_id: UUID,
    *,
    kind: Kind,
    name: str,
    config: Mapping[str, object],
    account: str | None,
    by: UUID | None,
    now: datetime,
) -> UUID:
    return UUID(
        str(
            await service.value(
                _queries.connect,
                restaurant_id=restaurant_id,
                id=connection_id(restaurant_id, name),
                kind=kind,
                name=name,
                config=Jsonb(dict(config)),
                account=account,
                by=by,
                now=now,
            )
        )
    )


async def move_simulator(service: Transaction, address: str, *, now: datetime) -> None:
    """Lets every simulated connection, of any restaurant, lead to a simulator's present address."""
    await service.execute(_queries.move_simulator, address=address.rstrip("/"), now=now)


async def note_registration(
    service: Transaction, integration: Integration, *, error: str | None, now: datetime
) -> None:
    """Keeps what registering the address for webhooks came to."""
    await service.execute(
        _queries.note_registration,
        restaurant_id=integration.restaurant_id,
        id=integration.id,
        error=error,
        now=now,
    )


async def configure(
    service: Transaction, integration: Integration, changes: Mapping[str, object], *, now: datetime
) -> None:
    """Sets single entries of a connection's `config`."""
    await service.execute(
        _queries.configure,
        restaurant_id=integration.restaurant_id,
        id=integration.id,
        changes=Jsonb(dict(changes)),
        now=now,
    )


async def note_test(service: Transaction, integration: Integration, *, error: str | None, now: datetime) -> None:
    await service.execute(
        _queries.note_test, restaurant_id=integration.restaurant_id, id=integration.id, error=error, now=now
    )


async def disconnect(service: Transaction, restaurant_id: UUID, name: str, *, now: datetime) -> bool:
    return bool(await service.execute(_queries.disconnect, restaurant_id=restaurant_id, name=name, now=now))


async def note_contact(service: Transaction, integration: Integration, *, now: datetime) -> None:
    await service.execute(_queries.note_contact, restaurant_id=integration.restaurant_id, id=integration.id, now=now)


async def note_trouble(service: Transaction, integration: Integration, error: str, *, is_lasting: bool) -> None:
    await service.execute(
        _queries.note_trouble,
        restaurant_id=integration.restaurant_id,
        id=integration.id,
        error=error,
        is_lasting=is_lasting,
    )


async def log_call(
    service: Transaction,
    integration: Integration,
    call: Call,
    *,
    status: int | None,
    milliseconds: int,
    error_code: str | None,
    now: datetime,
) -> None:
    await service.execute(
        _queries.log_call,
        restaurant_id=integration.restaurant_id,
        id=new_id(),
        provider=integration.integration_name,
        endpoint=call.name,
        method=call.method,
        status=status,
        milliseconds=milliseconds,
        success=status is not None and status < 400,
        error_code=error_code,
        now=now,
    )


async def enqueue(
    service: Transaction,
    restaurant_id: UUID,
    *,
    provider: str,
    kind: str,
    key: str,
    arguments: Mapping[str, object],
    at: datetime,
    now: datetime,
) -> bool:
    return bool(
        await service.execute(
            _queries.enqueue,
            restaurant_id=restaurant_id,
            id=new_id(),
            provider=provider,
            kind=kind,
            key=key,
            arguments=Jsonb(dict(arguments)),
            at=at,
            now=now,
        )
    )


async def ring_calls(service: Transaction) -> None:
    await service.execute(_queries.ring_calls)


async def claim_calls(
    service: Transaction,
    *,
    now: datetime,
    locked_until: datetime,
    busy: Sequence[tuple[UUID, str]],
    most: int,
) -> list[Queued]:
    return await service.all(
        _queries.claim_calls,
        Queued,
        now=now,
        locked_until=locked_until,
        busy_restaurants=[restaurant for restaurant, _ in busy],
        busy_providers=[provider for _, provider in busy],
        most=most,
    )


async def finish_call(
    service: Transaction,
    queued: Queued,
    *,
    status: str,
    now: datetime,
    result: Mapping[str, object] | None = None,
    error: str | None = None,
) -> None:
    await service.execute(
        _queries.finish_call,
        restaurant_id=queued.restaurant_id,
        id=queued.id,
        status=status,
        result=None if result is None else Jsonb(dict(result)),
        error=error,
        now=now,
    )


async def postpone_call(service: Transaction, queued: Queued, *, at: datetime, error: str, counts: bool) -> None:
    await service.execute(
        _queries.postpone_call,
        restaurant_id=queued.restaurant_id,
        id=queued.id,
        at=at,
        error=error,
        counts=counts,
    )


async def requeue_call(service: Transaction, restaurant_id: UUID, call_id: UUID, *, now: datetime) -> bool:
    return bool(await service.execute(_queries.requeue_call, restaurant_id=restaurant_id, id=call_id, now=now))


async def next_call_at(service: Transaction) -> datetime | None:
    found = await service.value(_queries.next_call_at)
    assert found is None or isinstance(found, datetime)
    return found


async def troubled_calls(
    transaction: Transaction, restaurant_id: UUID, provider: str, *, most: int
) -> list[WaitingCall]:
    return await transaction.all(
        _queries.troubled_calls, WaitingCall, restaurant_id=restaurant_id, provider=provider, most=most
    )
