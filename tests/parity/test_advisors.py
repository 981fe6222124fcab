"""Supabase's advisors find nothing that advisors_allowed.toml does not answer."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any

import pytest

from flow.jobs.schema import install_queue
from tests.parity.conftest import Make
from tests.parity.servers import KINDS
from tests.parity.supabase_cli import Cli


@dataclass(frozen=True)
class Allowed:
    """One line of the list: a lint on objects of one name or pattern."""

    lint: str
    on: str

    def fits(self, finding: dict[str, Any]) -> bool:
        return finding["name"] == self.lint and fnmatchcase(_object(finding), self.on)


def _allowed() -> list[Allowed]:
    text = resources.files(__package__).joinpath("advisors_allowed.toml").read_text(encoding="utf-8")
    return [Allowed(entry["lint"], on) for entry in tomllib.loads(text)["allowed"] for on in entry["on"]]


def _object(finding: dict[str, Any]) -> str:
    return f"{finding['metadata'].get('schema')}.{finding['metadata'].get('name')}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_advisors_find_nothing_that_is_not_answered(
    make: Make, supabase: Cli, kind: str, record_property: Callable[[str, object], None]
) -> None:
    place = make(kind)
    place.installation.prepare(install_queue)
    findings, allowed = supabase.findings(place.installation.owner_url), _allowed()

    unanswered = [(f["name"], _object(f)) for f in findings if not any(entry.fits(f) for entry in allowed)]
    assert [] == unanswered
    assert [] == [entry for entry in allowed if not any(entry.fits(f) for f in findings)]
    record_property("advisors", len(unanswered))


def test_the_advisors_do_look(make: Make, supabase: Cli) -> None:
    place = make("supabase-like")
    place.installation.prepare()
    place.run("create table public.planted (token text); grant select on public.planted to anon")

    assert {"rls_disabled_in_public", "no_primary_key"} <= {
        finding["name"] for finding in supabase.findings(place.installation.owner_url)
    }
