"""The files that FLOW keeps: exports, and mails in the outbox. A person is erased there too."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable
from pathlib import Path

from flow.privacy.rights.means import Means

__all__ = ["delete_exports", "erase_mails", "find_mails"]


def find_mails(means: Means, pattern: str | None) -> list[Path]:
    """Mails in the outbox that hold what the pattern matches, however they are encoded."""
    if pattern is None or not means.outbox.is_dir():
        return []
    search = re.compile(pattern, re.IGNORECASE)
    files = (file for file in sorted(means.outbox.rglob("*")) if file.is_file())
    return [file for file in files if any(search.search(text) for text in _texts(file))]


def erase_mails(means: Means, pattern: str | None) -> int:
    """Deletes them; how many there were."""
    found = find_mails(means, pattern)
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def delete_exports(means: Means, names: Iterable[str]) -> int:
    """Deletes files of exports; how many were there."""
    files = [means.exports / Path(name).name for name in names]
    there = [file for file in files if file.exists()]
    for file in there:
        file.unlink(missing_ok=True)
    return len(there)


def _texts(file: Path) -> Iterable[str]:
    raw = file.read_bytes()
    yield raw.decode("utf-8", "replace")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    yield from (str(value) for value in message.values())
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())
