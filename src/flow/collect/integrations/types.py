"""A restaurant's connection to another system, and a call that is to be made over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID, uuid5

import httpx

from flow.database.transaction import Transaction

__all__ = [
    "Answer",
    "Call",
    "Caller",
    "Field",
    "Integration",
    "Kind",
    "Queued",
    "Registers",
    "Renews",
    "System",
    "WaitingCall",
    "connection_id",
]

Kind = Literal["payment", "accounting", "sms", "social", "delivery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A row of integration_configs, without its credentials. `account` is the provider's own number of it."""

    restaurant_id: UUID
    id: UUID
    integration_type: Kind
    integration_name: str
    config: dict[str, object] = field(default_factory=dict)
    account: str | None = None
    status: Literal["active", "inactive", "error", "pending_setup"] = "pending_setup"
    last_sync_at: datetime | None = None
    last_error: str | None = None
    registered_at: datetime | None = None
    registration_error: str | None = None


def connection_id(restaurant_id: UUID, name: str) -> UUID:
    """The id of a restaurant's connection to a provider: known before there is one.

    So its address for webhooks can be shown first: some providers want it before they give away the secret that a
    restaurant connects with.
    """
    return uuid5(restaurant_id, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a restaurant fills in to connect. `label` and `help` are English and marked for translation.

    Secrets are sealed and never shown again; the others lie in `config`. The one with `is_account` is kept as the
    integration's `account` as well, by which deliveries to an address without a token find it.
    """

    name: str
    label: str
    help: str = ""
    is_secret: bool = True
    is_required: bool = True
    is_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to a provider. `path` is under the provider's base address and names things by id alone.

    `idempotency_key` is the same for every try; `repeatable` says that repeating is safe, which it is for GET, PUT and
    a POST with a key that the provider knows. A log keeps method, `name` (the path without its ids), status and time.
    `at` is another base address of the provider, such as that of its log-in; a simulator has one for all.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    name: str
    json: object | None = None
    form: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    idempotency_key: str | None = None
    repeatable: bool = False
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered, whatever its status."""

    status: int
    body: object
    headers: httpx.Headers

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Caller(Protocol):
    """Makes calls for one integration: with time limits, retries with jitter, a circuit breaker, and api_logs.

    ProviderAway (flow.collect.integrations.errors) when no answer came, or the breaker is open. No database transaction
    is open while a call is on its way.
    """

    async def __call__(self, call: Call) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A row of provider_calls: an effect on another system, written in the transaction that decided on it.

    `arguments` hold ids and numbers, never contacts or texts. `key` is unique per restaurant and provider.
    """

    restaurant_id: UUID
    id: UUID
    provider: str
    kind: str
    key: str
    arguments: dict[str, object]
    attempts: int


class System(Protocol):
    """A provider as something that FLOW calls; a folder of `flow.collect.providers` offers it."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def base_url(self) -> str:
        """Its address; `config["base_url"]` of a simulated restaurant names the simulator instead."""
        ...

    @property
    def fields(self) -> tuple[Field, ...]: ...

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        """The call with what proves who asks."""
        ...

    async def test(self, caller: Caller, integration: Integration) -> None:
        """Makes a harmless call; ConnectionRefused says in words what is wrong with the settings."""
        ...

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Carries a queued call out and answers what is to be kept. May run again after a crash.

        What stands under a name that begins with `_` is for `conclude` alone and is not kept: it may be personal.
        """
        ...

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        """What `perform` needs from the database; None when there is nothing to do any more."""
        ...

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        """Writes what came of it, in the transaction that marks the call as done."""
        ...


class Renews(Protocol):
    """A System whose credentials run out, such as access tokens.

    The caller renews before a call when they are stale, and once after an answer of 401. One renewal of a connection
    runs at a time, over all processes (its row is locked), so that a refresh token that works once is used once.
    """

    def is_stale(self, credentials: Mapping[str, str], now: datetime) -> bool:
        """Whether they have to be renewed before the next call."""
        ...

    async def renew(
        self, caller: Caller, integration: Integration, credentials: Mapping[str, str], now: datetime
    ) -> Mapping[str, str]:
        """All credentials, as they are to be sealed from now on. `caller` sends what it is given, unauthorised."""
        ...


class Registers(Protocol):
    """A System at which FLOW itself registers the address for webhooks, when a restaurant connects."""

    async def register(
        self, caller: Caller, integration: Integration, address: str, credentials: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Registers `address`, unless `credentials` say that it is; those that come of it, such as a signing secret.

        What is found registered stays: a new secret would refuse deliveries that are underway. Names that begin with
        `webhook_` outlast a change of the log-in. NotRegistered where it has to be done by hand.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCall:
    """A queued call as the settings page shows it."""

    id: UUID
    provider: str
    kind: str
    status: str
    attempts: int
    last_error: str | None
    next_attempt_at: datetime
    created_at: datetime
    finished_at: datetime | None
