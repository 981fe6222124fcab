"""The wire format of POST /api/events/batch: bytes in, an envelope with its events out.

A batch is decoded in one pass as long as every event has the right types; only when one has not are its events decoded
one by one, so that the bad ones never take the good ones with them.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from flow.collect.events.errors import MalformedBatch, RejectionCode, TooManyEvents

__all__ = ["MAX_EVENTS", "Envelope", "FaultyEvent", "WireEvent", "decode", "decode_event", "raw_events", "repair"]

MAX_EVENTS: Final = 500

_ESCAPED = b"\\u"
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPE = re.compile(
    rb"(?P<bad>\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\."
)
_FIELD = re.compile(r"\$\.(\w+)|field `(\w+)`")
_CODES: dict[str, RejectionCode] = {"id": "invalid_id", "timestamp": "invalid_timestamp"}

Integer = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Number = Annotated[float, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
"""Fits PostgreSQL's integer once it is rounded: browsers report fractions of a pixel."""


class WireEvent(msgspec.Struct, gc=False, omit_defaults=True):
    """One event as it is sent; docs/reference/events.md says what its fields mean."""

    id: UUID
    event_name: str
    timestamp: Annotated[datetime, msgspec.Meta(tz=True)]
    page_view_id: UUID | None = None
    seq: Integer | None = None
    page_url: str | None = None
    page_title: str | None = None
    element_id: str | None = None
    element_class: str | None = None
    element_text: str | None = None
    viewport_x: Number | None = None
    viewport_y: Number | None = None
    page_x: Number | None = None
    page_y: Number | None = None
    time_on_page_ms: Number | None = None
    event_data: msgspec.Raw = msgspec.Raw(b"{}")


class FaultyEvent(msgspec.Struct, gc=False):
    """An event that is no WireEvent; `id` and `event_name` as far as they can be read."""

    code: RejectionCode
    message: str
    id: str | None
    event_name: str | None


class _Header(msgspec.Struct, gc=False, kw_only=True):
    restaurant_id: UUID
    key: str
    visitor_id: UUID | None = None
    screen_resolution: str | None = None
    viewport_width: Number | None = None
    viewport_height: Number | None = None
    language: str | None = None
    referrer: str | None = None
    webdriver: bool | None = None


class _GoodBatch(_Header, gc=False, kw_only=True):
    events: list[WireEvent]


class _LooseBatch(_Header, gc=False, kw_only=True):
    events: list[msgspec.Raw]


class Envelope(_Header, gc=False, kw_only=True):
    """A batch: what is true of all its events, and the events in the order sent."""

    events: list[WireEvent | FaultyEvent]


_decode_good: Any = msgspec.json.Decoder(_GoodBatch).decode
_decode_loose = msgspec.json.Decoder(_LooseBatch).decode
_decode_event = msgspec.json.Decoder(WireEvent).decode
_decode_any = msgspec.json.Decoder().decode


def decode(body: bytes) -> Envelope:
    """The batch in `body`; MalformedBatch when it is none, TooManyEvents when it holds too many."""
    if _ESCAPED in body:
        body = repair(body)
    try:
        batch: Envelope = _decode_good(body)
    except msgspec.ValidationError:
        batch = _decode_one_by_one(body)
    except UnicodeDecodeError:
        return decode(_as_utf8(body))
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedBatch(_explanation(error)) from None
    if len(batch.events) > MAX_EVENTS:
        raise TooManyEvents
    return batch


def raw_events(body: bytes) -> list[bytes]:
    """The events of a body that `decode` has taken, as they were sent but for what `repair` mends."""
    return [bytes(raw) for raw in _decode_loose(repair(_as_utf8(body))).events]


def repair(body: bytes) -> bytes:
    """`body` with U+FFFD for what JSON can write and no text can hold: NUL and half surrogate pairs."""
    if _SUSPECT.search(body) is None:
        return body
    return _ESCAPE.sub(lambda escape: rb"\ufffd" if escape["bad"] else escape[0], body)


def decode_event(raw: bytes) -> WireEvent | FaultyEvent:
    """One event of its own; never raises."""
    try:
        return _decode_event(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        return _faulty(raw, error)


def _as_utf8(body: bytes) -> bytes:
    """`body` with U+FFFD for bytes that are not UTF-8."""
    return body.decode("utf-8", "replace").encode()


def _decode_one_by_one(body: bytes) -> Envelope:
    try:
        loose = _decode_loose(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedBatch(_explanation(error)) from None
    header = {name: getattr(loose, name) for name in _Header.__struct_fields__}
    return Envelope(**header, events=[decode_event(bytes(raw)) for raw in loose.events[: MAX_EVENTS + 1]])


def _faulty(raw: bytes, error: Exception) -> FaultyEvent:
    field = _FIELD.search(str(error))
    code = _CODES.get((field[1] or field[2]) if field else "", "invalid_event")
    try:
        found = _decode_any(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        found = None
    known = found if isinstance(found, dict) else {}
    return FaultyEvent(code, _explanation(error), _short(known.get("id")), _short(known.get("event_name")))


def _explanation(error: Exception) -> str:
    """What is wrong, in words that repeat no value that was sent."""
    if isinstance(error, RecursionError):
        return "The JSON nests too deeply."
    if isinstance(error, UnicodeDecodeError):
        return "The text is not valid UTF-8."
    return f"{error}."


def _short(value: object) -> str | None:
    return value[:200] if isinstance(value, str) else None
