"""Connecting a restaurant to another system: what was typed in is sealed, tried out, and its address registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.drafting import Draft, draft_of
from flow.collect.integrations.errors import NotConnected, ProviderAway
from flow.collect.integrations.service import (
    credentials_of,
    integration_of,
    keep_credentials,
    locked_credentials_of,
)
from flow.collect.integrations.trying import Trial, note_trial, trial_of
from flow.collect.integrations.types import Integration
from flow.database.transaction import Transaction
from flow.errors import FlowError
from flow.privacy.audit.store import record

__all__ = ["Saved", "connect", "disconnect", "save", "try_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of saving: whether the settings are kept, and what is wrong with them, if anything is."""

    is_kept: bool
    problem: FlowError | None


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
    async with calls.database.as_service() as transaction:
        draft = await draft_of(calls, transaction, restaurant_id, name, values, simulator=simulator)
        return await _keep(calls, transaction, draft, by)


async def save(
    calls: Calls,
    restaurant_id: UUID,
    name: str,
    values: Mapping[str, str],
    *,
    address: str,
    by: UUID | None = None,
    simulator: str | None = None,
    even_unanswered: bool = False,
) -> Saved:
    """Keeps what was filled in and tries it out; for a connection that is at work the other way round.

    What is refused there is not kept: the former settings stay in force, and the connection never rests meanwhile. What
    could not be tried, as nobody answered, is kept if `even_unanswered`. Errors as of `connect`.
    """
    async with calls.database.as_service() as transaction:
        former = await integration_of(transaction, restaurant_id, name)
    if former is None or not _is_at_work(former):
        await connect(calls, restaurant_id, name, values, by=by, simulator=simulator)
        return Saved(is_kept=True, problem=await try_out(calls, restaurant_id, name, address=address))
    async with calls.database.as_service() as transaction:
        draft = await draft_of(calls, transaction, restaurant_id, name, values, simulator=simulator)
    trial = await _trial_beside(calls, draft, address)
    is_kept = trial.problem is None or (even_unanswered and isinstance(trial.problem, ProviderAway))
    async with calls.database.as_service() as transaction:
        if is_kept:
            # Drafted anew, for a token may have been renewed while the other system was asked.
            draft = await draft_of(calls, transaction, restaurant_id, name, values, simulator=simulator)
            integration = await _keep(calls, transaction, draft, by, gained=trial.gained)
            await note_trial(transaction, integration, trial, now=calls.clock.now())
        else:
            await _note_attempt(transaction, calls, draft.integration, trial, by)
    return Saved(is_kept=is_kept, problem=trial.problem)


async def try_out(calls: Calls, restaurant_id: UUID, name: str, *, address: str) -> FlowError | None:
    """Makes a harmless call, and registers the `address` for webhooks where that is FLOW's part; what is wrong, if any.

    The connection is `active` after success and `error` otherwise.
    """
    connection = await calls.connect(restaurant_id, name)
    integration = connection.integration
    async with calls.database.as_service() as transaction:
        known = await credentials_of(transaction, calls.box, integration)
    trial = await trial_of(connection.system, connection.caller, integration, address=address, credentials=known)
    now = calls.clock.now()
    async with calls.database.as_service() as transaction:
        if trial.gained:
            kept = await locked_credentials_of(transaction, calls.box, integration)
            await keep_credentials(transaction, calls.box, integration, {**kept, **trial.gained}, now=now)
        await note_trial(transaction, integration, trial, now=now)
    return trial.problem


async def disconnect(calls: Calls, restaurant_id: UUID, name: str, *, by: UUID | None = None) -> None:
    """Forgets credentials and settings; NotConnected where there is nothing to end."""
    async with calls.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant_id, name)
        if integration is None or not await store.disconnect(transaction, restaurant_id, name, now=calls.clock.now()):
            raise NotConnected
        await _note(transaction, calls, "integration_disconnected", "A connection was ended.", integration, by)


def _is_at_work(integration: Integration) -> bool:
    """Whether it would go on as it is: it was accepted, or nobody answered when it was last tried."""
    is_unanswered = integration.status == "error" and integration.last_error == ProviderAway.code
    return integration.status == "active" or is_unanswered


async def _trial_beside(calls: Calls, draft: Draft, address: str) -> Trial:
    """Tries the draft out, and leaves what is kept as it is."""
    system, integration = draft.system, draft.integration
    caller = calls.trial_caller(system, integration, draft.credentials, draft.typed)
    return await trial_of(system, caller, integration, address=address, credentials=draft.credentials)


async def _keep(
    calls: Calls, transaction: Transaction, draft: Draft, by: UUID | None, *, gained: Mapping[str, str] | None = None
) -> Integration:
    now, wanted = calls.clock.now(), draft.integration
    integration_id = await store.connect(
        transaction,
        wanted.restaurant_id,
        kind=wanted.integration_type,
        name=wanted.integration_name,
        config=wanted.config,
        account=wanted.account,
        by=by,
        now=now,
    )
    integration = await store.integration_by_id(transaction, wanted.restaurant_id, integration_id)
    assert integration is not None
    await keep_credentials(transaction, calls.box, integration, {**draft.credentials, **(gained or {})}, now=now)
    await _note(transaction, calls, "integration_connected", "A connection was set up.", integration, by)
    return integration


async def _note_attempt(
    transaction: Transaction, calls: Calls, integration: Integration, trial: Trial, by: UUID | None
) -> None:
    if isinstance(trial.problem, ProviderAway):
        action, outcome = "integration_unanswered", "could not be tried"
    else:
        action, outcome = "integration_refused", "were refused"
    words = f"New settings of a connection {outcome}; the former ones stay."
    await _note(transaction, calls, action, words, integration, by)


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
