"""A place to measure in: an embedded PostgreSQL of its own, one restaurant, and one real web process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import psycopg

from flow.database.installation import Installation, installation
from flow.jobs.schema import install_queue
from flow.kit.ids import new_id
from flow.settings import Settings

SITE_KEY = "fk_benchmark_benchmark_0001"
_START_SECONDS = 60.0


class Place:
    """The installation and its web process; both can be killed and come back."""

    def __init__(self, home: Path, program: tuple[str, ...], environment: dict[str, str]) -> None:
        self._program = program
        self.port = _free_port()
        self.settings = Settings(home=home, database_url=None, port=self.port)
        self.installation: Installation = installation(self.settings)
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.site_key = SITE_KEY
        self.restaurant: UUID = new_id()
        self.product: UUID = new_id()
        self.environment = {
            **os.environ,
            "FLOW_HOME": str(home),
            "FLOW_PORT": str(self.port),
            "FLOW_LOG_LEVEL": "error",
            **environment,
        }
        self.environment.pop("DATABASE_URL", None)
        self._web: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Database with schema, restaurant, menu and site key."""
        self.installation.start()
        self.installation.prepare()
        install_queue(self.installation.owner_url)
        with psycopg.connect(self.installation.owner_url) as connection:
            connection.execute(
                "insert into public.restaurants (id, name, slug, event_namespace) "
                "values (%s, 'Bench', 'bench', 'bench')",
                [self.restaurant],
            )
            connection.execute(
                "insert into public.products (restaurant_id, id, name, price) values (%s, %s, 'Margherita', 8900)",
                [self.restaurant, self.product],
            )
            connection.execute(
                "insert into public.site_keys (restaurant_id, key, events_per_minute) values (%s, %s, 1000000000)",
                [self.restaurant, SITE_KEY],
            )

    def start_web(self) -> None:
        """Starts the web process and waits until it answers."""
        self._web = subprocess.Popen(
            [sys.executable, "-m", *self._program], env=self.environment, start_new_session=True
        )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.base_url}/api/health/ready", timeout=1).is_success:
                    return
            time.sleep(0.05)
        raise SystemExit(f"the web process did not answer within {_START_SECONDS:.0f} s")

    def web_processes(self) -> list[psutil.Process]:
        """The web process and its children."""
        assert self._web is not None
        parent = psutil.Process(self._web.pid)
        return [parent, *parent.children(recursive=True)]

    def postgres_processes(self) -> list[psutil.Process]:
        """The server and its children."""
        server = self.installation.server
        assert server is not None
        postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().splitlines()[0]))
        return [postmaster, *postmaster.children(recursive=True)]

    def kill_web(self) -> None:
        """SIGKILL, then a new web process."""
        for process in self.web_processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        assert self._web is not None
        self._web.wait()
        self.start_web()

    def kill_postgres(self) -> None:
        """SIGKILL to the whole server, then crash recovery."""
        server = self.installation.server
        assert server is not None
        family = self.postgres_processes()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)
        server.start()

    def stop(self) -> None:
        """Ends both."""
        if self._web is not None:
            self._web.terminate()
            self._web.wait(30)
        self.installation.stop()


@contextmanager
def open_place(*program: str, serve: bool = True, **environment: str) -> Iterator[Place]:
    """A place in a temporary folder; `program` is the module to serve instead of FLOW itself.

    Extra environment goes to the web process, which runs from the start or later.
    """
    with tempfile.TemporaryDirectory(prefix="flow-bench-") as folder:
        Path(folder).chmod(0o755)
        place = Place(Path(folder), program or ("flow", "serve"), environment)
        try:
            place.start()
            if serve:
                place.start_web()
            yield place
        finally:
            place.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
