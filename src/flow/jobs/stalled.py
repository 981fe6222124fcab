"""Jobs of workers that died: begun, and never ended.

The library leaves them as they are. A job of the timetable that hung so would keep its lock and never run again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

__all__ = ["take_back", "taking_back"]

_SILENT_SECONDS = 30.0  # a worker says every ten seconds that it lives
_LOOK_SECONDS = 10.0
_log = logging.getLogger("flow.jobs")


@asynccontextmanager
async def taking_back(queue: App) -> AsyncIterator[None]:
    """Looks for such jobs for the length of the block."""
    task = asyncio.create_task(_take_back_for_ever(queue), name="jobs.taking_back")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def take_back(queue: App) -> None:
    """Queues again what dead workers had begun; a job that has a successor in line already is dropped."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_SECONDS):
        try:
            await queue.job_manager.retry_job(job)
        except UniqueViolation:
            await queue.job_manager.finish_job(job, Status.ABORTED, delete_job=True)


async def _take_back_for_ever(queue: App) -> None:
    while True:
        try:
            await take_back(queue)
        except ConnectorException as error:
            _log.warning("jobs of dead workers could not be taken back: %s", type(error).__name__)
        await asyncio.sleep(_LOOK_SECONDS)
