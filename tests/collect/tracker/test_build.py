"""The files of the tracker and of the consent banner: small, whole and always the same."""

from __future__ import annotations

import gzip
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from flow.collect.events.catalogue import EVENT_TYPES, helpers
from flow.collect.tracker.build import KINDS, SOURCE, Kind, bundle

needs_minifier = pytest.mark.skipif(not find_spec("minify"), reason="there is no minifier for this machine")


@needs_minifier
@pytest.mark.parametrize(
    ("kind", "limit"), [("flow.core.js", 3_000), ("flow.js", 6_000), ("flow.mjs", 6_000), ("consent.js", 3_000)]
)
def test_the_files_are_small_on_the_wire(kind: Kind, limit: int) -> None:
    assert len(bundle(kind).compressed) <= limit


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_compressed_is_the_file(kind: Kind) -> None:
    made = bundle(kind)
    assert made.content == gzip.decompress(made.compressed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_build_gives_the_same_bytes_every_time(kind: Kind) -> None:
    assert bundle(kind) == bundle.__wrapped__(kind)


def test_the_names_hold_the_digest() -> None:
    core = bundle("flow.core.js")
    assert f"flow.core.{core.digest}.js" == core.name
    assert re.fullmatch("[0-9a-f]{16}", core.digest)
    assert len(KINDS) == len({bundle(kind).digest for kind in KINDS})


def test_each_file_is_whole() -> None:
    for kind in KINDS:
        content = bundle(kind).content.decode()
        assert content.startswith("export const init=" if kind == "flow.mjs" else "(()=>{")
        assert re.search(r"^import |from *[\"']\./", content, re.MULTILINE) is None


def test_the_helpers_and_critical_events_are_those_of_the_catalogue() -> None:
    full, core = bundle("flow.js").content, bundle("flow.core.js").content
    assert [] == [method for _, method, _ in helpers() if f'"{method}"'.encode() not in full]
    critical = [name for name, event in EVENT_TYPES.items() if event.critical and event.sender == "browser"]
    assert ["checkout_payment_failed", "checkout_completed", "ai_order_created"] == critical
    assert [] == [name for name in critical if f'"{name}"'.encode() not in core]
    assert b"itemAdded" not in core


def test_without_the_minifier_the_same_modules_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "minify", None)
    plain = bundle.__wrapped__("flow.js").content
    assert len(plain) > len(bundle("flow.js").content)
    assert b"export function newId(" not in plain
    assert b"function newId(" in plain


def test_no_two_modules_use_one_name_for_two_things() -> None:
    declared = re.compile(r"^(?:export )?(?:async )?(?:const|let|function) (\w+)", re.MULTILINE)
    sources = {file.name: file.read_text() for file in SOURCE.iterdir()}
    names = [name for text in sources.values() for name in declared.findall(text)]
    assert [] == sorted({name for name in names if names.count(name) > 1})


@needs_minifier
def test_the_guide_tells_the_sizes() -> None:
    guide = (Path(__file__).parents[3] / "docs/guides/tracker.md").read_text()
    for kind in KINDS:
        row = next(line for line in guide.splitlines() if line.startswith(f"| `/{kind}`"))
        told = float(row.split("|")[-2].removesuffix(" kB "))
        assert told == pytest.approx(len(bundle(kind).compressed) / 1000, abs=0.1)
