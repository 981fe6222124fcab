"""Carrying queued calls out: read what is needed, call without a transaction, write what came of it.

A worker that dies between the call and its mark leaves the row locked for two minutes; then it is carried out again. So
a provider's `perform` uses an idempotency key or looks before it does.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from flow.collect.integrations import store
from flow.collect.integrations.calling import Calls, calls_of
from flow.collect.integrations.errors import CallRefused, NotConnected, NotYet, ProviderAway
from flow.collect.integrations.types import Queued, System
from flow.errors import FlowError
from flow.jobs.bell import Bell
from flow.jobs.types import JobContext, Loop
from flow.web.logs import places

__all__ = ["MOST_ATTEMPTS", "carrying"]

MOST_ATTEMPTS: Final = 14
_CLAIMED_FOR: Final = timedelta(minutes=2)
_LONGEST_SECONDS: Final = 90.0  # for one call with all its tries: less than it is claimed for
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=2)
_AT_ONCE, _PER_CONNECTION = 16, 4
_LONGEST_SLEEP: Final = 5.0  # seconds
_log = logging.getLogger("flow.collect.integrations")


def carrying(systems: Iterable[System]) -> Loop:
    """The loop that carries provider_calls out."""
    known = tuple(systems)

    async def run(context: JobContext, *, once: bool) -> None:
        async with calls_of(context, known) as calls, Bell(context.installation.listen_url, "flow_calls") as bell:
            work = _Work(context, calls, bell)
            try:
                await work.drain() if once else await work.go_on()
            finally:
                await work.stop()

    return Loop("integrations.carry_out", run)


class _Work:
    """What is underway in this worker; a slow system holds up no other."""

    def __init__(self, context: JobContext, calls: Calls, bell: Bell) -> None:
        self._context = context
        self._calls = calls
        self._bell = bell
        self._tasks: set[asyncio.Task[None]] = set()
        self._underway: Counter[tuple[UUID, str]] = Counter()

    async def go_on(self) -> None:
        while True:
            await self._begin_what_is_due()
            await self._bell.wait(seconds=await self._seconds_to_next())

    async def drain(self) -> None:
        """Carries out what is due, and what that makes due."""
        while await self._begin_what_is_due() or self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _begin_what_is_due(self) -> int:
        free = _AT_ONCE - len(self._tasks)
        if free <= 0:
            return 0
        now = self._context.clock.now()
        busy = [connection for connection, count in self._underway.items() if count >= _PER_CONNECTION]
        async with self._context.database.as_service() as transaction:
            claimed = await store.claim_calls(
                transaction, now=now, locked_until=now + _CLAIMED_FOR, busy=busy, most=min(free, _PER_CONNECTION)
            )
        for queued in claimed:
            self._begin(queued)
        if claimed:
            self._bell.ring()  # there may be more
        return len(claimed)

    def _begin(self, queued: Queued) -> None:
        connection = (queued.restaurant_id, queued.provider)
        self._underway[connection] += 1
        task = asyncio.create_task(self._carry_out(queued))
        self._tasks.add(task)

        def end(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._underway[connection] -= 1
            if not self._underway[connection]:
                del self._underway[connection]
            self._bell.ring()

        task.add_done_callback(end)

    async def _seconds_to_next(self) -> float:
        if len(self._tasks) >= _AT_ONCE:
            return _LONGEST_SLEEP
        async with self._context.database.as_service() as transaction:
            due = await store.next_call_at(transaction)
        if due is None:
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.2, (due - self._context.clock.now()).total_seconds()))

    async def _carry_out(self, queued: Queued) -> None:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await self._perform(queued)
        except NotYet as wait:
            await self._postpone(queued, timedelta(seconds=wait.after_seconds), wait.code, counts=False)
        except (CallRefused, NotConnected) as refusal:
            await self._give_up(queued, refusal.message)
        except ProviderAway as away:
            pause = max(_pause(queued.attempts), timedelta(seconds=away.retry_after_seconds))
            await self._fail(queued, away, pause)
        except Exception as error:
            await self._fail(queued, error, _pause(queued.attempts))

    async def _perform(self, queued: Queued) -> None:
        connection = await self._calls.connect(queued.restaurant_id, queued.provider)
        database = self._context.database
        async with database.as_service() as transaction:
            facts = await connection.system.facts(transaction, queued)
            if facts is None:
                await store.finish_call(transaction, queued, status="dropped", now=self._context.clock.now())
                return
        result = await connection.system.perform(connection.caller, queued, facts)
        async with database.as_service() as transaction:
            await connection.system.conclude(transaction, queued, result)
            kept = {name: value for name, value in result.items() if not name.startswith("_")}
            await store.finish_call(transaction, queued, status="done", result=kept, now=self._context.clock.now())

    async def _fail(self, queued: Queued, error: Exception, pause: timedelta) -> None:
        name = error.code if isinstance(error, FlowError) else type(error).__name__
        fields = {"call": str(queued.id), "provider": queued.provider, "kind": queued.kind, "error": name}
        _log.warning("a call could not be carried out", extra={"fields": {**fields, "at": places(error)}})
        if queued.attempts >= MOST_ATTEMPTS:
            await self._give_up(queued, name)
        else:
            await self._postpone(queued, pause, name, counts=True)

    async def _postpone(self, queued: Queued, pause: timedelta, why: str, *, counts: bool) -> None:
        at = self._context.clock.now() + pause
        async with self._context.database.as_service() as transaction:
            await store.postpone_call(transaction, queued, at=at, error=why, counts=counts)

    async def _give_up(self, queued: Queued, why: str) -> None:
        async with self._context.database.as_service() as transaction:
            await store.finish_call(transaction, queued, status="failed", error=why, now=self._context.clock.now())


def _pause(attempts: int) -> timedelta:
    pause: timedelta = _FIRST_PAUSE * 2 ** (attempts - 1)
    return min(_LONGEST_PAUSE, pause)
