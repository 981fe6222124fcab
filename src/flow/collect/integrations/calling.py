"""Calls to other systems: time limits, retries with jitter, a circuit breaker, credentials renewed, api_logs."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Final, cast
from uuid import UUID

import httpx

from flow.collect.integrations import store
from flow.collect.integrations.breaker import Breaker, Breakers
from flow.collect.integrations.errors import ConnectionRefused, NotConnected, ProviderAway
from flow.collect.integrations.service import (
    credentials_of,
    integration_of,
    keep_credentials,
    locked_credentials_of,
)
from flow.collect.integrations.types import Answer, Call, Caller, Integration, Renews, System
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import Clock
from flow.kit.secrets import SecretBox

__all__ = ["Calls", "Connection", "answered", "calls_of"]

_TIMEOUT: Final = httpx.Timeout(15, connect=5)
_TRIES: Final = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 0.3, 5.0  # seconds between tries
_BUSY: Final = frozenset({429, 502, 503, 504})
_OWN_FAULT: Final = 500  # and above
_UNAUTHORISED: Final = 401
_REFUSALS: Final = frozenset({401, 403})
_MOST_BYTES: Final = 8 * 1024 * 1024
# What never reached the other system: repeating it cannot do anything twice.
_NEVER_ARRIVED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Connection:
    """A restaurant's connection, ready to be used."""

    system: System
    integration: Integration
    caller: Caller


@dataclass(slots=True)
class Calls:
    """What the calls of one process share: HTTP connections, breakers, and the way to the database."""

    http: httpx.AsyncClient
    database: Database
    box: SecretBox
    clock: Clock
    systems: Mapping[str, System]
    breakers: Breakers = field(default_factory=Breakers)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, database: Database, box: SecretBox, clock: Clock, systems: Iterable[System]
    ) -> AsyncIterator[Calls]:
        """Calls for the length of the block."""
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        async with httpx.AsyncClient(timeout=_TIMEOUT, limits=limits, verify=_trusted(), trust_env=False) as http:
            yield cls(http, database, box, clock, {system.name: system for system in systems})

    async def connect(self, restaurant_id: UUID, name: str) -> Connection:
        """The restaurant's connection to a provider; NotConnected where there is none."""
        system = self.systems.get(name)
        async with self.database.as_service() as transaction:
            integration = await integration_of(transaction, restaurant_id, name)
            if system is None or integration is None:
                raise NotConnected
            credentials = await credentials_of(transaction, self.box, integration)
        return Connection(system, integration, self.caller_for(system, integration, credentials))

    def caller_for(self, system: System, integration: Integration, credentials: Mapping[str, str]) -> Caller:
        """A caller with these credentials, be they kept already or just typed in."""
        breaker = self.breakers.of(integration.restaurant_id, system.name)
        return _Caller(self, system, integration, dict(credentials), breaker)

    def trial_caller(
        self, system: System, integration: Integration, credentials: Mapping[str, str], typed: Collection[str]
    ) -> Caller:
        """A caller that tries a connection as it would be, and leaves the kept one of the same id as it is.

        `typed` are the names of the credentials that are new; the others are the kept ones.
        """
        return _TrialCaller(self, system, integration, credentials, typed)


