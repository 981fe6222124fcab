"""Calls to e-conomic's REST API. Amounts on the wire are kroner; here they are øre, made with Decimal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from urllib.parse import quote

from flow.collect.integrations.errors import CallRefused, ProviderAway
from flow.collect.integrations.sentences import ANSWERED, ANSWERED_WITH
from flow.collect.integrations.types import Answer, Call, Caller

__all__ = ["RefusedByAgreement", "create", "find", "found", "get", "ore", "pages", "path_id", "searched"]

_SUBSTITUTES: Final = "<>*%:&/\\_ ?.#+"
_SPECIAL: Final = "$()*,[]"
_PAGE: Final = 1_000
_MAY_PASS: Final = frozenset({401, 403, 408, 425, 429})


class RefusedByAgreement(CallRefused):
    """e-conomic does not take it."""

    code = "refused_by_agreement"


def path_id(number: object) -> str:
    """An id within an address: special characters have substitutes there, `FLOW_PIZZA` is `FLOW_8_PIZZA`."""
    substituted = (f"_{_SUBSTITUTES.index(each)}_" if each in _SUBSTITUTES else each for each in str(number))
    return quote("".join(substituted), safe="")


def searched(field: str, operator: str, value: str) -> str:
    """One term of a filter, its value escaped; the client encodes the whole for the address."""
    return f"{field}${operator}:" + "".join(f"${each}" if each in _SPECIAL else each for each in value)


def ore(kroner: object) -> int:
    """Øre of an amount in an answer, where JSON numbers have become floats: their shortest text is what was sent."""
    exact = Decimal(str(kroner)) * 100
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


async def get(caller: Caller, collection: str, number: object) -> dict[str, Any] | None:
    """One thing by its number; None for one that is not there."""
    answer = await caller(
        Call(method="GET", path=f"{collection}/{path_id(number)}", name=f"{collection}/{{number}}", repeatable=True)
    )
    return None if answer.status == 404 else found(answer)


async def find(caller: Caller, collection: str, term: str) -> dict[str, Any] | None:
    """The first thing that a filter finds."""
    query = {"filter": term, "pagesize": "1"}
    answer = await caller(Call(method="GET", path=collection, name=collection, query=query, repeatable=True))
    items = found(answer).get("collection") or []
    return items[0] if items else None


async def pages(caller: Caller, collection: str, term: str) -> AsyncIterator[dict[str, Any]]:
    """Everything that a filter finds, page by page."""
    page = 0
    while True:
        query = {"filter": term, "pagesize": str(_PAGE), "skippages": str(page)}
        answer = await caller(Call(method="GET", path=collection, name=collection, query=query, repeatable=True))
        body = found(answer)
        for item in body.get("collection") or []:
            yield item
        if not (body.get("pagination") or {}).get("nextPage"):
            return
        page += 1


async def create(caller: Caller, collection: str, body: Mapping[str, object]) -> dict[str, Any]:
    """Makes something new; never repeated by itself, for the API knows no idempotency keys that one can rely on."""
    return found(await caller(Call(method="POST", path=collection, name=collection, json=dict(body))))


def found(answer: Answer) -> dict[str, Any]:
    """The body of an answer that went well; RefusedByAgreement tells the codes of one that did not."""
    if answer.is_success and isinstance(answer.body, dict):
        return answer.body
    if answer.status >= 500 or answer.status in _MAY_PASS:
        raise ProviderAway(ANSWERED % {"system": "e-conomic", "status": answer.status})
    codes = sorted(set(_codes(answer.body)))
    facts = {"system": "e-conomic", "status": answer.status, "codes": ", ".join(codes)[:250]}
    raise RefusedByAgreement((ANSWERED_WITH if codes else ANSWERED) % facts)


def _codes(body: object, at: str = "") -> list[str]:
    """Error codes with the field they are about. Values are left out: they may name people."""
    if isinstance(body, list):
        return [code for each in body for code in _codes(each, at)]
    if not isinstance(body, dict):
        return []
    own = [f"{body['errorCode']} {at}".strip()] if isinstance(body.get("errorCode"), str) else []
    inner = ((name, value) for name, value in body.items() if isinstance(value, dict | list))
    return own + [code for name, value in inner for code in _codes(value, at if name == "errors" else name)]
