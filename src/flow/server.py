"""Runs the web application on Granian until it is told to stop (SIGTERM, SIGINT)."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable
from functools import partial
from types import FrameType

from granian.constants import Interfaces, Loops
from granian.server import Server
from starlette.types import ASGIApp

from flow.settings import Settings
from flow.web.logs import write_log
from flow.web.streams import END_STREAMS

_STOP_SECONDS = 15
_GARBAGE_THRESHOLD = 50_000


def serve(settings: Settings, *, load: Callable[[Settings], ASGIApp] | None = None) -> None:
    """Serves on `settings.host` and `settings.port`; returns when every request under way was answered.

    `load` makes the application in the process that serves; FLOW itself unless given.
    """
    write_log(settings.log_level)
    server = Server(
        "flow.app:create_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        loop=Loops.uvloop,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
    )
    server.on_startup(_end_streams_before_stopping)
    print(f"FLOW serves {settings.base_url} (Ctrl-C stops it)", flush=True)  # noqa: T201
    server.serve(target_loader=partial(_make, load or _load, settings), wrap_loader=False)


def _make(load: Callable[[Settings], ASGIApp], settings: Settings) -> ASGIApp:
    app = load(settings)
    # Modules and routes live as long as the process: the collector need not walk them again and again under load.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_THRESHOLD)
    return app


def _load(settings: Settings) -> ASGIApp:
    # Imported in the process that serves: the one that watches over it stays small.
    from flow.app import create_app

    return create_app(settings)


def _end_streams_before_stopping() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        stop = signal.getsignal(number)

        def end_streams_and_stop(number: int, frame: FrameType | None, stop: object = stop) -> None:
            for process in multiprocessing.active_children():
                if process.pid is not None:
                    os.kill(process.pid, END_STREAMS)
            if callable(stop):
                stop(number, frame)

        signal.signal(number, end_streams_and_stop)
