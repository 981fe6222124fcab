"""FLOW as it is installed: a wheel in a virtual environment of its own, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from flow.database.migrations import folder, pending
from tests.conftest import SECRET
from tests.parity.databases import Server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by the tools that the lock file names."""
    target = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(target), str(ROOT))
    [built] = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def flow(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `flow` out of the wheel; its dependencies are borrowed from this environment."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    [site] = home.glob("lib/python3*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python")]
    _run(*pip, "install", "-q", "--no-deps", "--no-index", str(wheel))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "flow"


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """Its administrator's address."""
    name = f"wheel_{uuid4().hex[:12]}"
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield postgres.url("postgres", name)
        connection.execute(f"drop database {name} with (force)")


def test_the_wheel_holds_every_migration(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {Path(name).name for name in archive.namelist() if name.startswith("flow/_supabase/migrations/")}

    assert {file.name for file in folder().iterdir()} == packed


def test_an_installed_flow_bootstraps_and_migrates(flow: Path, empty_database: str, tmp_path: Path) -> None:
    where = _run(str(flow.with_name("python")), "-c", "import flow; print(flow.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(flow.parents[1])

    settings = {"DATABASE_URL": empty_database, "FLOW_SECRET": SECRET.decode(), "FLOW_HOME": str(tmp_path)}
    assert "(plain)" in _run(str(flow), "bootstrap", cwd=tmp_path, **settings)
    assert len(list(folder().iterdir())) == _run(str(flow), "migrate", cwd=tmp_path, **settings).count("applied ")
    assert [] == pending(empty_database)


def _run(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FLOW_", "PIP_REQ"))}
    done = subprocess.run(command, cwd=cwd, env={**outside, **environment}, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout
