"""A channel of Meta as a Provider and a System: Instagram and Messenger differ in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flow.collect.integrations.types import Call, Caller, Field, Integration, Kind, Queued
from flow.collect.messages.types import Channel, Enter, leave_it
from flow.collect.providers.meta import applying as applies
from flow.collect.providers.meta import calls, payload, signature
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request
from flow.database.transaction import Transaction

__all__ = ["MetaChannel"]


@dataclass(slots=True, kw_only=True)
class MetaChannel:
    """`about` is what deliveries call the object; `enter` takes guests' messages on."""

    name: str
    channel: Channel
    about: Literal["instagram", "page"]
    base_url: str
    fields: tuple[Field, ...]
    manner: calls.Manner
    enter: Enter = leave_it
    kind: Kind = "social"

    def accounts(self, request: Request) -> Sequence[str]:
        return payload.accounts(request.body)

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        signature.verify(request, credentials)

    def greet(self, request: Request, credentials: Mapping[str, str]) -> bytes | None:
        return signature.greet(request, credentials)

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        return payload.read(request.body, about=self.about, account=integration.account)

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        return await applies.apply(applying, item, self.channel, self.enter)

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        return calls.authorise(call, credentials)

    async def test(self, caller: Caller, integration: Integration) -> None:
        await calls.test(caller, integration)

    async def register(
        self, caller: Caller, integration: Integration, address: str, credentials: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Subscribes the account; the address itself is the app's, and is set there by hand."""
        await calls.subscribe(caller, integration, self.manner)
        return {}

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        return await calls.facts(transaction, queued)

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        return await calls.perform(caller, facts, self.manner)

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        await calls.conclude(transaction, queued, result)