def answered(caller: Caller) -> Caller:
    """The same caller, to which an answer that says nothing about a connection (429, 5xx) is none: ProviderAway."""

    async def ask(call: Call) -> Answer:
        answer = await caller(call)
        if answer.status >= _OWN_FAULT or answer.status in _BUSY:
            raise ProviderAway
        return answer

    return ask


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of the world, read once for a whole process: each time takes some hundredths of a second."""
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def calls_of(context: JobContext, systems: Iterable[System]) -> AsyncIterator[Calls]:
    """Calls for the length of a job."""
    box = context.installation.secret_box
    async with Calls.open(context.database, box, context.clock, systems) as calls:
        yield calls


class _Caller:
    """Makes the calls of one connection."""

    def __init__(
        self, calls: Calls, system: System, integration: Integration, credentials: Mapping[str, str], breaker: Breaker
    ) -> None:
        self._calls = calls
        self._system = system
        self._integration = integration
        self._credentials = credentials
        self._breaker = breaker
        self._renews = cast(Renews, system) if hasattr(system, "renew") and hasattr(system, "is_stale") else None

    async def __call__(self, call: Call) -> Answer:
        renews = self._renews
        if renews is not None and renews.is_stale(self._credentials, self._calls.clock.now()):
            await self._renew(renews)
        answer = await self._logged(self._authorised(call))
        if renews is not None and answer.status == _UNAUTHORISED:
            await self._renew(renews)
            answer = await self._logged(self._authorised(call))
        await self._note(answer)
        return answer

    def _authorised(self, call: Call) -> Call:
        return self._system.authorise(call, self._integration, self._credentials)

    async def _renew(self, renews: Renews) -> None:
        """Credentials that hold; a connection for which there are none any more says so."""
        try:
            await self._make_or_find(renews)
        except ConnectionRefused:
            await self._note_trouble("credentials_refused", is_lasting=True)
            raise

    async def _make_or_find(self, renews: Renews) -> None:
        """Renews, or takes what somebody else has renewed meanwhile.

        The one place where a transaction waits for another system: its lock is what makes a refresh token, which works
        once, be used once. The row it locks is this connection's alone.
        """
        calls, integration = self._calls, self._integration
        async with calls.database.as_service() as transaction:
            kept = await locked_credentials_of(transaction, calls.box, integration)
            now = calls.clock.now()
            if kept and kept != self._credentials and not renews.is_stale(kept, now):
                self._credentials = kept
                return
            current = kept or self._credentials
            self._credentials = dict(await renews.renew(self._tried, integration, current, now))
            if kept:
                await keep_credentials(transaction, calls.box, integration, self._credentials, now=now)

    async def _logged(self, call: Call) -> Answer:
        """An answer, and a line in api_logs about it."""
        breaker = self._breaker
        pause = breaker.seconds_closed_to(self._calls.clock.now())
        if pause:
            raise ProviderAway(retry_after_seconds=int(pause) + 1)
        began = time.perf_counter()
        try:
            answer = await self._tried(call)
        except ProviderAway as error:
            breaker.fail(self._calls.clock.now())
            await self._log(call, None, began, type(error.__cause__ or error).__name__)
            await self._note_trouble("provider_away", is_lasting=False)
            raise
        if answer.status >= _OWN_FAULT:
            breaker.fail(self._calls.clock.now())
        else:
            breaker.succeed()
        await self._log(call, answer.status, began, None if answer.status < 400 else str(answer.status))
        return answer

    async def _tried(self, call: Call) -> Answer:
        """The first answer that is not `busy`, else the last; only what is repeatable is repeated."""
        for trial in range(1, _TRIES + 1):
            is_last = trial == _TRIES
            try:
                answer = await self._sent(call)
            except httpx.TransportError as error:
                never_arrived = isinstance(error, _NEVER_ARRIVED)
                if is_last or not (call.repeatable or never_arrived):
                    raise ProviderAway(is_ambiguous=not never_arrived) from error
                pause = _pause(trial)
            else:
                if is_last or answer.status not in _BUSY or not call.repeatable:
                    return answer
                pause = _asked_pause(answer) or _pause(trial)
            await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _sent(self, call: Call) -> Answer:
        base = str(self._integration.config.get("base_url") or call.at or self._system.base_url).rstrip("/")
        headers = dict(call.headers)
        if call.idempotency_key is not None and "idempotency-key" not in map(str.lower, headers):
            headers["Idempotency-Key"] = call.idempotency_key
        request = self._calls.http.build_request(
            call.method,
            base + call.path,
            json=call.json,
            data=dict(call.form) if call.form is not None else None,
            params=dict(call.query) if call.query is not None else None,
            headers=headers,
        )
        return await _read(await self._calls.http.send(request, stream=True))

    async def _log(self, call: Call, status: int | None, began: float, error_code: str | None) -> None:
        milliseconds = round((time.perf_counter() - began) * 1000)
        async with self._calls.database.as_service() as transaction:
            await store.log_call(
                transaction,
                self._integration,
                call,
                status=status,
                milliseconds=milliseconds,
                error_code=error_code,
                now=self._calls.clock.now(),
            )

    async def _note(self, answer: Answer) -> None:
        """What the settings page shows: heard just now, or refused."""
        if answer.status in _REFUSALS:
            await self._note_trouble("credentials_refused", is_lasting=True)
        elif answer.is_success:
            async with self._calls.database.as_service() as transaction:
                await store.note_contact(transaction, self._integration, now=self._calls.clock.now())

    async def _note_trouble(self, error: str, *, is_lasting: bool) -> None:
        async with self._calls.database.as_service() as transaction:
            await store.note_trouble(transaction, self._integration, error, is_lasting=is_lasting)


class _TrialCaller(_Caller):
    """Makes the calls of a connection that is tried beside the kept one, on which it notes nothing of what it hears.

    Nor does it share the kept one's breaker: a trial that fails must not hold up what works.
    """

    def __init__(
        self,
        calls: Calls,
        system: System,
        integration: Integration,
        credentials: Mapping[str, str],
        typed: Collection[str],
    ) -> None:
        super().__init__(calls, system, integration, credentials, Breaker())
        self._typed = typed

    async def _make_or_find(self, renews: Renews) -> None:
        """Renews with what was typed; a token of the kept credentials that this uses up is replaced there as well."""
        calls, integration = self._calls, self._integration
        async with calls.database.as_service() as transaction:
            kept = await locked_credentials_of(transaction, calls.box, integration)
            now = calls.clock.now()
            # A token works once, so it is the one that is kept now, whatever it was when this trial began.
            current = {
                name: value if name in self._typed else kept.get(name, value)
                for name, value in self._credentials.items()
            }
            self._credentials = dict(await renews.renew(self._tried, integration, current, now))
            gained = {name: value for name, value in self._credentials.items() if current.get(name) != value}
            if any(name in kept and kept[name] == current.get(name) for name in gained):
                await keep_credentials(transaction, calls.box, integration, {**kept, **gained}, now=now)

    async def _note(self, answer: Answer) -> None:
        pass

    async def _note_trouble(self, error: str, *, is_lasting: bool) -> None:
        pass


async def _read(response: httpx.Response) -> Answer:
    """The answer, as JSON where it is JSON; what is too large to be one of ours is cut off with an error."""
    chunks: list[bytes] = []
    taken = 0
    try:
        async for chunk in response.aiter_bytes():
            taken += len(chunk)
            if taken > _MOST_BYTES:
                raise httpx.ReadError("the answer is too large")
            chunks.append(chunk)
    finally:
        await response.aclose()
    whole = httpx.Response(
        response.status_code,
        headers={"content-type": response.headers.get("content-type", "")},
        content=b"".join(chunks),
    )
    return Answer(response.status_code, _body(whole), response.headers)


def _body(response: httpx.Response) -> object:
    if "json" in response.headers.get("content-type", ""):
        try:
            parsed: object = response.json()
        except ValueError:
            pass
        else:
            return parsed
    return response.text


def _pause(trial: int) -> float:
    """Seconds before the next try: doubled each time, and scattered so that nobody tries in step with others."""
    longest: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (trial - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


def _asked_pause(answer: Answer) -> float | None:
    """What Retry-After asks for in seconds, as far as a caller may wait."""
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_PAUSE) if asked.isdigit() else None
