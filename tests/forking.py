"""Processes of `flow` for tests, forked from one that has imported the application already.

Importing it takes more than a second of CPU, and a run of the tests starts some hundred processes. What a fork runs is
the program's own `main`, with arguments, an environment and a log of its own; only what `preloaded` does is shared.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

_SHARED = ("flow.cli", "flow.server", "uvicorn.lifespan.on", "uvicorn.loops.uvloop", "anyio._backends._asyncio")
_STOP_SECONDS = 20.0


def start_flow(*arguments: str, environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """`flow <arguments>` with the tests' own environment and this one's; what it says goes into `log`."""
    process = _context().Process(target=_run, args=(arguments, {**os.environ, **environment}, log))
    process.start()
    return process


def stop_flow(process: ForkServerProcess) -> None:
    """Ends it as an administrator would."""
    process.terminate()
    process.join(_STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_SHARED, "tests.preloaded"])
    return context


def _run(arguments: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
    from flow.cli import main

    os.environ.clear()
    os.environ.update(environment)
    with log.open("wb", buffering=0) as output:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(output.fileno(), stream.fileno())
    multiprocessing.set_start_method("fork", force=True)  # what the program has when a shell starts it
    sys.argv = ["flow", *arguments]
    main()
