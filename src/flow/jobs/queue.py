"""The queue: jobs registered with the library, on the worker's own connection pool."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate import JobContext as LibraryContext
from psycopg import AsyncConnection

from flow.jobs.types import Entry, Job, JobContext

CONTEXT = "flow"
_RETRIES = RetryStrategy(max_attempts=5, exponential_wait=3)


class _Connector(PsycopgConnector):
    """Listens on an address of its own: a transaction-mode pooler passes no notifications on.

    The library's statements name no schema; flow_worker's own search_path has schema jobs in it. A path that the
    connection asked for would be refused by such a pooler.
    """

    def __init__(self, worker_url: str, listen_url: str) -> None:
        super().__init__(conninfo=worker_url, kwargs={"prepare_threshold": None}, min_size=1, max_size=4)
        self._listen_url = listen_url

    @asynccontextmanager
    async def _get_standalone_connection(self) -> AsyncIterator[AsyncConnection]:
        connecting = AsyncConnection.connect(self._listen_url, autocommit=True, prepare_threshold=None)
        async with await connecting as connection:
            yield connection


def build_queue(
    worker_url: str, jobs: Iterable[Job], timetable: Iterable[Entry], *, listen_url: str | None = None
) -> App:
    """The library's application with these jobs; an entry without its job is a ValueError."""
    queue = App(connector=_Connector(worker_url, listen_url or worker_url))
    entries = {entry.job: entry for entry in timetable}
    for job in jobs:
        _register(queue, job, entries.pop(job.name, None))
    if entries:
        raise ValueError(f"the timetable names unknown jobs: {sorted(entries)}")
    return queue


def _register(queue: App, job: Job, entry: Entry | None) -> None:
    async def run(library_context: LibraryContext, /, **arguments: Any) -> None:
        context = library_context.additional_context[CONTEXT]
        assert isinstance(context, JobContext)
        arguments.pop("timestamp", None)  # the library tells a periodic job when it was due
        await job.run(context, **arguments)

    # One run of a periodic job at a time: the lock makes a late run wait, the queueing lock drops a second in line.
    lock = job.name if entry else None
    task: Any = queue.task(name=job.name, pass_context=True, retry=_RETRIES, lock=lock, queueing_lock=lock)(run)
    if entry:
        queue.periodic(cron=entry.cron)(task)
