"""Sentences about other systems that name a fact, such as the number that an answer had.

They are kept whole and in English, in the database and in answers of the API; a page finds out which sentence it has,
takes the facts out, and tells both in the reader's language.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from flow.kit.money import Money, is_currency
from flow.web.i18n import N_, Translator

__all__ = [
    "ANSWERED",
    "ANSWERED_WITH",
    "FAILED",
    "NOT_SUCCEEDED",
    "NO_ADDRESS",
    "NO_CUSTOMER",
    "NO_PRODUCT",
    "NO_USE",
    "OTHER_AMOUNT",
    "OTHER_TERMS",
    "REFUSES",
    "UNREADABLE_ORDER",
    "amount_text",
    "retold",
]

ANSWERED: Final = N_("%(system)s answered %(status)s.")
ANSWERED_WITH: Final = N_("%(system)s answered %(status)s: %(codes)s.")
REFUSES: Final = N_("%(system)s refuses: %(why)s")
NO_ADDRESS: Final = N_("%(system)s does not take the address for webhooks: %(why)s.")
NO_CUSTOMER: Final = N_("There is no customer %(number)s in the agreement.")
NO_PRODUCT: Final = N_("There is no product %(number)s in the agreement.")
NO_USE: Final = N_("FLOW has no use for notices of the kind %(kind)s.")
NOT_SUCCEEDED: Final = N_("%(step)s did not succeed.")
UNREADABLE_ORDER: Final = N_("Wolt's order cannot be read: %(why)s")
OTHER_TERMS: Final = N_("The provider says %(theirs)s, the order %(ours)s.")
OTHER_AMOUNT: Final = N_("%(theirs)s instead of %(ours)s")
FAILED: Final = N_("failed: %(error)s")

_ALL: Final = (
    *(ANSWERED, ANSWERED_WITH, REFUSES, NO_ADDRESS, NO_CUSTOMER, NO_PRODUCT),
    *(NO_USE, NOT_SUCCEEDED, UNREADABLE_ORDER, OTHER_TERMS, OTHER_AMOUNT, FAILED),
)
_AMOUNT: Final = r"-?\d+\.\d\d [A-Z]{3}"
_FORMS: Final = {"system": r"[\w-]+(?: [\w-]+)?", "status": r"\d{3}", "step": r"\w+", "error": r"\w+"} | dict.fromkeys(
    ("ours", "theirs"), _AMOUNT
)
"""How a fact is written, where not every text will do: words of the other system are not to be taken for a sentence."""


def amount_text(amount: int, currency: str) -> str:
    """An amount within a sentence: 120.00 DKK for 12000 øre."""
    return f"{Decimal(amount).scaleb(-2):.2f} {currency}"


def retold(text: str, words: Translator) -> str:
    """The sentence in the reader's language. What is none of FLOW's is another system's, and stays as it is."""
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            facts = {name: _written(fact, words) for name, fact in found.groupdict().items()}
            return words.gettext(sentence, **facts)
    return words.texts.gettext(text) if text else ""


def _written(fact: str, words: Translator) -> str:
    number, _, currency = fact.partition(" ")
    if re.fullmatch(_AMOUNT, fact) and is_currency(currency):
        return words.money(Money.parse(number, currency))
    return fact


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", sentence)
    forms = (f"(?P<{name}>{_FORMS.get(name, '.+')})" for name in parts[1::2])
    return re.compile("".join(map("".join, zip(map(re.escape, parts[::2]), (*forms, ""), strict=True))), re.DOTALL)


_PATTERNS: Final = tuple((sentence, _pattern(sentence)) for sentence in _ALL)
