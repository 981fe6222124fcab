"""What FLOW stands on: every version locked with its hashes, from the index alone, none with a known fault."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
ADVISORIES = tomllib.loads((Path(__file__).parent / "advisories.toml").read_text("utf-8"))["advisory"]
_BLOCK = re.compile(
    r"^(?P<pin>[a-z0-9][^\s\\]*(?: ; [^\\\n]+)?) \\\n(?P<hashes>(?:    --hash=\S+(?: \\)?\n?)+)", re.MULTILINE
)


def _pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text("utf-8")
    requirements = [Requirement(block["pin"]) for block in _BLOCK.finditer(text)]
    return {canonicalize_name(each.name): Version(str(each.specifier).removeprefix("==")) for each in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_pins_a_version_and_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    rest = _BLOCK.sub("", text)

    assert [] == [line for line in rest.splitlines() if line.strip() and not line.startswith("#")]
    assert {"sha256"} == set(re.findall(r"--hash=(\w+):", text))
    assert len(_pins(lock)) > 30


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_other_source(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert [] == re.findall(r"https?://|git\+|file://|--(?:extra-)?index-url|--find-links|--trusted-host| @ ", text)


def test_what_the_project_asks_for_is_locked_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pins = _pins("requirements.txt")
    loose = []
    for text in project["dependencies"]:
        wanted = Requirement(text)
        found = pins.get(canonicalize_name(wanted.name))
        if found is None or found not in wanted.specifier:
            loose.append((text, str(found)))

    assert [] == loose


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda advisory: f"{advisory['package']} {advisory['id']}")
def test_no_version_with_a_known_fault_is_locked(lock: str, advisory: dict[str, str]) -> None:
    found = _pins(lock).get(canonicalize_name(advisory["package"]))
    assert found is None or found not in SpecifierSet(advisory["affected"], prereleases=True), advisory["id"]


def test_a_planted_fault_is_found() -> None:
    assert Version("3.1.5") in SpecifierSet(next(a["affected"] for a in ADVISORIES if a["package"] == "jinja2"))
