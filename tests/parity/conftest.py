"""The servers that the tests of parity share; where a program is missing, they say so and are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.parity.clusters import Cluster, throw_away
from tests.parity.databases import Place, new_place
from tests.parity.servers import programs_of, superuser_of
from tests.parity.supabase_cli import Cli

Make = Callable[[str], Place]
ROOT = Path(__file__).parents[2]
_ALL = "make supabase-check installs it where apt and npm may be used"


class Servers:
    """Servers by kind, each started when it is first asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._start = cache(lambda kind: stack.enter_context(_throw_away(kind)))

    def __getitem__(self, kind: str) -> Cluster:
        return self._start(kind)


def _throw_away(kind: str) -> AbstractContextManager[Cluster]:
    programs = programs_of(kind)
    assert programs is not None
    return throw_away(programs, superuser=superuser_of(kind))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


@pytest.fixture
def make(servers: Servers) -> Iterator[Make]:
    """Makes databases on a kind of server; skips the test where that kind cannot be had."""
    with ExitStack() as stack:

        def make_on(kind: str) -> Place:
            need_programs(kind)
            return stack.enter_context(new_place(servers[kind]))

        yield make_on


def need_programs(kind: str) -> None:
    """Skips the test where this kind of server cannot be had."""
    if programs_of(kind) is None:
        pytest.skip(f"no PostgreSQL 15 to 18 is installed beside the embedded one: {_ALL}")


@pytest.fixture(scope="session")
def supabase(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The Supabase CLI on a copy of the project's folder, into which it writes."""
    program = shutil.which("supabase", path=f"{ROOT}/.tools/node_modules/.bin{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip(f"the Supabase CLI is not installed: {_ALL}")
    folder = tmp_path_factory.mktemp("supabase-project")
    shutil.copytree(ROOT / "supabase", folder / "supabase")
    return Cli(program, folder)
