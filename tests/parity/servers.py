"""The kinds of server that the tests know, by the name that FLOW_TEST_SERVER takes."""

from __future__ import annotations

from pathlib import Path

from tests.parity.clusters import Cluster, Programs, embedded_programs, installed_programs
from tests.parity.databases import SUPABASE_ADMIN

KINDS = ("embedded", "installed", "supabase-like-embedded", "supabase-like")
"""PostgreSQL 18 out of the package, and 15 or later of the machine's own; each plain, and with Supabase's roles."""


def programs_of(kind: str) -> Programs | None:
    """The programs that a server of this kind runs; None where the machine has none."""
    return embedded_programs() if kind.endswith("embedded") else installed_programs()


def server_of(kind: str, folder: Path, options: str) -> Cluster:
    """A server of this kind in a folder of its own; not started yet."""
    programs = programs_of(kind)
    if kind not in KINDS or programs is None:
        raise ValueError(f"FLOW_TEST_SERVER={kind}: not one of {', '.join(KINDS)}, or not installed")
    return Cluster(programs, folder / "cluster", superuser_of(kind), options)


def superuser_of(kind: str) -> str:
    """Whom a server of this kind belongs to."""
    return SUPABASE_ADMIN if kind.startswith("supabase-like") else "postgres"
