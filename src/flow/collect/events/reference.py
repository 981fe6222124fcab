"""The catalogue as a page for people: docs/reference/events.md."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import groupby

from flow.collect.events.schema import EventType, Property

__all__ = ["render"]

_TITLES = {
    "ecommerce": "Cart and checkout",
    "social": "Social channels and SMS",
    "ai": "Conversations with the agent",
    "system": "System",
    "navigation": "Pages and what is done on them",
    "engagement": "Pages and what is done on them",
}


def render(events: Iterable[EventType], helpers: Sequence[tuple[str, str, str]]) -> str:
    """Markdown for `events`, which lie grouped by title, and for the tracker's `helpers`."""
    intro = (files(__package__) / "reference.md").read_text(encoding="utf-8")
    methods = {name: f"flow.{group}.{method}()" for group, method, name in helpers}
    lines = [intro.rstrip(), ""]
    for title, group in groupby(events, key=lambda event: _TITLES[event.category]):
        lines += [f"## {title}", ""]
        for event in group:
            lines += _section(event, methods.get(event.name))
    return "\n".join(lines).rstrip() + "\n"


def _section(event: EventType, method: str | None) -> Iterator[str]:
    yield from (f"### `{event.name}`", "", event.description, "")
    yield f"- When: {event.trigger}"
    yield f"- Category: {event.category}"
    yield f"- Sent by: {_sender(event, method)}"
    if event.critical:
        yield "- Critical: sent at once, without waiting for others"
    yield from ("", "| property | required | value | meaning |", "|---|---|---|---|")
    yield from map(_row, event.properties)
    yield ""


def _sender(event: EventType, method: str | None) -> str:
    if event.sender == "server":
        return "the server only"
    return f"the page, with `{method}`, or the server" if method else "the tracker, by itself"


def _row(declared: Property) -> str:
    required = "yes" if declared.required else ""
    return f"| `{declared.name}` | {required} | {declared.expected} | {declared.description} |"
