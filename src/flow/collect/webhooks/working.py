"""Applying what arrived: each item in one transaction, together with the mark that says so."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flow.collect.integrations import store as integrations
from flow.collect.integrations.sentences import FAILED
from flow.collect.integrations.service import integration_of
from flow.collect.webhooks import store
from flow.collect.webhooks.rows import UNREADABLE, Sealing, inbox_context
from flow.collect.webhooks.types import Applying, DueItem, Item, Outcome, Provider, Request, SealedItem
from flow.database.transaction import Transaction
from flow.jobs.bell import Bell
from flow.jobs.types import JobContext, Loop
from flow.kit.secrets import CannotOpen
from flow.web.logs import places

__all__ = ["MOST_ATTEMPTS", "working"]

MOST_ATTEMPTS: Final = 12
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
_TIMEOUT_MS: Final = 30_000
_AT_ONCE: Final = 3
_LOOK_AHEAD: Final = 100
_LONGEST_SLEEP: Final = 5.0  # seconds; what nobody announced waits no longer
_log = logging.getLogger("flow.collect.webhooks")


def working(providers: Iterable[Provider]) -> Loop:
    """The loop that applies the inbox."""
    known = {provider.name: provider for provider in providers}

    async def run(context: JobContext, *, once: bool) -> None:
        work = _Work(context, known)
        if once:
            await work.drain()
            return
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(work.go_on())

    return Loop("webhooks.apply", run)


@dataclass(frozen=True, slots=True)
class _Work:
    context: JobContext
    providers: Mapping[str, Provider]

    async def go_on(self) -> None:
        """Applies items whenever some are due, whatever takes long elsewhere."""
        async with Bell(self.context.installation.listen_url, "flow_inbox") as bell:
            while True:
                await self.drain()
                await bell.wait(seconds=await self._seconds_to_next())

    async def drain(self) -> None:
        """Applies items until none is due, or others are at work on all that are."""
        while due := await self._due():
            applied = [await self._apply(each) for each in due]
            if not any(applied):
                return

    async def _due(self) -> list[DueItem]:
        """Some items that are due. Each worker begins at another place among them, so that they seldom meet."""
        async with self.context.database.as_service(timeout_ms=_TIMEOUT_MS) as transaction:
            due = await store.due_items(transaction, now=self.context.clock.now(), most=_LOOK_AHEAD)
        start = random.randrange(len(due)) if due else 0  # noqa: S311 (no secret)
        return due[start:] + due[:start]

    async def _seconds_to_next(self) -> float:
        """For how long there is nothing to do, unless something arrives."""
        async with self.context.database.as_service(timeout_ms=_TIMEOUT_MS) as transaction:
            due = await store.next_item_at(transaction)
        if due is None:
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.05, (due - self.context.clock.now()).total_seconds()))

    async def _apply(self, due: DueItem) -> bool:
        """Applies one item and marks it, in one transaction; False when somebody else does, or did."""
        async with self.context.database.as_service(timeout_ms=_TIMEOUT_MS) as transaction:
            now = self.context.clock.now()
            item = await store.claim_item(transaction, due, now=now)
            if item is None:
                return False
            try:
                async with transaction.connection.transaction():  # a savepoint: what fails leaves the claim alone
                    outcome = await self._outcome(transaction, item, now)
            except Exception as error:
                await _fail(transaction, item, error, now=now)
            else:
                await _conclude(transaction, item, outcome, now=now)
        return True

    async def _outcome(self, transaction: Transaction, sealed: SealedItem, now: datetime) -> Outcome:
        provider = self.providers.get(sealed.provider)
        integration = await integration_of(transaction, sealed.restaurant_id, sealed.provider)
        if provider is None or integration is None:
            return Outcome("parked", "not_connected")
        item = self._opened(sealed)
        if item is None:
            return Outcome("parked", "cannot_be_opened")
        applying = Applying(transaction=transaction, context=self.context, integration=integration, now=now)
        if item.event_type == UNREADABLE:
            return await self._read_again(provider, applying, item)
        await integrations.note_contact(transaction, integration, now=now)
        return await provider.apply(applying, item)

    def _opened(self, sealed: SealedItem) -> Item | None:
        if sealed.payload_sealed is None:
            return None
        box = self.context.installation.secret_box
        try:
            payload = box.open(bytes(sealed.payload_sealed), inbox_context(sealed.id))
        except CannotOpen:
            return None
        return Item(
            restaurant_id=sealed.restaurant_id,
            id=sealed.id,
            provider=sealed.provider,
            event_type=sealed.event_type,
            payload=payload,
            received_at=sealed.received_at,
            attempts=sealed.attempts,
        )

    async def _read_again(self, provider: Provider, applying: Applying, item: Item) -> Outcome:
        """A delivery that could not be understood when it came; its signature was checked then."""
        request = Request(method="POST", target="", host="", headers={}, query={}, body=item.payload, address="")
        sealing = Sealing(self.context.installation.secret_box, self.context.installation.secret)
        arrivals = provider.read(request, applying.integration)
        rows = [sealing.row(applying.integration, arrival, now=applying.now) for arrival in arrivals]
        await store.insert_items(applying.transaction, rows)
        return Outcome("done")


async def _conclude(transaction: Transaction, item: SealedItem, outcome: Outcome, *, now: datetime) -> None:
    await store.conclude_item(transaction, item, outcome, now=now)
    parked = outcome.status == "parked"
    await store.log_delivery(
        transaction, item, status="failed" if parked else "success", error=outcome.reason if parked else None, now=now
    )


async def _fail(transaction: Transaction, item: SealedItem, error: Exception, *, now: datetime) -> None:
    """Tries an item again later, and after some three hours of trying leaves it to a person."""
    name = type(error).__name__
    fields = {"item": str(item.id), "provider": item.provider, "error": name, "at": places(error)}
    _log.warning("an item of the inbox could not be applied", extra={"fields": fields})
    if item.attempts + 1 >= MOST_ATTEMPTS:
        await _conclude(transaction, item, Outcome("parked", FAILED % {"error": name}), now=now)
        return
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**item.attempts)
    await store.postpone_item(transaction, item, at=now + pause, reason=FAILED % {"error": name})
    await store.log_delivery(transaction, item, status="retrying", error=name, now=now)
