"""What e-conomic's hooks say: that something has changed, and its number. The words are of a template that FLOW gives.

    invoice booked      number=[INVOICENO], or {"type":"invoice.booked","number":"[INVOICENO]"} as JSON
    day book booked     type=daybook&daybook=[DAYBOOKNO]
    customer updated    type=customer&old=[OLDNUMBER]&new=[NEWNUMBER]
    product updated     type=product&old=[OLDNUMBER]&new=[NEWNUMBER]

Nobody signs them, so a hook is no more than a hint to look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl

from flow.collect.webhooks.errors import Unreadable

__all__ = ["Hint", "Kind", "hint"]

Kind = Literal["invoice", "daybook", "customer", "product"]

_KINDS: Final[tuple[Kind, ...]] = ("invoice", "daybook", "customer", "product")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_PRODUCT_NUMBER: Final = re.compile(r"[^\x00-\x1f]{1,25}")


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in the agreement that has changed."""

    kind: Kind
    number: str


def hint(body: bytes) -> Hint:
    """What is to be looked at; Unreadable for what no template of ours makes."""
    fields = _fields(body)
    kind = fields.get("type", "").split(".")[0] or ("customer" if "new" in fields or "old" in fields else "invoice")
    if kind not in _KINDS:
        raise Unreadable
    # One of them is empty when something is created or deleted.
    number = next((fields[name] for name in ("number", "daybook", "new", "old") if fields.get(name)), "")
    if not (_PRODUCT_NUMBER if kind == "product" else _NUMBER).fullmatch(number):
        raise Unreadable
    return Hint(kind, number)


def _fields(body: bytes) -> Mapping[str, str]:
    try:
        text = body.decode()
        if not text.lstrip().startswith("{"):
            return dict(parse_qsl(text.strip(), keep_blank_values=True, max_num_fields=20))
        given = json.loads(text)
    except ValueError:
        raise Unreadable from None
    return {str(name): str(value) for name, value in given.items() if isinstance(value, str | int)}
