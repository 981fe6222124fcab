"""The worker process: claims jobs and runs the timetable until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from flow.database.installation import installation
from flow.database.pool import Database
from flow.jobs.queue import CONTEXT, build_queue
from flow.jobs.stalled import taking_back
from flow.jobs.timetable import TIMETABLE
from flow.jobs.types import Entry, Job, JobContext, Loop
from flow.kit.clock import Clock
from flow.settings import Settings

_CONCURRENCY = 2
_GRACE_SECONDS = 20.0
_CONNECTIONS = 12
_PAUSE_SECONDS = 5.0
_log = logging.getLogger("flow.jobs")


async def run_worker(
    settings: Settings,
    jobs: Iterable[Job],
    *,
    clock: Clock,
    wait: bool = True,
    timetable: Iterable[Entry] = TIMETABLE,
    loops: Iterable[Loop] = (),
) -> None:
    """Runs jobs and loops; with `wait=False` only what is due, then ends."""
    place = installation(settings)
    queue = build_queue(place.worker_url, jobs, timetable, listen_url=place.listen_url)
    pools = Database(api_url=place.api_url, worker_url=place.worker_url, worker_connections=_CONNECTIONS)
    async with pools as database, queue.open_async():
        context = JobContext(settings=settings, clock=clock, installation=place, database=database)
        async with _running(loops if wait else (), context), taking_back(queue):
            await queue.run_worker_async(
                wait=wait,
                concurrency=_CONCURRENCY,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                delete_jobs="successful",
                additional_context={CONTEXT: context},
            )
        if not wait:
            for loop in loops:
                await loop.run(context, once=True)


@asynccontextmanager
async def _running(loops: Iterable[Loop], context: JobContext) -> AsyncIterator[None]:
    """The loops run for the length of the block. What one of them has claimed when it ends, the next worker finds."""
    tasks = [asyncio.create_task(_run_for_ever(loop, context), name=loop.name) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _run_for_ever(loop: Loop, context: JobContext) -> None:
    while True:
        try:
            await loop.run(context, once=False)
        except Exception as error:
            _log.exception("loop %s begins again: %s", loop.name, type(error).__name__)
        await asyncio.sleep(_PAUSE_SECONDS)
