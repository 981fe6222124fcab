"""Stripe's request bodies: form-encoded, with brackets for what is nested."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from flow.demo.providers.books import Json
from flow.demo.providers.stripe.errors import StripeError, invalid

__all__ = ["amount_of", "nested", "parse", "refuse_unknown", "required"]

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_MOST_METADATA, _MOST_KEY, _MOST_VALUE = 50, 40, 500


def parse(body: bytes, content_type: str) -> Json:
    """The parameters of a request; a body in another form than form-encoded is refused."""
    if body and not content_type.startswith("application/x-www-form-urlencoded"):
        raise StripeError(400, "invalid_request_error", "The request body must be form-encoded.")
    return nested(parse_qsl(body.decode(), keep_blank_values=True))


def nested(pairs: Iterable[tuple[str, str]]) -> Json:
    """`a[b][c]=d` as {"a": {"b": {"c": "d"}}}; `a[]=b` counts the entries."""
    result: Json = {}
    for key, value in pairs:
        match = _KEY.match(key)
        if match is None:
            raise invalid(f"Invalid parameter name: {key}", param=key)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        place = result
        for step in path[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise invalid(f"Invalid parameter: {key}", param=key)
        last = path[-1] or str(len(place))
        place[last] = value
    return result


def refuse_unknown(parameters: Mapping[str, object], known: frozenset[str]) -> None:
    """Stripe refuses what it does not know, so that misspelt parameters are noticed."""
    for name in parameters.keys() - known:
        raise invalid(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
    metadata = parameters.get("metadata")
    if isinstance(metadata, dict) and (
        len(metadata) > _MOST_METADATA
        or any(len(key) > _MOST_KEY or len(str(value)) > _MOST_VALUE for key, value in metadata.items())
    ):
        raise invalid("Metadata is too large.", param="metadata")


def required(parameters: Mapping[str, object], name: str) -> str:
    """A parameter that has to be there."""
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return value


def amount_of(text: str, name: str) -> int:
    """A positive integer in the smallest unit of the currency."""
    if not re.fullmatch(r"[0-9]{1,8}", text):
        raise invalid(f"Invalid integer: {text}", param=name, code="parameter_invalid_integer")
    if int(text) < 1:
        raise invalid("This value must be greater than or equal to 1.", param=name, code="parameter_invalid_integer")
    return int(text)
