"""The sender: a loop in every worker process that tells endpoints what happened, within moments.

One short transaction per round does all the bookkeeping: it notes what came of earlier tries, puts new events on their
way and claims what is due; the tries themselves run without one. A few tries at a time for each endpoint, and only one
for an endpoint that fails, so that none can take the room of the others. What a process claimed and did not conclude
is tried again by another when its time is over: at least once, never lost.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from flow.business.outbox import CHANNEL
from flow.delivery.webhooks import store
from flow.delivery.webhooks.calling import ATTEMPT_SECONDS, attempt
from flow.delivery.webhooks.fanout import AT_ONCE, fan_out
from flow.delivery.webhooks.health import note_health
from flow.delivery.webhooks.keyring import open_ring
from flow.delivery.webhooks.schedule import outcome_of
from flow.delivery.webhooks.types import Answer, Claimed, Outcome
from flow.jobs.bell import Bell
from flow.jobs.types import JobContext, Loop
from flow.kit.secrets import CannotOpen, SecretBox
from flow.web.posting import Poster

__all__ = ["sending"]

_ROOM: Final = 256
"""Tries at a time in one process."""
_SHARE: Final = 5
"""Tries at a time for one endpoint; twice that for a moment, when it claims again before the first have ended."""
_LEASE: Final = timedelta(seconds=ATTEMPT_SECONDS + 10)
_BREATH_SECONDS: Final = 0.01  # between two rounds, so that what happens meanwhile shares a transaction
_LONGEST_SLEEP_SECONDS: Final = 1.0
_REVIVE_SECONDS: Final = 5.0
_GRACE_SECONDS: Final = 5.0
_TIMEOUT_MS: Final = 30_000


def sending() -> Loop:
    """The loop that delivers."""

    async def run(context: JobContext, *, once: bool) -> None:
        networks = context.settings.webhook_network_list
        async with (
            Poster(also=networks) as poster,
            Bell(context.installation.listen_url, CHANNEL) as bell,
        ):
            sender = _Sender(context, poster, context.installation.secret_box, bell.ring)
            await (sender.drain() if once else sender.go_on(bell))

    return Loop("webhooks.deliver", run)


@dataclass(slots=True)
class _Sender:
    context: JobContext
    poster: Poster
    secrets: SecretBox
    ring: Callable[[], None]
    ended: list[Outcome] = field(default_factory=list)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)
    in_hand: Counter[UUID] = field(default_factory=Counter)
    failing: set[UUID] = field(default_factory=set)
    revived_at: float = 0.0
    chance: random.Random = field(default_factory=random.Random)

    async def go_on(self, bell: Bell) -> None:
        """Delivers until it is cancelled; then tries under way may end, and are noted."""
        try:
            while True:
                more = await self._round()
                await asyncio.sleep(_BREATH_SECONDS)
                if not more:
                    await bell.wait(seconds=_LONGEST_SLEEP_SECONDS)
        finally:
            await self._end()

    async def drain(self) -> None:
        """Delivers what is due now, and ends."""
        while await self._round() or self.under_way or self.ended:
            if self.under_way:
                await asyncio.wait(self.under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _round(self) -> bool:
        """Notes, fans out, claims and sets off; whether there is more to do at once."""
        outcomes, self.ended = self.ended, []
        try:
            fanned_out, claimed = await self._book(outcomes)
        except BaseException:
            self.ended = outcomes + self.ended
            raise
        for each in claimed:
            self._set_off(each)
        return fanned_out == AT_ONCE or bool(claimed)

    async def _book(self, outcomes: list[Outcome]) -> tuple[int, list[Claimed]]:
        now = self.context.clock.now()
        async with self.context.database.as_service(timeout_ms=_TIMEOUT_MS) as service:
            if outcomes:
                await store.note_outcomes(service, outcomes, now=now)
                await note_health(service, outcomes, now=now)
            fanned_out = await fan_out(service, secret=self.context.installation.secret, now=now)
            if self._is_time_to_revive():
                await store.revive(service, now=now)
            claimed = await store.claim_deliveries(
                service,
                now=now,
                until=now + _LEASE,
                busy=self._busy(),
                share=_SHARE,
                most=max(0, _ROOM - len(self.under_way)),
            )
            touched = {(each.restaurant_id, each.endpoint_id) for each in claimed}
            touched |= {(each.claimed.restaurant_id, each.claimed.endpoint_id) for each in outcomes}
            if touched:
                await store.settle_due(service, touched, now=now)
        return fanned_out, claimed

    def _is_time_to_revive(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self.revived_at < _REVIVE_SECONDS:
            return False
        self.revived_at = now
        return True

    def _busy(self) -> list[UUID]:
        """Endpoints that have their share of tries under way."""
        return [each for each, number in self.in_hand.items() if number >= (1 if each in self.failing else _SHARE)]

    def _set_off(self, claimed: Claimed) -> None:
        self.in_hand[claimed.endpoint_id] += 1
        (self.failing.add if claimed.consecutive_failures else self.failing.discard)(claimed.endpoint_id)
        task = asyncio.create_task(self._try(claimed))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _try(self, claimed: Claimed) -> None:
        try:
            answer = await self._attempt(claimed)
            self.ended.append(outcome_of(claimed, answer, chance=self.chance))
        finally:
            self.in_hand[claimed.endpoint_id] -= 1
            if not self.in_hand[claimed.endpoint_id]:
                del self.in_hand[claimed.endpoint_id]
                self.failing.discard(claimed.endpoint_id)
            self.ring()

    async def _attempt(self, claimed: Claimed) -> Answer:
        now = self.context.clock.now()
        try:
            ring = open_ring(self.secrets, claimed.endpoint_id, claimed.secrets_sealed)
        except CannotOpen:
            return Answer(at=now, duration_ms=0, error="its keys cannot be opened: rotate them")
        return await attempt(self.poster, claimed, ring.keys(now), clock=self.context.clock)

    async def _end(self) -> None:
        """Lets tries under way end, and notes what came of them; the rest are tried again when their lease is over."""
        if self.under_way:
            await asyncio.wait(self.under_way, timeout=_GRACE_SECONDS)
        for task in self.under_way:
            task.cancel()
        if self.ended:
            now = self.context.clock.now()
            async with self.context.database.as_service(timeout_ms=_TIMEOUT_MS) as service:
                await store.note_outcomes(service, self.ended, now=now)
                await note_health(service, self.ended, now=now)
