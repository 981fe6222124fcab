"""PgBouncer in transaction mode in front of a throw-away server: many clients, three backends for each role."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flow.database.bootstrap import role_password
from tests.parity.clusters import Cluster, free_port
from tests.parity.databases import SECRET

PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
BACKENDS = 3
_START_SECONDS = 10.0


@contextmanager
def pooler(cluster: Cluster) -> Iterator[int]:
    """The port of a running PgBouncer that asks for the roles' passwords; it knows no prepared statements."""
    assert PROGRAM is not None
    port, user = free_port(), cluster.programs.user
    with tempfile.TemporaryDirectory(prefix="flow-pooler-") as folder:
        configuration = _write_configuration(Path(folder), port, cluster)
        if user:
            for path in (Path(folder), *Path(folder).iterdir()):
                shutil.chown(path, user)
        with (Path(folder) / "output").open("wb") as output:
            process = subprocess.Popen([PROGRAM, configuration], user=user, stdout=output, stderr=output, cwd="/")
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _write_configuration(folder: Path, port: int, cluster: Cluster) -> Path:
    logins = [f'"{role}" "{role_password(SECRET, role)}"' for role in ("flow_api", "flow_worker")]
    (folder / "users.txt").write_text("\n".join(logins) + "\n")
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"""
[databases]
* = host=127.0.0.1 port={cluster.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {BACKENDS}
max_client_conn = 200
"""
    )
    return configuration


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, "PgBouncer does not start"
        time.sleep(0.05)
