"""Makes the tracker's three files and the consent banner from the modules in source/: joined, minified, compressed.

That takes a few milliseconds and happens once per process, so no product of it is kept in the repository.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal, get_args

from flow.collect.events.catalogue import EVENT_TYPES, helpers
from flow.web.i18n import LANGUAGES, N_, translator_for

__all__ = ["KINDS", "SOURCE", "Bundle", "Kind", "bundle"]

Kind = Literal["flow.js", "flow.core.js", "flow.mjs", "consent.js"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

SOURCE: Final = resources.files(__package__) / "source"

_CLASSIC: Final = '(() => {{\n"use strict";\n{body}\n}})();\n'
_MODULE: Final = "export const init = (() => {{\n{body}\nreturn init;\n}})();\n"

_RECIPES: Final[Mapping[Kind, tuple[str, tuple[str, ...]]]] = {
    "flow.js": (_CLASSIC, ("full", "classic")),
    "flow.core.js": (_CLASSIC, ("classic",)),
    "flow.mjs": (_MODULE, ("full", "module")),
    "consent.js": (_CLASSIC, ("banner",)),
}

_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bundle:
    """One file as it is served: `content` is UTF-8, `compressed` the same by gzip.

    `digest` is the start of the content's SHA-256, 16 hex digits; `name` holds it too (flow.<digest>.js),
    so that what is served under this name never changes.
    """

    kind: Kind
    content: bytes
    compressed: bytes
    digest: str

    @property
    def name(self) -> str:
        stem, _, suffix = self.kind.rpartition(".")
        return f"{stem}.{self.digest}.{suffix}"


@functools.cache
def bundle(kind: Kind) -> Bundle:
    """The file called `kind`. Raises minify.MinifyError when the source is broken."""
    wrapper, entries = _RECIPES[kind]
    script = wrapper.format(body=_join(entries))
    content = _minified(script).encode()
    return Bundle(kind, content, gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:16])


def _minified(script: str) -> str:
    """`script`, half as long; as it is on Apple silicon, for which there is no wheel of the minifier.

    The library is loaded only here because it starts Go's run time, which must not be there when a process forks.
    """
    try:
        minify = importlib.import_module("minify")
    except ImportError:
        return script
    return str(minify.string("text/javascript", script))


def _join(entries: Iterable[str]) -> str:
    """The text of `entries` and of all they import, each after what it needs, without import and export.

    They share one scope then, so no two modules may give the same name at top level: the minifier,
    and the browser, refuse it if they do.
    """
    joined: dict[str, str] = {}
    for entry in entries:
        _add(entry, joined)
    return "\n".join(joined.values())


def _add(module: str, joined: dict[str, str]) -> None:
    if module in joined:
        return
    text = _text(module)
    for needed in _IMPORT.findall(text):
        _add(needed, joined)
    joined[module] = _EXPORT.sub("", _IMPORT.sub("", text))


def _text(module: str) -> str:
    generate = _GENERATED.get(module)
    if generate:
        return generate()
    return (SOURCE / f"{module}.js").read_text(encoding="utf-8")


def _critical() -> str:
    """critical.js: the events that do not wait for others, by name."""
    names = [name for name, event in EVENT_TYPES.items() if event.critical and event.sender == "browser"]
    return f"export const CRITICAL = {json.dumps(names)};\n"


def _helpers() -> str:
    """helpernames.js: the helpers' methods by group, {"checkout": ["started", "itemAdded", …], "ai": […]}."""
    groups: dict[str, list[str]] = {}
    for group, method, _ in helpers():
        groups.setdefault(group, []).append(method)
    return f"export const HELPERS = {json.dumps(groups)};\n"


def _banner_words() -> str:
    """bannerwords.js: what the banner says, by language; its question itself comes from the restaurant's texts."""
    said = {
        language: {name: translator_for(language).gettext(text) for name, text in _BANNER.items()}
        for language in LANGUAGES
    }
    return f"export const WORDS = {json.dumps(said, ensure_ascii=False)};\n"


_BANNER: Final = {
    "title": N_("May we remember this device?"),
    "no": N_("No, do not"),
    "yes": N_("Yes, you may"),
    "notYet": N_("You have not answered yet."),
    "saidYes": N_("Your answer now: yes."),
    "saidNo": N_("Your answer now: no."),
    "signal": N_("Your browser says no for you (Global Privacy Control or Do Not Track), and we keep to it."),
    "close": N_("Close"),
}

_GENERATED: Final = {"critical": _critical, "helpernames": _helpers, "bannerwords": _banner_words}
