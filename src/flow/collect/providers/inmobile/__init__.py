"""InMobile: SMS both ways (REST API v4). Its deliveries carry no signature; the address they come to is the secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flow.collect.integrations.types import Call, Caller, Field, Integration, Kind, Queued
from flow.collect.messages.types import Enter, leave_it
from flow.collect.providers.inmobile import applying as applies
from flow.collect.providers.inmobile import calls, payload, signature
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request
from flow.database.transaction import Transaction
from flow.web.i18n import N_

__all__ = ["PROVIDER", "InMobile"]


@dataclass(slots=True)
class InMobile:
    """A Provider and a System. `enter` takes guests' messages on."""

    enter: Enter = leave_it
    name: str = "inmobile"
    kind: Kind = "sms"
    base_url: str = "https://api.inmobile.com"
    fields: tuple[Field, ...] = (
        Field(
            name="api_key", label=N_("API key"), help=N_("Made in InMobile under API keys; it may send and receive.")
        ),
        Field(
            name="sender",
            label=N_("Sender"),
            help=N_("What guests see: 3 to 11 letters, or a number that they can answer to."),
            is_secret=False,
        ),
        Field(
            name="number",
            label=N_("Number for incoming SMS"),
            help=N_("With the country code, such as 4512345678."),
            is_secret=False,
            is_required=False,
            is_account=True,
        ),
        Field(
            name="networks",
            label=N_("Networks that may deliver"),
            help=N_("Empty: those that InMobile publishes. “any” takes deliveries from everywhere."),
            is_secret=False,
            is_required=False,
        ),
    )

    def accounts(self, request: Request) -> Sequence[str]:
        """None: without a token in the address there is no telling who sends."""
        return ()

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        signature.verify(request, integration)

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        return payload.read(request.body)

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        return await applies.apply(applying, item, self.enter)

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        return calls.authorise(call, credentials)

    async def test(self, caller: Caller, integration: Integration) -> None:
        await calls.test(caller, integration)

    async def register(
        self, caller: Caller, integration: Integration, address: str, credentials: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Keeps the address: each message names it as the one for its reports."""
        return {calls.STATUS_ADDRESS: address}

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        return await calls.facts(transaction, queued)

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        return await calls.perform(caller, queued, facts)

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        await calls.conclude(transaction, queued, result)


PROVIDER = InMobile()
