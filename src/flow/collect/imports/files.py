"""Which file is what: by the patterns of the mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from flow.collect.imports.errors import UnreadableFile
from flow.collect.imports.mapping import FileSpec, Mapping

__all__ = ["GivenFile", "assign"]


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file, its part of the mapping, and the name by which it is told of."""

    path: Path
    label: str
    kind: str
    spec: FileSpec


def assign(paths: Sequence[Path], mapping: Mapping) -> list[GivenFile]:
    """Each file with its kind; UnreadableFile for one that fits none, and for a kind without a file."""
    names = [path.name for path in paths]
    files = [
        GivenFile(path, path.name if names.count(path.name) == 1 else str(path), *_kind_of(path, mapping))
        for path in paths
    ]
    missing = [f"{kind} ({mapping.files[kind].match})" for kind in mapping.files.keys() - {file.kind for file in files}]
    if missing:
        raise UnreadableFile(f"The mapping needs files that were not given: {', '.join(sorted(missing))}")
    return files


def _kind_of(path: Path, mapping: Mapping) -> tuple[str, FileSpec]:
    fitting = list(_fitting(path, mapping))
    if len(fitting) == 1:
        return fitting[0]
    patterns = ", ".join(f"{kind} = {spec.match}" for kind, spec in mapping.files.items())
    fits = "several kinds" if fitting else "none"
    raise UnreadableFile(f"{path.name} fits {fits} of the mapping's files: {patterns}")


def _fitting(path: Path, mapping: Mapping) -> Iterator[tuple[str, FileSpec]]:
    for kind, spec in mapping.files.items():
        if fnmatch(path.name.lower(), spec.match.lower()):
            yield kind, spec
