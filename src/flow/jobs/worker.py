"""The worker process: claims jobs and runs the timetable until it is told to stop."""

from __future__ import annotations

from collections.abc import Iterable

from flow.database.installation import installation
from flow.database.pool import Database
from flow.jobs.queue import CONTEXT, build_queue
from flow.jobs.timetable import TIMETABLE
from flow.jobs.types import Entry, Job, JobContext
from flow.kit.clock import Clock
from flow.settings import Settings

_CONCURRENCY = 2
_GRACE_SECONDS = 20.0


async def run_worker(
    settings: Settings,
    jobs: Iterable[Job],
    *,
    clock: Clock,
    wait: bool = True,
    timetable: Iterable[Entry] = TIMETABLE,
) -> None:
    """Runs jobs; with `wait=False` only those that are due, then ends."""
    place = installation(settings)
    queue = build_queue(place.worker_url, jobs, timetable, listen_url=place.listen_url)
    async with Database(api_url=place.api_url, worker_url=place.worker_url) as database, queue.open_async():
        context = JobContext(settings=settings, clock=clock, installation=place, database=database)
        await queue.run_worker_async(
            wait=wait,
            concurrency=_CONCURRENCY,
            shutdown_graceful_timeout=_GRACE_SECONDS,
            delete_jobs="successful",
            additional_context={CONTEXT: context},
        )
