"""The event catalogue: which events there are, and whether one that came in is as declared.

The declarations are data (`catalogue.toml`), read once.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from flow.collect.events.payload import InvalidEvent, Validator, read
from flow.collect.events.reference import render
from flow.collect.events.schema import EventType, Property, Sender, parse

__all__ = [
    "EVENT_TYPES",
    "EventType",
    "InvalidEvent",
    "Property",
    "Sender",
    "check",
    "decode",
    "helpers",
    "reference_markdown",
]

EVENT_TYPES: Final = parse((files(__package__) / "catalogue.toml").read_text(encoding="utf-8"))
"""Every event that FLOW knows by name."""

_VALIDATORS: Final = {name: Validator(event) for name, event in EVENT_TYPES.items()}
_OWN_NAME: Final = re.compile(r"[a-z0-9_]{1,64}")


def check(event_name: str, event_data: bytes, *, sender: Sender = "browser", namespace: str | None = None) -> EventType:
    """The type of an event whose `event_data` (the raw JSON) is as declared; see `decode`."""
    return decode(event_name, event_data, sender=sender, namespace=namespace)[0]


def decode(
    event_name: str, event_data: bytes, *, sender: Sender = "browser", namespace: str | None = None
) -> tuple[EventType, dict[str, Any]]:
    """The type of an event, and its `event_data` (the raw JSON, `b"{}"` for none) as Python values.

    `namespace` is the restaurant's, for its own events. Properties that the catalogue does not declare are
    allowed. Raises InvalidEvent.
    """
    event = EVENT_TYPES.get(event_name)
    if event is None:
        return _own_event(event_name, namespace), read(event_data)
    if event.sender == "server" and sender == "browser":
        raise InvalidEvent("not_from_browser", f"{event_name} is told by the server only")
    data = read(event_data)
    _VALIDATORS[event_name](event_data)
    return event, data


@lru_cache(maxsize=4096)
def _own_event(event_name: str, namespace: str | None) -> EventType:
    prefix, dot, name = event_name.partition(".")
    if not dot or not _OWN_NAME.fullmatch(name):
        raise InvalidEvent(
            "unknown_event",
            "event_name is not in the catalogue; an own event is <namespace>.<name> of a-z, 0-9 and _",
        )
    if prefix != namespace:
        expected = f"this restaurant's is {namespace}" if namespace else "this restaurant has none"
        raise InvalidEvent("wrong_namespace", f"event_name begins with another namespace; {expected}")
    return EventType(name=event_name, category="other")


def helpers() -> tuple[tuple[str, str, str], ...]:
    """(group, method, event name) of the tracker's helpers, such as ("checkout", "itemAdded",
    "checkout_item_added"): one for each event that a page sends and the tracker cannot see by itself."""
    return tuple(
        _helper(name) for name, event in EVENT_TYPES.items() if event.sender == "browser" and not event.automatic
    )


def _helper(event_name: str) -> tuple[str, str, str]:
    group, first, *rest = event_name.split("_")
    return group, first + "".join(word.capitalize() for word in rest), event_name


def reference_markdown() -> str:
    """The page docs/reference/events.md."""
    return render(EVENT_TYPES.values(), helpers())
