"""What a CSV file does not say of itself: its encoding and its delimiter."""

from __future__ import annotations

import codecs
import csv
from io import TextIOWrapper
from typing import BinaryIO

__all__ = ["dialect_of", "encoding_of"]

_LOOKED_AT = 1 << 20
_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(file: BinaryIO) -> str:
    """By the byte order mark; else UTF-8 where the first megabyte is, and Windows' Western European where not."""
    start = file.read(_LOOKED_AT)
    file.seek(0)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    try:
        # Incremental, for the last character may be cut in two.
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def dialect_of(text: TextIOWrapper, delimiter: str | None) -> type[csv.Dialect]:
    """Excel's way of quoting, with the delimiter given or the one that is most frequent in the header."""
    chosen = delimiter or _most_frequent(text)

    class Dialect(csv.excel):
        delimiter = chosen
        strict = True

    return Dialect


def _most_frequent(text: TextIOWrapper) -> str:
    header = next((line for line in text if line.strip()), "")
    text.seek(0)
    unquoted = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=unquoted.count)
