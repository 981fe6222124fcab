"""Serves the simulator on this machine alone, until it is told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from flow.demo.providers import create_simulator
from flow.web.serving.running import run

__all__ = ["serve_simulator"]

_HOST = "127.0.0.1"


def serve_simulator(port: int, *, file: Path | None = None) -> NoReturn:
    """Ends the process after SIGTERM or SIGINT, when every call under way was answered."""
    address = f"http://{_HOST}:{port}"
    run(
        create_simulator(address=address, file=file),
        host=_HOST,
        port=port,
        greeting=f"The providers are simulated on {address} (Ctrl-C stops them)",
    )
