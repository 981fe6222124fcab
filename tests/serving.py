"""FLOW for tests: a real web process or the application within the test, and people who can log in to it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import UUID

import httpx
from argon2 import PasswordHasher

from flow.access.tokens import issue
from flow.access.types import LiveSession
from flow.app import Application, create_app
from flow.database.installation import Installation
from flow.kit.clock import Clock
from flow.kit.ids import new_id
from flow.settings import Settings
from flow.web.issuer import Issuer
from tests.connections import kept_connection
from tests.factories import give_access, make_user
from tests.forking import start_flow, stop_flow

PASSWORD = "correct horse battery"
_START_SECONDS = 60.0  # a second or two where nothing else runs
# Our servers speak plain HTTP: a client need not read the certificates of the world, which takes longer than a request.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True)
class Server:
    """A running web process: its address, its database, what it wrote to its log."""

    url: str
    installation: Installation
    log: Path
    process: ForkServerProcess

    def client(self, **options: object) -> httpx.Client:
        """A browser without cookies yet; it follows no redirects by itself."""
        return httpx.Client(base_url=self.url, timeout=30, verify=NO_CERTIFICATES, **options)  # type: ignore[arg-type]

    def lives(self) -> bool:
        return self.process.is_alive()


def settings_of(installation: Installation, home: Path, **settings: object) -> Settings:
    """Settings for an application of a test's own on this database."""
    given = {
        "home": home,
        "database_url": installation.admin_url,
        "api_database_url": installation.api_url,
        "worker_database_url": installation.worker_url,
        "secret": installation.secret.decode(),
        "ingest_connections": 1,
        **settings,
    }
    return Settings.model_validate(given)


@dataclass(frozen=True)
class App:
    """The application within the test's own process, its lifespan begun."""

    asgi: Application
    installation: Installation

    def client(self, **options: object) -> httpx.AsyncClient:
        """A browser without cookies yet."""
        transport = httpx.ASGITransport(app=self.asgi, client=("127.0.0.1", 50_000))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8010", **options)  # type: ignore[arg-type]


@asynccontextmanager
async def running_app(
    installation: Installation, home: Path, *, clock: Clock | None = None, **settings: object
) -> AsyncIterator[App]:
    """The application on this database; with a clock of the test's own if need be."""
    asgi = create_app(settings_of(installation, home, **settings), clock=clock)
    async with asgi.router.lifespan_context(asgi):
        yield App(asgi, installation)


@contextmanager
def running_server(installation: Installation, home: Path, **environment: str) -> Iterator[Server]:
    """`flow serve` on a free port; stopped as an administrator would stop it."""
    port = free_port()
    log = home / "server.log"
    process = start_flow("serve", environment={**environment_of(installation, home, port), **environment}, log=log)
    server = Server(f"http://127.0.0.1:{port}", installation, log, process)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        stop_flow(process)


def make_login(url: str, email: str, *, restaurant: UUID | None = None, role: str = "admin") -> UUID:
    """A user with PASSWORD, and a membership where a restaurant is given; `url` is the owner's."""
    user = make_user(url, email)
    with kept_connection(url) as connection:
        connection.execute(
            "insert into app.user_credentials (user_id, password_hash) values (%s, %s)", [user, _password_hash()]
        )
    if restaurant is not None:
        give_access(url, user, restaurant, role)
    return user


def log_in(http: httpx.Client, email: str) -> httpx.Response:
    """Logs this browser in; its cookie jar keeps the cookie."""
    return http.post("/auth/login", json={"email": email, "password": PASSWORD})


def bearer(http: httpx.Client, email: str) -> dict[str, str]:
    """The header of a program that logged in."""
    answer = http.post("/auth/v1/token?grant_type=password", json={"email": email, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def session_token(server: Server, user: UUID) -> dict[str, str]:
    """The header of a session made by hand, for tests that use up the rate limit of the log-in."""
    now = datetime.now(UTC)
    session = LiveSession(new_id(), user, "by.hand@flow.example", "", now, now + timedelta(days=1))
    with kept_connection(server.installation.owner_url) as connection:
        connection.execute(
            "insert into app.login_sessions (id, user_id, expires_at) values (%s, %s, %s)",
            [session.id, user, session.expires_at],
        )
    token = issue(Issuer(f"{server.url}/auth/v1", server.installation.secret), session, now=now)
    return {"Authorization": f"Bearer {token.text}"}


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash(PASSWORD)


def environment_of(installation: Installation, home: Path, port: int) -> dict[str, str]:
    """What `flow` is told of this database by its environment."""
    return {
        "FLOW_HOME": str(home),
        "DATABASE_URL": installation.admin_url,
        "FLOW_API_DATABASE_URL": installation.api_url,
        "FLOW_WORKER_DATABASE_URL": installation.worker_url,
        "FLOW_SECRET": installation.secret.decode(),
        "FLOW_PORT": str(port),
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with server.client() as http:
        while time.monotonic() < deadline and server.lives():
            try:
                if http.get("/api/health/ready", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
    raise RuntimeError(f"the web process did not start:\n{server.log.read_text()}")
