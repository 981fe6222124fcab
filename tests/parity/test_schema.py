"""The migrations make the same schema everywhere: it says who may do what, so the same people may do the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.database.migrations import pending
from flow.jobs.schema import install_queue
from flow.operations.doctor import examine
from tests.parity.conftest import Make
from tests.parity.databases import Place
from tests.parity.servers import KINDS
from tests.serving import settings_of

PLAIN, SUPABASE = KINDS[:2], KINDS[2:]
OURS = ("--no-owner", "--schema=app", "--schema=public", "--schema=parts", "--schema=jobs")
# What projects made before the autumn of 2026 grant by themselves on whatever is made.
OLD_PROJECT = "; ".join(
    "alter default privileges for role postgres in schema public "
    f"grant all on {kind} to anon, authenticated, service_role"
    for kind in ("tables", "functions", "sequences")
)


def _migrated(place: Place) -> Place:
    place.installation.prepare(install_queue)
    return place


@pytest.mark.parametrize(("plain", "supabase_like"), list(zip(PLAIN, SUPABASE, strict=True)))
def test_a_supabase_project_gets_the_schema_of_a_plain_database(make: Make, plain: str, supabase_like: str) -> None:
    of_the_owner = "\nGRANT ALL ON SCHEMA public TO flow_owner;"  # on Supabase `postgres` has it by owning the database

    assert [entry.replace(of_the_owner, "") for entry in _migrated(make(plain)).dump(*OURS)] == _migrated(
        make(supabase_like)
    ).dump(*OURS)


@pytest.mark.parametrize("kind", SUPABASE)
def test_an_old_project_s_generous_defaults_change_nothing(make: Make, kind: str) -> None:
    new, old = make(kind), make(kind)
    old.run(OLD_PROJECT)

    assert _migrated(new).dump(*OURS) == [
        entry for entry in _migrated(old).dump(*OURS) if not _is_default_of_the_project(entry)
    ]


def _is_default_of_the_project(entry: str) -> bool:
    return "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public" in entry


@pytest.mark.parametrize("kind", SUPABASE)
def test_the_doctor_finds_nothing_but_the_missing_worker(make: Make, kind: str, tmp_path: Path) -> None:
    place = _migrated(make(kind))
    settings = settings_of(place.installation, tmp_path)

    assert ["worker"] == [finding.subject for finding in examine(settings) if not finding.ok]
    assert [] == pending(place.installation.admin_url)


@pytest.mark.parametrize("kind", SUPABASE)
def test_nothing_of_ours_lies_in_supabase_s_schemas(make: Make, kind: str) -> None:
    place = make(kind)
    theirs = ["--schema=auth", "--schema=storage", "--schema=realtime", "--schema=extensions"]
    before = place.dump(*theirs)
    _migrated(place)

    assert before == place.dump(*theirs)
