"""How e-conomic shows things: one, or a page of many."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request

from flow.demo.providers.books import Json
from flow.demo.providers.economic.errors import Refused
from flow.demo.providers.economic.filters import matches

__all__ = ["list_of", "number_in_path", "shown"]

_MOST = 1000
_SUBSTITUTES = "<>*%:&/\\_ ?.#+"


def number_in_path(request: Request) -> str:
    """The number that a path names, with e-conomic's own substitutes for special characters (`_8_` is `_`)."""
    text, parts = str(request.path_params["number"]), []
    while text:
        head, at, tail = text.partition("_")
        index, ends, rest = tail.partition("_")
        is_substitute = bool(at and ends) and index.isdigit() and int(index) < len(_SUBSTITUTES)
        parts.append(head + (_SUBSTITUTES[int(index)] if is_substitute else at))
        text = rest if is_substitute else tail
    return "".join(parts)


def shown(value: Json) -> Json:
    """A thing without our notes, and without what is false: e-conomic leaves that out."""
    return {name: _shown(inner) for name, inner in value.items() if not name.startswith("_") and inner is not False}


def list_of(things: list[Json], request: Request, url: str) -> Json:
    """A page of a collection, filtered."""
    query = request.query_params
    size, skip = int(query.get("pagesize", 20)), int(query.get("skippages", 0))
    if not 1 <= size <= _MOST:
        raise Refused(400, "pagesize must be 1 to 1000.", code="E00210")
    given = query.get("filter")
    found = [thing for thing in things if not given or matches(thing, given)]
    last = max(0, -(-len(found) // size) - 1)

    def page(number: int) -> str:
        return f"{url}?{urlencode({'pagesize': size, 'skippages': number, **({'filter': given} if given else {})})}"

    pagination = {
        "maxPageSizeAllowed": _MOST,
        "skipPages": skip,
        "pageSize": size,
        "results": len(found),
        "resultsWithoutFilter": len(things),
        "firstPage": page(0),
        "lastPage": page(last),
    }
    if skip < last:
        pagination["nextPage"] = page(skip + 1)
    return {
        "collection": found[skip * size : (skip + 1) * size],
        "pagination": pagination,
        "metaData": {},
        "self": page(skip),
    }


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return shown(value)
    if isinstance(value, list):
        return [_shown(each) for each in value]
    return value
