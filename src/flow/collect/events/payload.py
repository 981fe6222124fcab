"""Checks one event's event_data: its JSON, its limits, and the properties that its type declares.

Runs for every event that comes in, so the common case is two passes of msgspec over the bytes and a few searches
for single bytes (1 to 2 µs in all); everything slower is behind one of those.
"""

import math
import re
import uuid
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from flow.collect.events.schema import EventType, Property

__all__ = ["MAX_BYTES", "MAX_DEPTH", "InvalidEvent", "Reason", "Validator", "read"]

MAX_BYTES: Final = 8192
MAX_DEPTH: Final = 5
"""The object that is event_data is itself the first level."""

Reason = Literal[
    "unknown_event",
    "wrong_namespace",
    "not_from_browser",
    "invalid_property",
    "too_large",
    "too_deep",
    "invalid_text",
]

_BRACKET, _BACKSLASH = b"[\\"
"""As numbers, for `in` finds a single byte ten times faster than a string."""

_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_LONG_EXPONENT = re.compile(r"[eE][+-]?0*[1-9][0-9]{3}")
_MISSING = re.compile(r"missing required field `(\w+)`")
_AT = re.compile(r" - at `\$\.(\w+)")
_GOT = re.compile(r"got `(\w+)`")
_JSON_NAMES = {"str": "a string", "int": "an integer", "float": "a number with decimals", "bool": "a boolean"}


class InvalidEvent(Exception):
    """An event that is refused: `code` for programs, `message` for people.

    The message names the property and what was expected, and never repeats a value that was sent.
    """

    def __init__(self, code: Reason, message: str) -> None:
        super().__init__(message)
        self.code: Reason = code
        self.message = message


def read(raw: bytes) -> dict[str, Any]:
    """The object in `raw`, which PostgreSQL will take as jsonb and any JSON reader can read back.

    Raises InvalidEvent: too_large, too_deep, invalid_text, or invalid_property when it is no JSON object.
    """
    if len(raw) > MAX_BYTES:
        raise InvalidEvent("too_large", f"event_data has {len(raw)} bytes; {MAX_BYTES} at most")
    try:
        data = _decode_any(raw)
    except (RecursionError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise _unreadable(error, raw) from None
    if not isinstance(data, dict):
        raise InvalidEvent("invalid_property", "event_data: expected an object")
    if (_BRACKET in raw or raw.count(b"{") > 1) and _nests(data, MAX_DEPTH):
        raise _too_deep()
    if _BACKSLASH in raw and _holds_nul(raw):
        raise InvalidEvent("invalid_text", "event_data holds the character NUL (\\u0000)")
    return data


def _unreadable(error: Exception, raw: bytes) -> InvalidEvent:
    if isinstance(error, RecursionError):
        return _too_deep()
    if isinstance(error, UnicodeDecodeError):
        return InvalidEvent("invalid_text", "event_data is not valid UTF-8")
    if isinstance(error, msgspec.ValidationError):  # no type was asked for, so it can only be an integer's size
        return _beyond_numbers()
    if _ESCAPED_SURROGATE.search(raw):
        return InvalidEvent("invalid_text", "event_data holds half a surrogate pair")
    return InvalidEvent("invalid_property", "event_data is not valid JSON")


def _too_deep() -> InvalidEvent:
    return InvalidEvent("too_deep", f"event_data nests deeper than {MAX_DEPTH} levels")


def _nests(value: object, levels: int) -> bool:
    """Whether objects and arrays in `value` go deeper than `levels`; recurses no further than that."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_nests(each, levels - 1) for each in inner)


def _holds_nul(raw: bytes) -> bool:
    """Whether an escape means NUL, as the last six characters of `\\\\u0000` do not."""
    return b"\\u0000" in raw and _ESCAPED_NUL.search(raw) is not None


def _number(text: str) -> float:
    """A number with a point or an exponent, if it is within the range of float and of PostgreSQL's numeric.

    numeric keeps 16,383 decimals and counts the exponent of a zero, too.
    """
    value = float(text)
    if math.isinf(value) or (value == 0 and _LONG_EXPONENT.search(text)):
        raise _beyond_numbers()
    return value


def _beyond_numbers() -> InvalidEvent:
    return InvalidEvent("invalid_text", "event_data holds a number too large or too small to be stored")


_decode_any = msgspec.json.Decoder(float_hook=_number).decode


class Validator:
    """Checks the declared properties of one event type; what is not declared may be anything."""

    def __init__(self, event: EventType) -> None:
        self._event = event
        self._decode = msgspec.json.Decoder(_struct(event)).decode

    def __call__(self, raw: bytes) -> None:
        """Raises InvalidEvent (invalid_property) for the first property that is missing or wrong."""
        try:
            self._decode(raw)
        except msgspec.ValidationError as error:
            raise InvalidEvent("invalid_property", self._explain(str(error))) from None

    def _explain(self, error: str) -> str:
        """Our own words for msgspec's error, which would repeat the value of an enum."""
        missing = _MISSING.search(error)
        at = missing or _AT.search(error)
        found = self._event.property_named(at[1]) if at else None
        if found is None:
            return "event_data: a property is not as the catalogue declares it"
        if missing:
            return f"{found.name} is missing: expected {found.expected}"
        got = _GOT.search(error)
        kind = f", got {_JSON_NAMES.get(got[1], got[1])}" if got else ""
        return f"{found.name}: expected {found.expected}{kind}"


def _struct(event: EventType) -> type[msgspec.Struct]:
    fields = [_field(each) for each in event.properties]
    return msgspec.defstruct(event.name, fields, kw_only=True, gc=False)


def _field(declared: Property) -> Any:
    kind = _annotation(declared)
    return (declared.name, kind) if declared.required else (declared.name, kind | None, None)


def _annotation(declared: Property) -> Any:
    match declared.type:
        case "string":
            return Annotated[str, msgspec.Meta(min_length=declared.min_length, max_length=declared.max_length)]
        case "integer" | "money":
            return Annotated[int, msgspec.Meta(ge=int(declared.min), le=int(declared.max))]
        case "number":
            return Annotated[float, msgspec.Meta(ge=declared.min, le=declared.max)]
        case "enum":
            return Literal[declared.values]
        case "timestamp":
            return Annotated[datetime, msgspec.Meta(tz=True)]
    return {"boolean": bool, "uuid": uuid.UUID, "array": list[Any], "object": dict[str, Any]}[declared.type]
