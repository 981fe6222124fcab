"""A sentence with a fact is told in the reader's language; words of another system are left alone."""

from __future__ import annotations

import pytest

from flow.collect.integrations import sentences
from flow.collect.integrations.sentences import amount_text, retold
from flow.web.i18n import translator_for

DA, SV, EN = (translator_for(language) for language in ("da", "sv", "en"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "facts", "danish"),
    [
        (sentences.ANSWERED, {"system": "Vipps MobilePay", "status": 404}, "Vipps MobilePay svarede 404."),
        (
            sentences.ANSWERED_WITH,
            {"system": "e-conomic", "status": 400, "codes": "E04740 unitNetPrice, E06000 currency"},
            "e-conomic svarede 400: E04740 unitNetPrice, E06000 currency.",
        ),
        (sentences.REFUSES, {"system": "Stripe", "why": "card_declined"}, "Stripe afviser: card_declined"),
        (
            sentences.NO_ADDRESS,
            {"system": "Wolt", "why": "INVALID_URL"},
            "Wolt tager ikke imod adressen til webhooks: INVALID_URL.",
        ),
        (sentences.NO_CUSTOMER, {"number": 17}, "Der er ingen kunde 17 i aftalen."),
        (sentences.FAILED, {"error": "TimeoutError"}, "mislykkedes: TimeoutError"),
        (
            sentences.OTHER_AMOUNT,
            {"theirs": amount_text(-123_450, "DKK"), "ours": amount_text(5, "DKK")},
            f"{DA.money(sentences.Money(-123_450, 'DKK'))} i stedet for {DA.money(sentences.Money(5, 'DKK'))}",
        ),
    ],
)
def test_a_sentence_is_found_with_its_facts(sentence: str, facts: dict[str, object], danish: str) -> None:
    assert danish == retold(sentence % facts, DA)
    assert retold(sentence % facts, SV) not in ("", danish, sentence % facts)


def test_amounts_are_written_as_the_reader_writes_them() -> None:
    said = sentences.OTHER_TERMS % {"theirs": amount_text(12_000, "EUR"), "ours": amount_text(12_000, "DKK")}

    assert "The provider says 120.00 EUR, the order 120.00 DKK." == said
    assert "120,00" in retold(said, DA)
    assert "DKK" not in retold(said, DA)


def test_a_sentence_without_facts_is_looked_up() -> None:
    assert "Der er ingen sådan betaling." == retold("There is no such payment.", DA)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kunden svarede ikke.",
        "The gateway of the bank answered late.",
        "100 % of it",
        "%(name)s",
        "I would like the red one instead of the blue one",
    ],
)
def test_words_of_another_system_stay_as_they_are(text: str) -> None:
    assert text == retold(text, DA) == retold(text, EN)


def test_english_says_what_was_kept() -> None:
    text = sentences.ANSWERED % {"system": "Stripe", "status": 402}

    assert text == retold(text, EN)
