"""What an event type is, and how `catalogue.toml` declares one."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Category", "EventType", "Property", "PropertyType", "Sender", "parse"]

Category = Literal["ecommerce", "ai", "social", "system", "navigation", "engagement", "other"]
Sender = Literal["browser", "server"]
PropertyType = Literal[
    "string", "integer", "number", "boolean", "uuid", "timestamp", "money", "enum", "array", "object"
]

_LONGEST_STRING = 200
_LARGEST = {"integer": 2**31 - 1, "number": 1e15, "money": 10**11}
"""By default: what fits PostgreSQL's integer, and a billion kroner in øre."""

_WORDS = {
    "boolean": "true or false",
    "uuid": "a UUID",
    "timestamp": "an ISO 8601 time with its zone",
    "array": "an array",
    "object": "an object",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of event_data. Limits are inclusive; lengths count characters."""

    name: str
    type: PropertyType
    description: str
    required: bool
    unit: str | None = None
    values: tuple[str, ...] = ()
    min_length: int = 0
    max_length: int = _LONGEST_STRING
    min: float = 0
    max: float = 0

    @property
    def expected(self) -> str:
        """What the value must be, in words: "an integer in øre from 0 to 100,000,000,000"."""
        if self.type == "string":
            least = f"{self.min_length} to " if self.min_length else "at most "
            return f"a string of {least}{self.max_length} characters"
        if self.type == "enum":
            return f"one of {', '.join(self.values)}"
        if self.type in _LARGEST:
            kind = "a number" if self.type == "number" else "an integer"
            unit = f" in {self.unit}" if self.unit else ""
            return f"{kind}{unit} from {self.min:,.16g} to {self.max:,.16g}"
        return _WORDS[self.type]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One kind of event.

    `sender` "server" means that a browser may not send it, "browser" that either may. `automatic`: the
    tracker sends it by itself. `critical`: it is sent at once.
    """

    name: str
    category: Category
    description: str = ""
    trigger: str = ""
    sender: Sender = "browser"
    automatic: bool = False
    critical: bool = False
    properties: tuple[Property, ...] = ()

    def property_named(self, name: str) -> Property | None:
        return next((each for each in self.properties if each.name == name), None)


def parse(text: str) -> dict[str, EventType]:
    """Event types by name, in the order of the TOML `text`.

    Raises KeyError for an undeclared property and TypeError for a key that no declaration has.
    """
    document = tomllib.loads(text)
    declared = document["property"]
    return {name: _event_type(name, event, declared) for name, event in document["event"].items()}


def _event_type(name: str, event: Mapping[str, Any], declared: Mapping[str, Any]) -> EventType:
    rest = {key: value for key, value in event.items() if key not in {"required", "optional"}}
    required = _properties(event["required"], declared, required=True)
    optional = _properties(event.get("optional", ()), declared, required=False)
    return EventType(name=name, properties=(*required, *optional), **rest)


def _properties(names: Iterable[str], declared: Mapping[str, Any], *, required: bool) -> Iterable[Property]:
    for name in names:
        kind = declared[name]["type"]
        defaults: dict[str, Any] = {"max": _LARGEST[kind]} if kind in _LARGEST else {}
        if kind == "money":
            defaults["unit"] = "øre"
        given = declared[name] | {"values": tuple(declared[name].get("values", ()))}
        yield Property(name=name, required=required, **(defaults | given))
