"""Trying a connection out: harmless calls, and the registration of its address for webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flow.collect.integrations import store
from flow.collect.integrations.calling import answered
from flow.collect.integrations.errors import NotRegistered, ProviderAway
from flow.collect.integrations.types import Caller, Integration, Registers, System
from flow.database.transaction import Transaction
from flow.errors import FlowError

__all__ = ["Trial", "note_trial", "said", "trial_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it: what is wrong, if anything; what registering came to, and the credentials gained by it."""

    problem: FlowError | None = None
    has_registered: bool = False
    unregistered: FlowError | None = None
    gained: Mapping[str, str] = field(default_factory=dict)


async def trial_of(
    system: System, caller: Caller, integration: Integration, *, address: str, credentials: Mapping[str, str]
) -> Trial:
    """Makes a harmless call, and registers the `address` where that is FLOW's part; nothing is written down.

    A problem of the kind ProviderAway leaves open whether the credentials are good; any other one refuses them.
    """
    caller = answered(caller)
    try:
        await system.test(caller, integration)
    except FlowError as problem:
        return Trial(problem=problem)
    if not hasattr(system, "register"):
        return Trial()
    try:
        gained = await cast(Registers, system).register(caller, integration, address, credentials)
    except NotRegistered as by_hand:
        return Trial(has_registered=True, unregistered=by_hand)
    except FlowError as problem:
        return Trial(problem=problem, has_registered=True, unregistered=problem)
    return Trial(has_registered=True, gained=gained)


async def note_trial(transaction: Transaction, integration: Integration, trial: Trial, *, now: datetime) -> None:
    """Writes on the connection what a trial came to: it is `active` after success and in `error` otherwise."""
    if trial.has_registered:
        told = said(trial.unregistered) if trial.unregistered else None
        await store.note_registration(transaction, integration, error=told, now=now)
    if trial.problem is None:
        await store.note_contact(transaction, integration, now=now)
    await store.note_test(transaction, integration, error=said(trial.problem) if trial.problem else None, now=now)


def said(problem: FlowError) -> str:
    """What the settings page will say: the provider's folder's own sentence, else the kind of problem."""
    usual = (type(problem).__doc__ or "").strip()
    return problem.code if isinstance(problem, ProviderAway) or problem.message == usual else problem.message
