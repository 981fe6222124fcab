"""The wire format between tracker and server, as a list of what is wrong with a batch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flow.collect.events.catalogue import InvalidEvent, decode
from flow.kit.ids import parse_id

NAMESPACE = "napoli"

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_BATCH = {
    "restaurant_id": str,
    "key": str,
    "sent_at": str,
    "screen_resolution": str,
    "viewport_width": int,
    "viewport_height": int,
    "language": str,
    "referrer": str,
    "events": list,
}
_BATCH_OPTIONAL = {"visitor_id": str, "webdriver": bool}
_EVENT = {
    "id": str,
    "event_name": str,
    "timestamp": str,
    "page_view_id": str,
    "seq": int,
    "page_url": str,
}
_EVENT_OPTIONAL = {
    "page_title": str,
    "element_id": str,
    "element_class": str,
    "element_text": str,
    "viewport_x": int,
    "viewport_y": int,
    "page_x": int,
    "page_y": int,
    "time_on_page_ms": int,
    "event_data": dict,
}


def problems(batch: Mapping[str, Any]) -> Iterator[str]:
    """What breaks the format: wrong or unknown fields, ids, times, addresses, and data the catalogue refuses."""
    yield from _fields("batch", batch, _BATCH, _BATCH_OPTIONAL)
    for name in ("restaurant_id", "visitor_id"):
        if name in batch and parse_id(batch[name]) is None:
            yield f"{name} is no UUID: {batch[name]}"
    if not re.fullmatch(r"\d+x\d+", batch["screen_resolution"]):
        yield f"screen_resolution: {batch['screen_resolution']}"
    if not _TIME.fullmatch(batch["sent_at"]):
        yield f"sent_at: {batch['sent_at']}"
    if "?" in batch["referrer"] or "#" in batch["referrer"]:
        yield f"referrer has a query: {batch['referrer']}"
    if not 1 <= len(batch["events"]) <= 500:
        yield f"{len(batch['events'])} events"
    for event in batch["events"]:
        yield from _event_problems(event)


def _event_problems(event: Mapping[str, Any]) -> Iterator[str]:
    name = event["event_name"]
    yield from _fields(name, event, _EVENT, _EVENT_OPTIONAL)
    for field in ("id", "page_view_id"):
        identifier = parse_id(event[field])
        if identifier is None or identifier.version != 7:
            yield f"{name}.{field} is no UUIDv7: {event[field]}"
    if not _TIME.fullmatch(event["timestamp"]):
        yield f"{name}.timestamp: {event['timestamp']}"
    if (name == "page_view") != (event["id"] == event["page_view_id"]) or (name == "page_view") != (event["seq"] == 1):
        yield f"{name} has id {event['id']}, page_view_id {event['page_view_id']} and seq {event['seq']}"
    if name == "page_view" and _milliseconds(event["timestamp"]) != int(event["id"].replace("-", "")[:12], 16):
        yield f"page_view {event['id']} does not hold its timestamp {event['timestamp']}"
    if (name == "page_view") != ("page_title" in event):
        yield f"{name} has the title {event.get('page_title')}"
    if not urlsplit(event["page_url"]).scheme:
        yield f"{name}.page_url: {event['page_url']}"
    if len(event.get("element_text", "")) > 100:
        yield f"{name}.element_text has {len(event['element_text'])} characters"
    try:
        decode(name, json.dumps(event.get("event_data", {})).encode(), namespace=NAMESPACE)
    except InvalidEvent as refused:
        yield f"{name}: {refused}"


def _fields(
    where: str, given: Mapping[str, Any], required: Mapping[str, type], optional: Mapping[str, type]
) -> Iterator[str]:
    yield from (f"{where}.{name} is missing" for name in required.keys() - given.keys())
    for name, value in given.items():
        kind = required.get(name) or optional.get(name)
        if kind is None:
            yield f"{where}.{name} is unknown"
        elif type(value) is not kind:
            yield f"{where}.{name} is a {type(value).__name__}"


def _milliseconds(timestamp: str) -> int:
    return round(datetime.fromisoformat(timestamp).timestamp() * 1000)
