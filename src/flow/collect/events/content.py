"""What an event says, as the catalogue has it. Kept, for a shop's visitors say the same things over and over."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flow.collect.events import catalogue, rows
from flow.collect.events.schema import EventType
from flow.collect.events.types import Content, Kind

__all__ = ["content_of"]

_COMMON: Final = 200  # bytes of event_data that may well be said again
_KINDS: Final = {
    "page_view": Kind.OPENING,
    "page_scroll": Kind.SCROLL,
    "element_click": Kind.CLICK,
    "page_exit": Kind.EXIT,
}
_LOOKING_ON: Final = frozenset({"page_view", "page_scroll", "page_exit", "element_hover"})
_OTHERS_DOING: Final = frozenset({"system", "social"})


def content_of(event_name: str, raw: bytes, namespace: str) -> Content:
    """The content of an event with this `event_data`; raises InvalidEvent."""
    return _kept(event_name, raw, namespace) if len(raw) <= _COMMON else _read(event_name, raw, namespace)


def _read(event_name: str, raw: bytes, namespace: str) -> Content:
    if raw == b"null":
        raw = b"{}"
    event_type, data = catalogue.decode(event_name, raw, namespace=namespace)
    return Content(
        name=event_type.name,
        kind=_KINDS.get(event_type.name, Kind.OTHER),
        is_interaction=_is_interaction(event_type),
        data=data,
        name_fields=rows.text(event_type.name) + rows.text(event_type.category),
        data_field=rows.json_object(raw),
    )


_kept = lru_cache(maxsize=4096)(_read)


def _is_interaction(event_type: EventType) -> bool:
    return event_type.name not in _LOOKING_ON and event_type.category not in _OTHERS_DOING
