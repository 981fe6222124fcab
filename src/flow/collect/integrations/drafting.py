"""A connection as it would be with what somebody typed in: put together and looked at before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.errors import AccountTaken, NotConnected
from flow.collect.integrations.service import integration_of, locked_credentials_of
from flow.collect.integrations.types import Integration, System, connection_id
from flow.database.transaction import Transaction
from flow.errors import InvalidInput

__all__ = ["Draft", "draft_of"]

_LONGEST_VALUE: Final = 4_000
_SIMULATED: Final = "base_url"
_OF_REGISTRATION: Final = "webhook_"


@dataclass(frozen=True, slots=True)
class Draft:
    """A connection that is not kept yet, with all its credentials; `typed` are the names of those just typed in."""

    system: System
    integration: Integration
    credentials: Mapping[str, str]
    typed: frozenset[str]


async def draft_of(
    calls: Calls,
    transaction: Transaction,
    restaurant_id: UUID,
    name: str,
    values: Mapping[str, str],
    *,
    simulator: str | None,
) -> Draft:
    """What would be kept; a connection that there is stays locked until the transaction ends.

    A secret left empty is the kept one. InvalidInput for a missing field, AccountTaken, NotConnected.
    """
    system = calls.systems.get(name)
    if system is None:
        raise NotConnected
    given = {field.name: values.get(field.name, "").strip() for field in system.fields}
    typed = {field.name: given[field.name] for field in system.fields if field.is_secret and given[field.name]}
    kept = await integration_of(transaction, restaurant_id, name)
    before = await locked_credentials_of(transaction, calls.box, kept) if kept else {}
    config = {**(kept.config if kept else {}), **_config(system, given, simulator)}
    is_same = kept is not None and config == kept.config and all(before.get(each) == typed[each] for each in typed)
    credentials = {**(before if is_same else _lasting(system, before)), **typed}
    _require(system, {**given, **credentials})
    account = next((given[field.name] or None for field in system.fields if field.is_account), None)
    if account and await store.account_is_taken(transaction, restaurant_id, name, account):
        raise AccountTaken
    integration = Integration(
        restaurant_id=restaurant_id,
        id=kept.id if kept else connection_id(restaurant_id, name),
        integration_type=system.kind,
        integration_name=name,
        config=config,
        account=account,
    )
    return Draft(system, integration, credentials, frozenset(typed))


def _config(system: System, given: Mapping[str, str], simulator: str | None) -> dict[str, object]:
    config: dict[str, object] = {field.name: given[field.name] for field in system.fields if not field.is_secret}
    return config if simulator is None else {**config, _SIMULATED: simulator}


def _lasting(system: System, before: Mapping[str, str]) -> dict[str, str]:
    """What outlasts a change. What was gained with other settings (tokens) proves nothing about these; a registration
    of webhooks holds on, or is found missing when it is registered."""
    own = {field.name for field in system.fields}
    return {name: value for name, value in before.items() if name in own or name.startswith(_OF_REGISTRATION)}


def _require(system: System, values: Mapping[str, str]) -> None:
    missing = [field.name for field in system.fields if field.is_required and not values.get(field.name)]
    too_long = [name for name, value in values.items() if len(value) > _LONGEST_VALUE]
    if missing or too_long:
        raise InvalidInput("Fill in every required field.", details={"fields": [*missing, *too_long]})
