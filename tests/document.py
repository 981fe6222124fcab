"""What the API's own document says of a route, for tests that make requests out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flow.app import Application
from tests.routes import RouteOf

_EXAMPLES: dict[str, object] = {
    "integer": 1,
    "number": 1,
    "boolean": True,
    "uuid": "01930000-0000-7000-8000-000000000000",
    "date-time": "2026-11-21T12:00:00Z",
}


class ApiDocument:
    """The OpenAPI document of an application."""

    def __init__(self, app: Application) -> None:
        self._document = app.openapi()

    def parameters(self, route: RouteOf) -> list[str]:
        """The names in the query."""
        return [each["name"] for each in self._operation(route).get("parameters", []) if each["in"] == "query"]

    def takes_json(self, route: RouteOf) -> bool:
        """Whether a JSON body is documented."""
        return "application/json" in self._operation(route).get("requestBody", {}).get("content", {})

    def fields(self, route: RouteOf) -> list[str]:
        """The names in the body."""
        return list(self._body(route).get("properties", {}))

    def plausible(self, route: RouteOf, known: Mapping[str, object]) -> dict[str, object]:
        """A body whose required fields have the right types; `known` are values that mean something here."""
        return self._required(self._body(route), known)

    def _required(self, schema: dict[str, Any], known: Mapping[str, object]) -> dict[str, object]:
        names = schema.get("required", [])
        return {name: known.get(name, self._example(schema["properties"][name], known)) for name in names}

    def _example(self, schema: dict[str, Any], known: Mapping[str, object]) -> object:
        match self._resolved(schema):
            case {"enum": [first, *_]}:
                return first
            case {"anyOf": [first, *_]}:
                return self._example(first, known)
            case {"type": "object", **rest}:
                return self._required(rest, known)
            case {"type": "array", "items": items}:
                return [self._example(items, known)]
            case {"format": str(form)} if form in _EXAMPLES:
                return _EXAMPLES[form]
            case other:
                kind = other.get("type", "string")
                return "x" * other.get("minLength", 1) if kind == "string" else _EXAMPLES[kind]

    def _operation(self, route: RouteOf) -> dict[str, Any]:
        found = self._document["paths"].get(route.path, {}).get(route.method.lower(), {})
        assert isinstance(found, dict)
        return found

    def _body(self, route: RouteOf) -> dict[str, Any]:
        content = self._operation(route).get("requestBody", {}).get("content", {})
        return self._resolved(content.get("application/json", {}).get("schema", {}))

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        found = self._document["components"]["schemas"][name] if name else schema
        assert isinstance(found, dict)
        return found
