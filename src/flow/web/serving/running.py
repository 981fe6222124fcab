"""Runs an ASGI application on one address until the process is told to stop (SIGTERM, SIGINT)."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final, NoReturn

import uvicorn
from starlette.types import ASGIApp

from flow.errors import FlowError
from flow.web.serving.protocol import HttpProtocol

__all__ = ["AddressTaken", "run"]

_BACKLOG: Final = 1024
_STOP_SECONDS: Final = 15
_KEEP_ALIVE_SECONDS: Final = 75  # longer than proxies keep a connection, so that they never use one just closed
_GARBAGE_THRESHOLD: Final = 50_000


class AddressTaken(FlowError):
    """The address to serve on cannot be had."""

    code = "address_taken"


def run(
    app: ASGIApp, *, host: str, port: int, greeting: str, before_stopping: Callable[[], None] = lambda: None
) -> NoReturn:
    """Serves the application; ends the process with status 0 when every request under way was answered.

    Prints `greeting` once connections are taken, which then wait until the application has started; `before_stopping`
    is for ending what would never end by itself. AddressTaken when host and port cannot be had.
    """
    with _listener(host, port) as listener:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        print(greeting, flush=True)  # noqa: T201
        config = uvicorn.Config(
            app,
            http=HttpProtocol,
            ws="none",
            loop="uvloop",
            lifespan="on",
            interface="asgi3",
            proxy_headers=False,  # which proxies are believed is a setting of ours
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="error",
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        # Modules and routes live as long as the process: the collector need not walk them again and again under load.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GARBAGE_THRESHOLD)
        _Server(config, before_stopping).run(sockets=[listener])
    raise SystemExit(0)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, before_stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stopping = before_stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_stopping()
        await super().shutdown(sockets)


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = str(error.strerror or error).partition(" (")[0]
        raise AddressTaken(f"{host}:{port} cannot be served on: {reason}. See FLOW_HOST and FLOW_PORT.") from error


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """For a signal while nothing is served; uvicorn handles those that come later, and sends them again at its end."""
    raise SystemExit(0)
