"""Cuts a text for channels that take so many bytes at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

__all__ = ["split_bytes"]

_JOINER = "\u200d"
_VARIATIONS = range(0xFE00, 0xFE10)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def split_bytes(text: str, most: int) -> list[str]:
    """Pieces of at most `most` bytes of UTF-8 (at least 64), cut between words where there are any.

    Nothing but white space at a cut is lost, and no letter is parted from its accents. None for an empty text.
    """
    if most < 64:
        raise ValueError("a piece has at least 64 bytes")
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        end = _end(rest, most)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return pieces


def _end(text: str, most: int) -> int:
    """Where the first piece ends: at the last white space that fits, else between two letters."""
    used = 0
    space = letter = 0
    for start, end in _letters(text):
        if text[start:end].isspace():
            space = start
        used += len(text[start:end].encode())
        if used > most:
            return space or letter or _points(text, most)
        letter = end
    return len(text)


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Characters as readers see them: with accents, joined emoji and their colours."""
    start = 0
    for index in range(1, len(text)):
        if not _belongs(text[index - 1], text[index]):
            yield start, index
            start = index
    yield start, len(text)


def _belongs(before: str, after: str) -> bool:
    if _JOINER in (before, after) or unicodedata.combining(after):
        return True
    return ord(after) in _VARIATIONS or ord(after) in _SKIN_TONES


def _points(text: str, most: int) -> int:
    """For what is no writing: a single letter with more accents than fit is cut between them."""
    used = 0
    for index, character in enumerate(text):
        used += len(character.encode())
        if used > most:
            return index
    return len(text)
