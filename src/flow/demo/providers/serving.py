"""Serves the simulator on this machine alone, until it is told to stop."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from granian.constants import Interfaces, Loops
from granian.server import Server
from starlette.types import ASGIApp

__all__ = ["serve_simulator"]

_HOST = "127.0.0.1"
_STOP_SECONDS = 10


def serve_simulator(port: int, *, file: Path | None = None) -> None:
    """Returns after SIGTERM or SIGINT, when every call under way was answered."""
    address = f"http://{_HOST}:{port}"
    server = Server(
        "flow.demo.providers:create_simulator",
        address=_HOST,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        loop=Loops.uvloop,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=_STOP_SECONDS,
    )
    print(f"The providers are simulated on {address} (Ctrl-C stops them)", flush=True)  # noqa: T201
    server.serve(target_loader=partial(_load, address, file), wrap_loader=False)


def _load(address: str, file: Path | None) -> ASGIApp:
    # Imported in the process that serves: the one that watches over it stays small.
    from flow.demo.providers import create_simulator

    return create_simulator(address=address, file=file)
