"""What a worker had begun when it was killed is done by another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from procrastinate import App

from flow.database.installation import Installation
from flow.jobs.queue import build_queue
from flow.jobs.schema import install_queue
from flow.jobs.stalled import take_back
from flow.jobs.types import Entry, Job, JobContext
from tests.connections import kept_connection

DEAD = "update jobs.procrastinate_workers set last_heartbeat = now() - interval '31 seconds'"


async def _nothing(_: JobContext) -> None:
    """Does nothing."""


SWEEP = Job("test.sweep", _nothing)


@pytest.fixture
async def queue(installation: Installation) -> AsyncIterator[App]:
    install_queue(installation.owner_url)
    made = build_queue(installation.worker_url, [SWEEP], [Entry("test.sweep", "* * * * *", "Sweeps.")])
    async with made.open_async():
        yield made


async def _begin(queue: App) -> None:
    """A worker takes the job, and is never heard of again."""
    worker = await queue.job_manager.register_worker()
    assert await queue.job_manager.fetch_job(None, worker) is not None


def _jobs(installation: Installation, change: str = "") -> list[str]:
    with kept_connection(installation.owner_url) as connection:
        if change:
            connection.execute(change.encode())
        rows = connection.execute("select status::text from jobs.procrastinate_jobs order by id").fetchall()
    return [row[0] for row in rows]


async def test_a_job_of_a_dead_worker_is_queued_again(queue: App, installation: Installation) -> None:
    await queue.configure_task("test.sweep").defer_async()
    await _begin(queue)
    _jobs(installation, DEAD)
    await take_back(queue)

    assert ["todo"] == _jobs(installation)


async def test_a_job_with_a_successor_in_line_is_dropped(queue: App, installation: Installation) -> None:
    await queue.configure_task("test.sweep").defer_async()
    await _begin(queue)
    await queue.configure_task("test.sweep").defer_async()
    _jobs(installation, DEAD)
    await take_back(queue)

    assert ["todo"] == _jobs(installation)
    await _begin(queue)  # and nothing holds its lock


async def test_a_job_of_a_worker_that_lives_is_left_alone(queue: App, installation: Installation) -> None:
    await queue.configure_task("test.sweep").defer_async()
    await _begin(queue)
    await take_back(queue)

    assert ["doing"] == _jobs(installation)
