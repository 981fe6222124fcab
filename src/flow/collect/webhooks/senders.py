"""Whose a delivery may be: the connections that it could belong to, with what checks it, remembered for seconds.

A remembered secret may be out of date: whoever fails a check with one looks again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.service import credentials_of
from flow.collect.integrations.types import Integration
from flow.collect.webhooks.address import Address
from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.kit.clock import Clock
from flow.kit.secrets import SecretBox

__all__ = ["Sender", "Senders"]

_REMEMBERED: Final = timedelta(seconds=5)
_YOUNG: Final = timedelta(seconds=1)
_MOST: Final = 10_000  # entries: enough for every restaurant of an installation, and no more than memory holds


@dataclass(frozen=True, slots=True)
class Sender:
    """A connection and its opened credentials."""

    integration: Integration
    credentials: dict[str, str]


_Find = Callable[[Transaction], Awaitable[Sequence[Integration | None]]]


class Senders:
    """Finds connections by address, restaurant or account."""

    def __init__(self, database: Database, box: SecretBox, clock: Clock) -> None:
        self._database = database
        self._box = box
        self._clock = clock
        self._known: dict[object, tuple[datetime, list[Sender]]] = {}

    async def at(self, provider: str, address: Address, *, anew: bool = False) -> list[Sender]:
        """The connection of an address that carries a token, if it is this provider's."""

        async def find(transaction: Transaction) -> list[Integration | None]:
            return [await store.integration_by_id(transaction, address.restaurant_id, address.integration_id)]

        found = await self._remembered(address, find, anew=anew)
        return [sender for sender in found if sender.integration.integration_name == provider]

    async def of_restaurant(self, provider: str, restaurant_id: UUID, *, anew: bool = False) -> list[Sender]:
        """The restaurant's connection to a provider."""

        async def find(transaction: Transaction) -> list[Integration | None]:
            return [await store.integration_by_name(transaction, restaurant_id, provider)]

        return await self._remembered((provider, restaurant_id), find, anew=anew)

    async def of_accounts(self, provider: str, accounts: Sequence[str], *, anew: bool = False) -> list[Sender]:
        """The connections with these accounts."""

        async def find(transaction: Transaction) -> Sequence[Integration | None]:
            return await store.integrations_by_account(transaction, provider, accounts)

        return await self._remembered((provider, tuple(accounts)), find, anew=anew)

    async def _remembered(self, key: object, find: _Find, *, anew: bool) -> list[Sender]:
        now = self._clock.now()
        at, senders = self._known.get(key, (None, []))
        if at is not None and now - at < (_YOUNG if anew else _REMEMBERED):
            return senders
        found = await self._look(find)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now, found)
        return found

    async def _look(self, find: _Find) -> list[Sender]:
        async with self._database.as_service() as transaction:
            return [
                Sender(each, await credentials_of(transaction, self._box, each))
                for each in await find(transaction)
                if each is not None and each.status != "inactive"
            ]
