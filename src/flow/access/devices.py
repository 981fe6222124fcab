"""A browser and its system in words, so that people recognise their own log-ins."""

from __future__ import annotations

_MAX_CHARACTERS = 1_000


def device_words(user_agent: str) -> str:
    """`Firefox · Windows`; empty when the header says nothing known."""
    from ua_parser import parse  # its tables take some megabytes, which a process without log-ins saves

    found = parse(user_agent[:_MAX_CHARACTERS])
    parts = [part.family for part in (found.user_agent, found.os) if part and part.family != "Other"]
    return " · ".join(parts)
