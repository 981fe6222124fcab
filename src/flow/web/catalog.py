"""The translators' files: `python -m flow.web.catalog update` and `… check`.

`update` collects every text marked for translation in the code and the templates into the
.po files, where the new ones wait with an empty msgstr. A text that is no longer used is kept
as a comment, so that it is there when it comes back; `update --tidy` drops those.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from flow.web.i18n import LANGUAGES, Language, catalog_path

__all__ = ["TRANSLATED", "extract", "problems", "read", "update"]

TRANSLATED: tuple[Language, ...] = tuple(language for language in LANGUAGES if language != "en")

_SOURCE = Path(__file__).parents[1]
_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS = {"**.html": {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}}
# `%(number)d` in Python and templates, `{number}` in texts that a script fills in.
_VARIABLE = re.compile(r"%\(\w+\)[-0-9.+]*[a-z]|\{\w+\}")
# The dates and names that tools write into a header would make every diff longer.
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

cli = typer.Typer(help=__doc__, no_args_is_help=True)


@cli.command("update")
def update(*, tidy: Annotated[bool, typer.Option("--tidy", help="Drop texts no longer used.")] = False) -> None:
    """Bring the texts of code and templates into the .po files."""
    template = extract()
    for language in TRANSLATED:
        catalog = read(language)
        for unused in list(catalog.obsolete.values()):
            catalog[unused.id] = unused
        catalog.obsolete.clear()
        catalog.update(template, no_fuzzy_matching=True)
        _write(catalog, language, tidy=tidy)
        typer.echo(f"{language}: {len(catalog)} texts, {len(problems(language, template))} to translate or mend")


@cli.command("check")
def check() -> None:
    """List what is missing or wrong in the .po files; exit with 1 if there is anything."""
    found = [f"{language}: {problem}" for language in TRANSLATED for problem in problems(language, extract())]
    typer.echo("\n".join(found) or "every text is translated")
    raise typer.Exit(code=1 if found else 0)


def extract() -> Catalog:
    """Every text that code and templates mark for translation."""
    template = Catalog(charset="utf-8")
    for file, line, message, _, context in extract_from_dir(_SOURCE, _METHODS, _OPTIONS):
        template.add(message, locations=[(file, line)], context=context)
    return template


def read(language: Language) -> Catalog:
    """The translations into `language` as they are on disk."""
    with catalog_path(language).open("rb") as file:
        return read_po(file, locale=language)


def problems(language: Language, template: Catalog) -> list[str]:
    """What readers of `language` would stumble over: texts of `template` that have no
    translation (an unsure one, marked fuzzy, does not count) or whose variables got lost."""
    catalog = read(language)
    return [
        f"{problem}: {_singular(wanted)!r} ({', '.join(sorted({file for file, _ in wanted.locations}))})"
        for wanted in template
        if wanted.id
        for problem in _problems_of(wanted, catalog)
    ]


def _problems_of(wanted: Message, catalog: Catalog) -> Iterator[str]:
    message = catalog.get(wanted.id, wanted.context)
    if message is None or message.fuzzy or not all(_strings(message)):
        yield "no translation"
        return
    given, used = _variables(_ids(wanted)), _variables(_strings(message))
    if unknown := set().union(*used).difference(*given):
        yield f"unknown variables {sorted(unknown)}"
    # A singular may leave out its number ("one order"); the plural may leave out nothing.
    if lost := given[-1] - used[-1]:
        yield f"lost variables {sorted(lost)}"
    broken = [text for text in (*_ids(wanted), *_strings(message)) if not _is_format(text)]
    yield from (f"a literal per cent sign is written %%: {text!r}" for text in broken)


def _variables(texts: tuple[str, ...]) -> list[set[str]]:
    """For each text its variables, with their conversion."""
    return [{match[0] for match in _VARIABLE.finditer(text)} for text in texts]


def _is_format(text: str) -> bool:
    try:
        return bool(text % defaultdict(int))
    except (TypeError, ValueError):
        return False


def _write(catalog: Catalog, language: Language, *, tidy: bool) -> None:
    path = catalog_path(language)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(_HEADER.format(language=language).encode())
        write_po(file, catalog, width=100, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=tidy)
    fresh.replace(path)


def _singular(message: Message) -> str:
    return _ids(message)[0]


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


if __name__ == "__main__":
    cli()
