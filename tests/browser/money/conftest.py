"""What `flow demo` starts, in small: Napoli with all providers, its owner, web process, worker and simulator."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from flow.demo.providers.connecting import connect_restaurants
from flow.demo.simulation import DEMO_LOGINS
from flow.jobs.schema import install_queue
from tests.business.menus import make_menu, make_site_key
from tests.conftest import new_database
from tests.demo.providers.processes import running_simulator
from tests.factories import give_access, make_restaurant
from tests.serving import PASSWORD, Server, make_login, running_server

OWNER = DEMO_LOGINS[0]


@dataclass(frozen=True)
class Demo:
    """Where FLOW and the providers are; Napoli, and the owner, who has another restaurant too."""

    server: Server
    simulator: str
    napoli: UUID
    owner: UUID


@pytest.fixture(scope="module")
def demo(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    for installation in new_database(postgres):
        url = installation.owner_url
        install_queue(url)
        napoli, fjord = make_restaurant(url, "Napoli"), make_restaurant(url, "Fjord Sushi")
        make_menu(url, napoli)
        make_site_key(url, napoli)
        owner = make_login(url, OWNER.email, restaurant=napoli)
        give_access(url, owner, fjord, "admin")
        with running_simulator(tmp_path_factory.mktemp("simulator")) as simulator:
            environment = _environment(simulator)
            with (
                running_server(installation, home, **environment) as server,
                _worker(installation, home, {**environment, "FLOW_PUBLIC_URL": server.url}),
            ):
                assert [] == asyncio.run(connect_restaurants(installation, simulator, server.url, slugs=["napoli"]))
                yield Demo(server, simulator, napoli, owner)


def _environment(simulator: str) -> dict[str, str]:
    logins = [{"email": OWNER.email, "password": PASSWORD, "what": OWNER.what}]
    return {
        "FLOW_PROVIDER_SIMULATOR": simulator,
        "FLOW_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "FLOW_ALLOW_HEADLESS": "true",
        "FLOW_DEMO_LOGINS": json.dumps(logins),
    }


@contextmanager
def _worker(installation: Installation, home: Path, environment: dict[str, str]) -> Iterator[None]:
    given = {
        "FLOW_HOME": str(home),
        "DATABASE_URL": installation.admin_url,
        "FLOW_API_DATABASE_URL": installation.api_url,
        "FLOW_WORKER_DATABASE_URL": installation.worker_url,
        "FLOW_SECRET": installation.secret.decode(),
    }
    process = subprocess.Popen([sys.executable, "-m", "flow", "work"], env={**os.environ, **given, **environment})
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
