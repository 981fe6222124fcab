"""The .po files: complete, well formed and written so that a diff shows only what changed."""

import re

import pytest
from babel.messages.catalog import Catalog
from typer.testing import CliRunner

from flow.web import catalog
from flow.web.catalog import TRANSLATED, cli, extract, problems, read


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """The .po files of a small source tree of our own, away from the real ones."""
    monkeypatch.setattr(catalog, "_SOURCE", tmp_path)
    monkeypatch.setattr(catalog, "catalog_path", lambda language: tmp_path / f"{language}.po")
    (tmp_path / "page.html").write_text(
        "{{ _('Orders') }}{% trans n=2 %}{{ n }} cat{% pluralize %}{{ n }} cats{% endtrans %}"
    )
    (tmp_path / "words.py").write_text('name = N_("Revenue")\nopen_ = pgettext("restaurant", "Open")\n')
    for language in TRANSLATED:
        (tmp_path / f"{language}.po").write_text(catalog._HEADER.format(language=language))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def translate(path, message, translation):
    text = path.read_text()
    assert f'msgid "{message}"\nmsgstr ""' in text
    path.write_text(text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"'))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_code_and_templates_is_translated(language):
    missing = problems(language, extract())
    assert [] == missing, "\n".join(["run `python -m flow.web.catalog update` and fill in:", *missing])


def test_a_bare_per_cent_sign_in_the_english_text_is_a_problem(copies):
    (copies / "da.po").write_text(catalog._HEADER.format(language="da") + 'msgid "in %"\nmsgstr "i %%"')
    template = Catalog()
    template.add("in %", locations=[("page.html", 1)])
    assert ["a literal per cent sign is written %%: 'in %': 'in %' (page.html)"] == problems("da", template)


def test_a_variable_that_a_script_fills_in_must_not_get_lost(copies):
    (copies / "da.po").write_text(catalog._HEADER.format(language="da") + 'msgid "order {number}"\nmsgstr "ordre"')
    template = Catalog()
    template.add("order {number}", locations=[("page.html", 1)])
    assert ["lost variables ['{number}']: 'order {number}' (page.html)"] == problems("da", template)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_real_files_hold_no_fuzzy_entries_dates_or_line_numbers(language):
    text = catalog.catalog_path(language).read_text()
    assert None is re.search(r"^#:|, fuzzy|POT-Creation-Date|X-Generator", text, re.MULTILINE)
    assert language == str(read(language).locale)


def test_texts_are_found_in_code_and_in_templates():
    found = {message.id for message in extract() if isinstance(message.id, str)}
    assert {"just now", "Skip to content"} <= found


def test_update_brings_new_texts_of_every_kind_in_sorted_order(copies):
    run("update")
    written = (copies / "da.po").read_text()
    names = re.findall(r'^msgid "(.+)"', written, re.MULTILINE)
    assert ["%(n)s cat", "Open", "Orders", "Revenue"] == names
    assert 'msgctxt "restaurant"' in written


def test_update_twice_changes_nothing(copies):
    run("update")
    first = (copies / "sv.po").read_bytes()
    run("update")
    assert first == (copies / "sv.po").read_bytes()


def test_update_keeps_translations_and_check_is_content_when_all_are_there(copies):
    (copies / "page.html").write_text("{{ _('Orders') }}")
    (copies / "words.py").write_text("")
    run("update")
    assert 1 == run("check").exit_code
    for language, word in (("da", "Ordrer"), ("sv", "Beställningar")):
        translate(copies / f"{language}.po", "Orders", word)
    run("update")
    assert (0, "every text is translated\n") == (run("check").exit_code, run("check").output)


def test_a_text_that_comes_back_finds_its_translation_until_tidied_away(copies):
    page = copies / "page.html"
    page.write_text("{{ _('Orders') }}")
    run("update")
    translate(copies / "da.po", "Orders", "Ordrer")
    page.write_text("")
    run("update")
    assert '#~ msgstr "Ordrer"' in (copies / "da.po").read_text()
    page.write_text("{{ _('Orders') }}")
    run("update")
    assert '\nmsgstr "Ordrer"' in (copies / "da.po").read_text()
    page.write_text("")
    run("update", "--tidy")
    assert "Ordrer" not in (copies / "da.po").read_text()


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("", "no translation"),
        ('msgid "%(n)d %% of all"\nmsgstr ""', "no translation"),
        ('#, fuzzy\nmsgid "%(n)d %% of all"\nmsgstr "%(n)d %% af alle"', "no translation"),
        ('#, python-format\nmsgid "%(n)d %% of all"\nmsgstr "%% af alle"', "lost variables ['%(n)d']"),
        ('#, python-format\nmsgid "%(n)d %% of all"\nmsgstr "%(m)d %(n)d"', "unknown variables ['%(m)d']"),
        ('#, python-format\nmsgid "%(n)d %% of all"\nmsgstr "%(n)s"', "lost"),
        ('msgid "%(n)d %% of all"\nmsgstr "%(n)d % "', "per cent sign"),
    ],
)
def test_a_missing_unsure_or_broken_translation_is_a_problem(copies, entry, complaint):
    (copies / "da.po").write_text(catalog._HEADER.format(language="da") + entry)
    template = Catalog()
    template.add("%(n)d %% of all", locations=[("page.html", 1)])
    found = problems("da", template)
    assert any(complaint in problem for problem in found)
    assert all("page.html" in problem for problem in found)


def test_a_good_translation_is_no_problem(copies):
    entry = '#, python-format\nmsgid "%(n)d %% of all"\nmsgstr "%(n)d %% af alle"'
    (copies / "da.po").write_text(catalog._HEADER.format(language="da") + entry)
    template = Catalog()
    template.add("%(n)d %% of all", locations=[("page.html", 1)])
    assert [] == problems("da", template)


def test_a_template_that_does_not_parse_stops_the_update(copies):
    (copies / "page.html").write_text("{% if %}")
    with pytest.raises(Exception, match="Expected an expression"):
        run("update")
