"""Connecting a restaurant to another system: what was typed in is sealed, tried out, and its address registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.calling import Calls, Connection
from flow.collect.integrations.errors import AccountTaken, NotConnected, NotRegistered
from flow.collect.integrations.service import (
    credentials_of,
    integration_of,
    keep_credentials,
    locked_credentials_of,
)
from flow.collect.integrations.types import Integration, Registers, System
from flow.database.transaction import Transaction
from flow.errors import FlowError, InvalidInput
from flow.privacy.audit.store import record

__all__ = ["connect", "disconnect", "try_out"]

_LONGEST_VALUE: Final = 4_000
_SIMULATED: Final = "base_url"
_OF_REGISTRATION: Final = "webhook_"


async def connect(
    calls: Calls,
    restaurant_id: UUID,
    name: str,
    values: Mapping[str, str],
    *,
    by: UUID | None = None,
    simulator: str | None = None,
) -> Integration:
    """Keeps what the restaurant filled in; the connection is `pending_setup` until `try_out` has found it good.

    `values` are by the names of the system's fields. A secret left empty stays as it is. `simulator` is the address of
    a provider simulator; nobody who fills in a form can set it. InvalidInput for a missing field, AccountTaken.
    """
    system = _system(calls, name)
    now = calls.clock.now()
    async with calls.database.as_service() as transaction:
        given = {field.name: values.get(field.name, "").strip() for field in system.fields}
        credentials = await _secrets(calls, transaction, restaurant_id, system, given)
        _require(system, {**given, **credentials})
        account = next((given[field.name] or None for field in system.fields if field.is_account), None)
        if account and await store.account_is_taken(transaction, restaurant_id, name, account):
            raise AccountTaken
        config: dict[str, object] = {field.name: given[field.name] for field in system.fields if not field.is_secret}
        if simulator is not None:
            config[_SIMULATED] = simulator
        integration_id = await store.connect(
            transaction, restaurant_id, kind=system.kind, name=name, config=config, account=account, by=by, now=now
        )
        integration = await store.integration_by_id(transaction, restaurant_id, integration_id)
        assert integration is not None
        await keep_credentials(transaction, calls.box, integration, credentials, now=now)
        await _note(transaction, calls, "integration_connected", "A connection was set up.", integration, by)
    return integration


async def try_out(calls: Calls, restaurant_id: UUID, name: str, *, address: str) -> FlowError | None:
    """Makes a harmless call, and registers the `address` for webhooks where that is FLOW's part; what is wrong, if any.

    The connection is `active` after success and `error` otherwise.
    """
    connection = await calls.connect(restaurant_id, name)
    system, integration = connection.system, connection.integration
    try:
        await system.test(connection.caller, integration)
        problem: FlowError | None = None
    except FlowError as error:
        problem = error
    if problem is None and hasattr(system, "register"):
        problem = await _register(calls, connection, cast(Registers, system), address)
    now = calls.clock.now()
    async with calls.database.as_service() as transaction:
        if problem is None:
            await store.note_contact(transaction, integration, now=now)
        await store.note_test(transaction, integration, error=_said(problem) if problem else None, now=now)
    return problem


async def _register(calls: Calls, connection: Connection, system: Registers, address: str) -> FlowError | None:
    """Registers the address and keeps what came of it; what is wrong with the connection, if anything is."""
    integration = connection.integration
    async with calls.database.as_service() as transaction:
        known = await credentials_of(transaction, calls.box, integration)
    gained: Mapping[str, str] = {}
    problem: FlowError | None = None
    try:
        gained = await system.register(connection.caller, integration, address, known)
    except FlowError as error:
        problem = error
    now = calls.clock.now()
    async with calls.database.as_service() as transaction:
        if gained:
            kept = await locked_credentials_of(transaction, calls.box, integration)
            await keep_credentials(transaction, calls.box, integration, {**kept, **gained}, now=now)
        told = _said(problem) if problem else None
        await store.note_registration(transaction, integration, error=told, now=now)
    return None if isinstance(problem, NotRegistered) else problem


async def disconnect(calls: Calls, restaurant_id: UUID, name: str, *, by: UUID | None = None) -> None:
    """Forgets credentials and settings; NotConnected where there is nothing to end."""
    async with calls.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant_id, name)
        if integration is None or not await store.disconnect(transaction, restaurant_id, name, now=calls.clock.now()):
            raise NotConnected
        await _note(transaction, calls, "integration_disconnected", "A connection was ended.", integration, by)


def _said(problem: FlowError) -> str:
    """What the settings page will say: the provider's folder's own sentence, else the kind of problem."""
    usual = (type(problem).__doc__ or "").strip()
    return problem.code if problem.message == usual else problem.message


async def _secrets(
    calls: Calls, transaction: Transaction, restaurant_id: UUID, system: System, given: Mapping[str, str]
) -> dict[str, str]:
    """The secrets as they are to be kept: those just typed, and before them what a connection has already."""
    kept = await integration_of(transaction, restaurant_id, system.name)
    before = await credentials_of(transaction, calls.box, kept) if kept else {}
    typed = {field.name: given[field.name] for field in system.fields if field.is_secret and given[field.name]}
    changed = any(before.get(name) != value for name, value in typed.items())
    # What was gained with other credentials (tokens) does not hold for these; a registration of webhooks does, or is
    # found missing when it is registered.
    own = {field.name for field in system.fields}
    kept_on = {name for name in before if name in own or not changed or name.startswith(_OF_REGISTRATION)}
    return {**{name: before[name] for name in kept_on}, **typed}


def _require(system: System, values: Mapping[str, str]) -> None:
    missing = [field.name for field in system.fields if field.is_required and not values.get(field.name)]
    too_long = [name for name, value in values.items() if len(value) > _LONGEST_VALUE]
    if missing or too_long:
        raise InvalidInput("Fill in every required field.", details={"fields": [*missing, *too_long]})


def _system(calls: Calls, name: str) -> System:
    system = calls.systems.get(name)
    if system is None:
        raise NotConnected
    return system


async def _note(
    transaction: Transaction, calls: Calls, action: str, description: str, integration: Integration, by: UUID | None
) -> None:
    await record(
        transaction,
        action,
        description,
        at=calls.clock.now(),
        restaurant_id=integration.restaurant_id,
        performed_by=by,
        performed_by_role="user" if by else "service",
        facts={"provider": integration.integration_name, "integration": str(integration.id)},
    )
