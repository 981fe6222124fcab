"""Loops run beside the queue: one that fails begins again, and a bell wakes whoever waits."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from flow.database.installation import Installation
from flow.jobs import worker
from flow.jobs.bell import Bell
from flow.jobs.schema import install_queue
from flow.jobs.types import JobContext, Loop
from flow.jobs.worker import run_worker
from flow.kit.clock import SystemClock
from tests.serving import settings_of

PATIENCE = 20.0


async def test_a_worker_that_does_what_is_due_runs_each_loop_once(installation: Installation, tmp_path: Path) -> None:
    install_queue(installation.owner_url)
    seen: list[bool] = []

    async def run(context: JobContext, *, once: bool) -> None:
        seen.append(once)

    settings = settings_of(installation, tmp_path)
    loops = [Loop("test.loop", run)]
    await run_worker(settings, (), clock=SystemClock(), wait=False, timetable=(), loops=loops)

    assert [True] == seen


async def test_a_loop_that_fails_begins_again_and_ends_with_its_worker(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_queue(installation.owner_url)
    monkeypatch.setattr(worker, "_PAUSE_SECONDS", 0.01)
    said: list[str] = []
    began_again = asyncio.Event()

    async def run(context: JobContext, *, once: bool) -> None:
        said.append("begins")
        if len(said) == 1:
            raise RuntimeError
        began_again.set()
        try:
            await asyncio.Event().wait()
        finally:
            said.append("ends")

    settings = settings_of(installation, tmp_path)
    loops = [Loop("test.loop", run)]
    working = asyncio.create_task(run_worker(settings, (), clock=SystemClock(), timetable=(), loops=loops))
    await asyncio.wait_for(began_again.wait(), PATIENCE)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    assert ["begins", "begins", "ends"] == said


async def test_a_bell_rings_when_the_transaction_that_rang_it_commits(installation: Installation) -> None:
    async with Bell(installation.listen_url, "flow_test") as bell:
        await bell.wait(seconds=PATIENCE)  # that it listens is news as well
        waiting = asyncio.create_task(bell.wait(seconds=PATIENCE))
        async with await psycopg.AsyncConnection.connect(installation.worker_url) as connection:
            await connection.execute("select pg_notify('flow_test', '')")
            await asyncio.sleep(0.2)
            assert not waiting.done()
        began = asyncio.get_running_loop().time()
        await waiting

    assert asyncio.get_running_loop().time() - began < PATIENCE / 2


async def test_a_bell_listens_again_after_its_connection_was_lost(installation: Installation) -> None:
    async with Bell(installation.listen_url, "flow_test") as bell:
        await bell.wait(seconds=PATIENCE)
        with psycopg.connect(installation.admin_url, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and query ilike 'listen%'"
            )
        began = asyncio.get_running_loop().time()
        await bell.wait(seconds=PATIENCE)

    assert asyncio.get_running_loop().time() - began < PATIENCE / 2
