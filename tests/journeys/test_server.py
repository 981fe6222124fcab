"""The web process itself: how it starts, and how it stops."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from uuid import UUID

import pytest

from flow.database.embedded import EmbeddedServer
from tests.conftest import new_database
from tests.factories import make_restaurant
from tests.serving import log_in, make_login, running_server


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
                server.process.send_signal(how)
                rest = "".join(pieces)
            status = server.process.wait(10)
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
