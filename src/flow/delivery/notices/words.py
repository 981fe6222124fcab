"""A notification in the reader's language: its English words are looked up, and its facts put in."""

from __future__ import annotations

from collections.abc import Mapping

from flow.collect.integrations.sentences import retold
from flow.delivery.notices.types import Notice, ToldNotice
from flow.kit.money import Money, is_currency
from flow.kit.period import Period
from flow.web.i18n import Translator

__all__ = ["told"]


def told(notice: Notice, words: Translator) -> ToldNotice:
    """What the notification says; words of another system, which nobody translates, are shown as they are."""
    facts = {name: _written(fact, words) for name, fact in notice.facts.items()}
    return ToldNotice(notice, _said(notice.title, facts, words), _said(notice.body, facts, words))


def _said(text: str, facts: Mapping[str, object], words: Translator) -> str:
    if not text:
        return ""
    if not facts:
        return retold(text, words)
    found = words.texts.gettext(text)
    try:
        return found % facts
    except (KeyError, TypeError, ValueError):  # a per cent sign in the words of another system
        return found


def _written(fact: object, words: Translator) -> object:
    """Money and days as the reader writes them; numbers and names as they are."""
    match fact:
        case {"amount": int(amount), "currency": str(currency)} if is_currency(currency):
            return words.money(Money(amount, currency))
        case {"day": str(day)}:
            return words.date(Period.parse(day).first)
        case _:
            return fact
