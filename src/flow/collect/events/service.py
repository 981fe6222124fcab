"""Event ingest as the web process runs it: the pipeline, and the writers behind it."""

from __future__ import annotations

from contextlib import suppress

import psycopg

from flow.collect.events.commit import GroupCommit
from flow.collect.events.errors import IngestUnavailable, MalformedBatch, Status
from flow.collect.events.pipeline import Delivery, Pipeline
from flow.collect.events.replay import Quarantined, outcome_of, submission_of
from flow.collect.events.sites import Sites, site_of
from flow.collect.events.turns import Turns
from flow.collect.events.types import SiteKey, Submission
from flow.collect.events.visitors import Visitors
from flow.database.pool import Database
from flow.errors import FlowError, Unavailable
from flow.kit.clock import Clock
from flow.settings import Settings

__all__ = ["Ingest"]


class Ingest:
    """Takes deliveries between start() and stop(); made in the event loop that serves."""

    def __init__(self, settings: Settings, database: Database, *, clock: Clock) -> None:
        self._clock = clock
        self._turns = Turns()
        self._pipeline = Pipeline(
            Sites(database),
            Visitors(database),
            clock=clock,
            events_per_minute_per_address=settings.events_per_minute_per_address,
            allow_headless=settings.allow_headless,
        )
        self._commit = GroupCommit(
            database.worker_url, writers=settings.ingest_connections, capacity=settings.ingest_queue_events
        )

    def start(self) -> None:
        """Begins to write."""
        self._commit.start()

    async def stop(self) -> None:
        """Refuses new deliveries, and returns when what was taken is stored."""
        await self._commit.stop()

    async def take(self, delivery: Delivery) -> Submission:
        """Stores a delivery; its items then say what became of them. Returns after the commit.

        Raises a FlowError when the delivery is refused as a whole. One that is no batch is kept in the quarantine,
        if it tells whose it is.
        """
        await self._turns.take(len(delivery.body))
        try:
            submission = await self._pipeline.run(delivery)
        except MalformedBatch as error:
            await self._keep(delivery, error)
            raise
        except (psycopg.OperationalError, Unavailable) as error:
            raise IngestUnavailable from error
        await self.store(submission)
        return submission

    async def replay(self, kept: Quarantined, site: SiteKey) -> Status:
        """Sends an event or a batch out of the quarantine through the pipeline again; what became of it."""
        submission = submission_of(kept, site_of(site), now=self._clock.now())
        if submission is None:
            return "rejected"
        await self.store(submission)
        return outcome_of(submission.items)

    async def store(self, submission: Submission) -> None:
        """Stores what has been checked; IngestUnavailable when that fails."""
        await self._commit.submit(submission)

    async def _keep(self, delivery: Delivery, error: MalformedBatch) -> None:
        with suppress(FlowError, psycopg.OperationalError):
            submission = await self._pipeline.quarantine(delivery, error)
            if submission is not None:
                await self.store(submission)
