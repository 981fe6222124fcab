"""The web process itself: how it starts, and how it stops."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from flow.database.embedded import EmbeddedServer
from tests.conftest import new_database
from tests.factories import make_restaurant
from tests.serving import NO_CERTIFICATES, environment_of, free_port, log_in, make_login, running_server


def test_a_shell_starts_it_and_it_ends_with_status_zero(postgres: EmbeddedServer, tmp_path: Path) -> None:
    """All other tests fork it from a process that has imported the application already."""
    for installation in new_database(postgres):
        environment = {**os.environ, **environment_of(installation, tmp_path, free_port())}
        command = [sys.executable, "-m", "flow", "serve"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            said = process.stdout.readline()
            health = _health(said.split()[2])
            process.terminate()
            status = process.wait(20)

    assert ("FLOW serves http://127.0.0.1:", 200, 0) == (said[:29], health, status)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_although_a_live_page_is_open(
    postgres: EmbeddedServer, tmp_path: Path, how: signal.Signals
) -> None:
    for installation in new_database(postgres):
        restaurant: UUID = make_restaurant(installation.owner_url)
        make_login(installation.owner_url, "anna@napoli.example", restaurant=restaurant)
        with running_server(installation, tmp_path) as server, server.client() as http:
            log_in(http, "anna@napoli.example")
            with http.stream("GET", "/dashboard/live") as stream:
                pieces = stream.iter_text()
                first = next(pieces)
                began = time.monotonic()
                os.kill(server.process.pid or 0, how)
                rest = "".join(pieces)
            server.process.join(10)
            status = server.process.exitcode
            seconds = time.monotonic() - began

    assert "retry:" in first + rest
    assert (0, True) == (status, seconds < 5)


def test_it_says_where_it_serves_and_logs_a_json_object_per_request(postgres: EmbeddedServer, tmp_path: Path) -> None:
    for installation in new_database(postgres):
        with running_server(installation, tmp_path) as server, server.client() as http:
            http.get("/login?email=anna@napoli.example")
        said, *lines = server.log.read_text().splitlines()

    assert server.url in said
    logged = [json.loads(line) for line in lines]
    assert ("GET", "/login", 200) in [(line["method"], line["route"], line["status"]) for line in logged]
    assert "anna" not in str(logged)


def _health(url: str) -> int:
    """The status of its answer, once it answers at all."""
    while True:  # the test's own time limit bounds it
        try:
            return httpx.get(f"{url}/api/health/ready", verify=NO_CERTIFICATES).status_code
        except httpx.ConnectError:
            time.sleep(0.1)
