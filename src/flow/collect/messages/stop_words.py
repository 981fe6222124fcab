"""Words with which a guest ends all marketing, and how keywords are read out of a message."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

__all__ = ["StopWord", "first_word", "stop_word"]

_WORDS: Final = frozenset(
    (
        *("STOP", "STOPP", "STOPALL", "AFMELD", "AFMELDE", "AFMELDT", "AFMELDING"),
        *("AVSLUTA", "AVREGISTRERA", "AVANMÄL", "AVMELD", "UNSUBSCRIBE", "OPTOUT", "QUIT"),
    )
)
_MOST_WORDS: Final = 3
"""`STOP NAPOLI SMS` ends marketing; a longer sentence that begins with stop is a sentence."""


@dataclass(frozen=True, slots=True)
class StopWord:
    """`is_alone`: nothing else was said, so nobody has to read it."""

    word: str
    is_alone: bool


def stop_word(text: str) -> StopWord | None:
    """The stop word that the message is or begins with. Capitals, dots and exclamation marks do not matter."""
    words = _words(text)
    if not words or words[0] not in _WORDS or len(words) > _MOST_WORDS:
        return None
    return StopWord(words[0], is_alone=len(words) == 1)


def first_word(text: str) -> str:
    """The first word in capitals, without what stands around it; empty where there is none."""
    words = _words(text)
    return words[0] if words else ""


def _words(text: str) -> list[str]:
    # Compatibility form, so that full-width letters and ligatures are the letters they stand for.
    folded = unicodedata.normalize("NFKC", text).upper()
    words = ("".join(filter(str.isalnum, word)) for word in folded.split())
    return [word for word in words if word]
