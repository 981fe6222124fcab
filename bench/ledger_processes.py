"""The simulated providers and FLOW's worker as processes of their own; the worker can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import httpx

from bench.place import Place, _free_port

_START_SECONDS = 60.0


class Simulator:
    """`flow providers simulate` on a free port, with an empty memory."""

    def __init__(self) -> None:
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen([sys.executable, "-m", "flow", "providers", "simulate", "--port", str(port)])

    def __enter__(self) -> Self:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/control/knobs", timeout=1).is_success:
                    return self
            time.sleep(0.1)
        raise SystemExit("the simulated providers did not start")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)


class Worker:
    """`flow work`, which may be killed at any moment and comes back."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flow", "work"], env=self._place.environment, start_new_session=True
        )

    def kill(self) -> None:
        """SIGKILL to the worker and whatever it started, then a new one."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1
        print(f"killed the worker ({self.kills})", flush=True)
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
