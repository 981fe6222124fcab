"""The queue on a real database."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from flow.database.installation import Installation
from flow.jobs.queue import build_queue
from flow.jobs.schema import install_queue
from flow.jobs.types import Entry, Job, JobContext
from flow.jobs.worker import run_worker
from flow.kit.clock import SystemClock
from flow.settings import Settings
from tests.conftest import SECRET


def _settings(installation: Installation, home: Path) -> Settings:
    return Settings(
        home=home,
        database_url=SecretStr(installation.admin_url),
        secret=SecretStr(SECRET.decode()),
    )


async def test_a_deferred_job_runs_with_the_worker_s_services(installation: Installation, tmp_path: Path) -> None:
    install_queue(installation.owner_url)
    seen: list[tuple[str, int]] = []

    async def greet(context: JobContext, name: str) -> None:
        async with context.database.as_service() as transaction:
            cursor = await transaction.connection.execute("select count(*) from public.orders")
            row = await cursor.fetchone()
        seen.append((name, row[0] if row else -1))

    jobs = [Job("test.greet", greet)]
    queue = build_queue(installation.worker_url, jobs, [])
    async with queue.open_async():
        await queue.configure_task("test.greet").defer_async(name="Anna")
    await run_worker(_settings(installation, tmp_path), jobs, clock=SystemClock(), wait=False, timetable=())

    assert [("Anna", 0)] == seen


def test_installing_the_queue_twice_changes_nothing(installation: Installation) -> None:
    assert (True, False) == (install_queue(installation.owner_url), install_queue(installation.owner_url))


def test_the_api_role_cannot_reach_the_queue(installation: Installation) -> None:
    install_queue(installation.owner_url)
    with psycopg.connect(installation.api_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select from jobs.procrastinate_jobs")


def test_an_entry_without_its_job_is_refused(installation: Installation) -> None:
    with pytest.raises(ValueError, match=r"nobody\.home"):
        build_queue(installation.worker_url, [], [Entry("nobody.home", "* * * * *", "Nothing.")])
