"""Taking a delivery: whose is it, is it the provider's, what does it say; then into the inbox, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from flow.collect.integrations.types import Integration
from flow.collect.webhooks.address import PREFIX, Addresses
from flow.collect.webhooks.commit import InboxCommit
from flow.collect.webhooks.errors import BadSignature, NoSuchAddress, Unreadable
from flow.collect.webhooks.refusals import Refusals
from flow.collect.webhooks.rows import InboxRow, Sealing, unreadable
from flow.collect.webhooks.senders import Sender, Senders
from flow.collect.webhooks.types import Arrival, Greets, Provider, Request
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import Clock

__all__ = ["Receiving"]

_MOST_ACCOUNTS: Final = 50
_Look = Callable[[bool], Awaitable[list[Sender]]]


class Receiving:
    """The receiving side of one process; `start` before the first delivery, `stop` after the last."""

    def __init__(self, database: Database, place: Installation, clock: Clock, providers: Iterable[Provider]) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._addresses = Addresses([place.secret, *place.old_secrets])
        self._senders = Senders(database, place.secret_box, clock)
        self._sealing = Sealing(place.secret_box, place.secret)
        self._commit = InboxCommit(place.worker_url)
        self._clock = clock
        self.refusals = Refusals(database, clock)

    def start(self) -> None:
        self._commit.start()
        self.refusals.start()

    async def stop(self) -> None:
        await self._commit.stop()
        await self.refusals.stop()

    async def take(self, path: str, request: Request) -> bytes:
        """Keeps what a delivery says, and answers once that is committed.

        NoSuchAddress, BadSignature: nothing was stored. Unavailable: the provider is to send it again.
        """
        provider, look = self._addressed(path, request)
        if request.method == "GET" and hasattr(provider, "greet"):
            return await self._greeted(provider, request, await look(False))
        rows = await self._checked(provider, request, look)
        if rows:
            await self._commit.submit(rows)
        return b'{"received":%d}' % len(rows)

    def _addressed(self, path: str, request: Request) -> tuple[Provider, _Look]:
        """The provider, and where its connection is to be looked for: by token, by restaurant, or by account."""
        # Taken as it stands: an address with an empty word in it is none, whatever others make of it.
        name, _, rest = path.removeprefix(PREFIX).partition("/")
        provider = self._providers.get(name)
        if provider is None:
            raise NoSuchAddress
        if rest:
            address = self._addresses.read(rest.rpartition("/")[2])
            if address is None:
                raise NoSuchAddress
            return provider, lambda anew: self._senders.at(name, address, anew=anew)
        if "rid" in request.query:
            restaurant = _uuid(request.query["rid"])
            return provider, lambda anew: self._senders.of_restaurant(name, restaurant, anew=anew)
        accounts = tuple(dict.fromkeys(provider.accounts(request)))[:_MOST_ACCOUNTS]
        if not accounts:
            raise NoSuchAddress
        return provider, lambda anew: self._senders.of_accounts(name, accounts, anew=anew)

    async def _checked(self, provider: Provider, request: Request, look: _Look) -> list[InboxRow]:
        """The rows of everybody whose secret the delivery is signed with.

        An account that nobody here has connected is none of ours: the sender is thanked, and nothing is kept.
        """
        senders = await look(False)
        if not senders:
            if request.query.get("rid") is None and _is_common(request):
                return []
            raise NoSuchAddress
        signed = self._signed(provider, request, senders) or self._signed(provider, request, await look(True))
        if not signed:
            self.refusals.count(provider.name, "bad_signature", _restaurants(senders))
            raise BadSignature
        now = self._clock.now()
        return [
            self._sealing.row(integration, arrival, now=now)
            for integration in signed
            for arrival in _read(provider, request, integration)
        ]

    def _signed(self, provider: Provider, request: Request, senders: Iterable[Sender]) -> list[Integration]:
        now = self._clock.now()
        found = []
        for sender in senders:
            try:
                provider.verify(request, sender.integration, sender.credentials, now)
            except BadSignature:
                continue
            found.append(sender.integration)
        return found

    async def _greeted(self, provider: Provider, request: Request, senders: list[Sender]) -> bytes:
        for sender in senders:
            answer = _greeter(provider).greet(request, sender.credentials)
            if answer is not None:
                return answer
        self.refusals.count(provider.name, "greeting_refused", _restaurants(senders))
        raise GreetingRefused


class GreetingRefused(BadSignature):
    """This is not the word that was agreed on."""

    code = "greeting_refused"
    status = 403


def _restaurants(senders: Iterable[Sender]) -> Iterator[UUID]:
    return (sender.integration.restaurant_id for sender in senders)


def _greeter(provider: object) -> Greets:
    return provider  # type: ignore[return-value]  # asked for its method before


def _is_common(request: Request) -> bool:
    """Whether the address is the one that all customers of a provider share."""
    return "/" not in request.target.partition("?")[0].removeprefix(PREFIX).rstrip("/")


def _read(provider: Provider, request: Request, integration: Integration) -> Iterable[Arrival]:
    """What the delivery says. One that cannot be understood is kept whole rather than refused for days on end."""
    try:
        return provider.read(request, integration)
    except Unreadable:
        return [unreadable(request.body)]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchAddress from None
