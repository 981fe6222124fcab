"""The simulator as a process of its own, on a free port."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

from tests.forking import start_flow, stop_flow
from tests.serving import NO_CERTIFICATES, free_port

_START_SECONDS = 60.0


@contextmanager
def running_simulator(home: Path) -> Iterator[str]:
    """`flow providers simulate` with an empty memory; its address."""
    port = free_port()
    process = start_flow("providers", "simulate", "--port", str(port), environment={}, log=home / "simulator.log")
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield address
    finally:
        stop_flow(process)


def _wait_until_ready(address: str, process: ForkServerProcess) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.is_alive():
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}/control/knobs", timeout=2, verify=NO_CERTIFICATES).is_success:
                return
        time.sleep(0.05)
    raise RuntimeError("the simulated providers did not start")
