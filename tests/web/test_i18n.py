"""Languages: whose wish wins, what the words become, and what templates may use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined

from flow.kit.money import Money
from flow.web.i18n import LANGUAGES, N_, install, negotiate, translator_for


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "da"),
        ("", "da"),
        ("de-DE,de;q=0.9", "da"),
        ("sv", "sv"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("de, EN-us;q=0.7", "en"),
        ("en;q=0.5, sv;q=0.7, da;q=0.6", "sv"),
        ("en;q=0, sv;q=0.1", "sv"),
        ("*", "da"),
        ("en ; q=0.3 , sv ; q=0.4", "sv"),
        ("en;q=nan, sv;q=9", "da"),
        (",,;q=1,en", "en"),
    ],
)
def test_the_browsers_first_wish_that_flow_speaks_wins_and_else_danish(header, expected):
    assert expected == negotiate(header)


def test_a_choice_wins_over_the_browser_and_the_address_over_the_cookie():
    assert "sv" == negotiate("en", cookie="sv")
    assert "en" == negotiate("da", cookie="sv", parameter="en")


@pytest.mark.parametrize("nonsense", ["", "xx", "../../etc", "DA"])
def test_a_choice_that_is_no_language_is_passed_over(nonsense):
    assert "en" == negotiate("en", cookie=nonsense, parameter=nonsense)


@given(st.text(max_size=200), st.text(max_size=5), st.text(max_size=5))
def test_any_wish_leads_to_a_language(header, cookie, parameter):
    assert negotiate(header, cookie=cookie, parameter=parameter) in LANGUAGES


def test_words_are_translated_with_their_variables():
    assert "uge 47" == translator_for("da").gettext("week %(number)d", number=47)
    assert "vecka 47" == translator_for("sv").gettext("week %(number)d", number=47)
    assert "week 47" == translator_for("en").gettext("week %(number)d", number=47)


def test_a_literal_per_cent_sign_is_written_twice():
    assert "5 % off" == translator_for("en").gettext("5 %% off")


def test_the_number_chooses_the_plural():
    english = translator_for("en")
    assert "1 cat" == english.ngettext("%(num)d cat", "%(num)d cats", 1)
    assert "0 cats" == english.ngettext("%(num)d cat", "%(num)d cats", 0)


def test_a_context_tells_two_meanings_of_a_word_apart():
    assert "Open" == translator_for("en").pgettext("restaurant", "Open")


def test_an_empty_text_stays_empty():
    assert "" == translator_for("da").gettext("")


def test_marking_a_text_leaves_it_as_it_is():
    assert "week %(number)d" == N_("week %(number)d")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ _('week %(number)d', number=47) }}", "uge 47"),
        ("{% trans number=47 %}week {{ number }}{% endtrans %}", "week 47"),
        ("{{ ngettext('%(num)d cat', '%(num)d cats', 3) }}", "3 cats"),
        ("{{ pgettext('restaurant', 'Open') }}", "Open"),
        ("{{ total|money }}", "1.234,50\u00a0kr."),
        ("{{ 99|money('EUR') }}", "0,99\u00a0€"),
        ("{{ 1234567|money(compact=true) }}", "12.346\u00a0kr."),
        ("{{ 0.5|percent(digits=0) }} {{ nothing|integer }}", "50\u00a0% –"),
        ("{% from 'm' import label with context %}{{ label(47) }}", "uge 47"),
        ("{{ _('<b>%(name)s</b>', name='<i>') }}", "<b>&lt;i&gt;</b>"),
    ],
)
def test_templates_have_words_and_formats(template, expected):
    assert expected == render(template, translator=translator_for("da"))


def test_one_environment_serves_every_language():
    template = "{{ _('week %(number)d', number=1) }}"
    rendered = [render(template, translator=translator_for(language)) for language in LANGUAGES]
    assert ["uge 1", "vecka 1", "week 1"] == rendered


def test_rendering_without_a_translator_says_what_is_missing():
    with pytest.raises(RuntimeError, match="translator="):
        render("{{ _('just now') }}")


def render(source: str, **context: object) -> str:
    macros = "{% macro label(number) %}{{ _('week %(number)d', number=number) }}{% endmacro %}"
    environment = Environment(
        loader=DictLoader({"page": source, "m": macros}), autoescape=True, undefined=StrictUndefined
    )
    install(environment)
    return environment.get_template("page").render(total=Money(123450), nothing=None, **context)
