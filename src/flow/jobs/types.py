"""What a job is: a name, a function, and what the function may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import Clock
from flow.settings import Settings


@dataclass(frozen=True, slots=True)
class JobContext:
    """The worker's services, passed to every job."""

    settings: Settings
    clock: Clock
    installation: Installation
    database: Database


@dataclass(frozen=True, slots=True)
class Job:
    """A job under its name, e.g. `rollups.recompute_stale`. Its arguments are JSON values; it may run again."""

    name: str
    run: Callable[..., Awaitable[None]]


class Running(Protocol):
    """What a loop does: until it is cancelled, or with `once` until nothing is due any more."""

    async def __call__(self, context: JobContext, *, once: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Loop:
    """Work beside the queue for the whole life of a worker: it claims rows by itself, and wakes by a bell.

    For what has to happen within a second, or by the thousand. One that fails begins again after a pause; a loop runs
    in every worker process, so it claims what it works on.
    """

    name: str
    run: Running


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timetable. `cron` has five fields in UTC, or six with seconds last."""

    job: str
    cron: str
    purpose: str
