"""One installation's database: where it is, its secret, and the steps that make it ready."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from flow.database.bootstrap import bootstrap, enable_logins, role_url
from flow.database.embedded import EmbeddedServer
from flow.database.migrations import Migration, migrate
from flow.kit.secrets import SecretBox
from flow.settings import Settings

EMBEDDED_DATABASE = "flow"
_MIN_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Installation:
    """`admin_url` prepares, `owner_url` migrates, `api_url` and `worker_url` serve, on `listen_url` news comes in;
    `server` if embedded.
    """

    admin_url: str
    owner_url: str
    api_url: str
    worker_url: str
    listen_url: str
    secret: bytes
    server: EmbeddedServer | None
    old_secrets: tuple[bytes, ...] = ()

    @property
    def secret_box(self) -> SecretBox:
        """Seals with the secret; opens what the former ones sealed as well."""
        return SecretBox([self.secret, *self.old_secrets])

    @contextmanager
    def running(self) -> Iterator[None]:
        """The database is up for the length of the block; an embedded server that this started is stopped after it."""
        started = self.start()
        try:
            yield
        finally:
            if started:
                self.stop()

    def start(self) -> bool:
        """Starts the embedded server and makes its database; False when it was up, or is an outside one."""
        if self.server is None:
            return False
        started = self.server.start()
        with psycopg.connect(self.server.superuser_url, autocommit=True) as connection:
            known = connection.execute("select from pg_database where datname = %s", [EMBEDDED_DATABASE])
            if known.fetchone() is None:
                connection.execute(f"create database {EMBEDDED_DATABASE}")
        return started

    def prepare(self, *extensions: Callable[[str], object], flavour: str = "auto") -> list[Migration]:
        """Bootstraps, migrates and lets the process roles log in; answers the migrations applied.

        `extensions` take the owner's address and install what is no migration, such as the job queue.
        """
        found = bootstrap(self.admin_url, self.secret, flavour=flavour)
        # On Supabase the administrator owns the schema; elsewhere a role without superuser rights does.
        owner_url = self.admin_url if found == "supabase" else self.owner_url
        applied = migrate(owner_url)
        for extend in extensions:
            extend(owner_url)
        enable_logins(self.admin_url, self.secret)
        return applied

    def stop(self) -> None:
        """Stops the embedded server."""
        if self.server is not None:
            self.server.stop()


def installation(settings: Settings) -> Installation:
    """The installation that the settings describe; makes the home folder and its secret if need be."""
    secret = _secret(settings)
    server = None if settings.database_url else EmbeddedServer(settings.home.resolve() / "postgres")
    admin_url = server.url("postgres", EMBEDDED_DATABASE) if server else _outside(settings)
    worker_url = _given(settings.worker_database_url) or role_url(admin_url, "flow_worker", secret)
    return Installation(
        admin_url=admin_url,
        owner_url=role_url(admin_url, "flow_owner", secret),
        api_url=_given(settings.api_database_url) or role_url(admin_url, "flow_api", secret),
        worker_url=worker_url,
        listen_url=_given(settings.listen_database_url) or worker_url,
        secret=secret,
        server=server,
        old_secrets=tuple(old.get_secret_value().encode() for old in settings.old_secrets),
    )


def _outside(settings: Settings) -> str:
    url = _given(settings.database_url)
    if url is None:
        raise ValueError("no DATABASE_URL")
    return url


def _given(value: object) -> str | None:
    return str(value.get_secret_value()) if hasattr(value, "get_secret_value") else None


def _secret(settings: Settings) -> bytes:
    given = _given(settings.secret)
    secret = given.encode() if given else _kept_secret(settings.home / "secret")
    if len(secret) < _MIN_SECRET_BYTES:
        raise ValueError(f"FLOW_SECRET must have at least {_MIN_SECRET_BYTES} bytes")
    return secret


def _kept_secret(file: Path) -> bytes:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_bytes()
