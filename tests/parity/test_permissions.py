"""Who may do what holds on every kind of server: the contracts run again, with a PostgreSQL of each kind under them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.parity.conftest import ROOT, need_programs
from tests.parity.servers import KINDS, programs_of

# What asks the database itself; the others read code, or compare with files.
SUITE = ("test_schema.py", "test_tenancy.py", "test_queries.py", "matrix")
# Every run walks all of it on the embedded server, and the quick part on one other; `make supabase-check` all on all.
ONE_OTHER = "supabase-like" if programs_of("supabase-like") else "supabase-like-embedded"
LONG = "not every_route and not opened_by_hand"
WHOLE = "FLOW_PARITY_WHOLE"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "embedded"])  # on that one they run anyway
def test_the_permission_suite_passes_on(kind: str, record_property: Callable[[str, object], None]) -> None:
    if kind != ONE_OTHER and WHOLE not in os.environ:
        pytest.skip("make supabase-check walks this one too")
    need_programs(kind)
    parts = [f"tests/contracts/{part}" for part in SUITE]
    options = ["-n", "0", "-p", "no:cacheprovider", *([] if WHOLE in os.environ else ["-k", LONG])]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *parts],
        cwd=ROOT,
        env={**_without_this_run(), "FLOW_TEST_SERVER": kind},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stdout[-4000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    record_property("matrix", int(passed[1]))


def _without_this_run() -> dict[str, str]:
    """The environment without what tells a worker of this run which server is its own."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "FLOW_TEST_POSTGRES" and not name.startswith("PYTEST_")
    }
