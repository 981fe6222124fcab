"""Languages: which one a reader gets, the words in it, and both within templates.

Message ids are the English texts. Variables are written `%(name)s`, and a literal per cent
sign `%%`, in Python and in templates alike:

    translator.gettext("%(count)d orders", count=3)
    {{ _("Hello %(name)s", name=user.name) }}   {{ order.total|money }}   {{ ratio|percent }}

Where a text is written before its reader is known, mark it with `N_` and translate it later.
New texts reach the translators through `python -m flow.web.catalog update`.
"""

import re
from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeGuard, get_args

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from flow.web.formats import Formats

__all__ = [
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "N_",
    "Language",
    "Translator",
    "catalog_path",
    "install",
    "negotiate",
    "translator_for",
]

Language = Literal["da", "sv", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_NAMES: dict[Language, str] = {"da": "Dansk", "sv": "Svenska", "en": "English"}

# British English: its dates and weeks are laid out as the rest of Europe's.
_LOCALES: dict[Language, str] = {"da": "da_DK", "sv": "sv_SE", "en": "en_GB"}
_FILTERS = (
    *("money", "integer", "decimal", "percent", "change"),
    *("date", "period", "week", "weekday", "month", "time", "datetime", "duration", "milliseconds", "ago"),
)
_WISH = re.compile(r"\s*([a-z]{2,3})(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)


def negotiate(accept_language: str | None, *, cookie: str | None = None, parameter: str | None = None) -> Language:
    """The reader's language: what they chose (`?lang=` before the cookie), else the browser's
    first wish (RFC 9110, 12.5.4) that FLOW speaks, else Danish."""
    wishes = (parameter, cookie, *_wishes(accept_language or ""))
    return next((wish for wish in wishes if _is_language(wish)), "da")


@cache
def translator_for(language: Language) -> "Translator":
    """The translator of `language`; reads its .po file at the first call."""
    return Translator(language)


class Translator(Formats):
    """Texts and formats of one language; immutable, so shared by all requests."""

    def __init__(self, language: Language) -> None:
        super().__init__(Locale.parse(_LOCALES[language]))
        self.language = language
        self.texts = _read(language)

    def gettext(self, message: str, /, **variables: object) -> str:
        """`message` in this language, with `variables` put in."""
        return self.texts.gettext(message) % variables if message else ""

    def ngettext(self, singular: str, plural: str, n: int, /, **variables: object) -> str:
        """The form of `singular`/`plural` that goes with `n`; `%(num)d` stands for `n`."""
        return self.texts.ngettext(singular, plural, n) % {"num": n, **variables}

    def pgettext(self, context: str, message: str, /, **variables: object) -> str:
        """`message` where one English word has several meanings and `context` says which."""
        return self.texts.pgettext(context, message) % variables


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark `message` for translation and return it as it is."""
    return message


def install(environment: Environment) -> None:
    """Give templates `_`, `ngettext`, `pgettext`, `{% trans %}` and a filter per format.

    All of them read `translator` from the template's context, so render with it and import
    macros `with context`. Translations are trusted HTML; variables in them are escaped.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        _text("gettext"), _text("ngettext"), newstyle=True, pgettext=_text("pgettext")
    )
    environment.filters.update({name: _filter(name) for name in _FILTERS})


def catalog_path(language: Language) -> Path:
    """Where the translations into `language` are kept; English needs none."""
    return Path(__file__).parents[1] / "locales" / language / "LC_MESSAGES" / "flow.po"


def _text(name: str) -> Callable[..., str]:
    """The catalogue's own function: Jinja puts the variables in itself, escaped."""

    @pass_context
    def text(context: Context, *args: Any) -> str:
        return str(getattr(_translator(context).texts, name)(*args))

    return text


def _filter(name: str) -> Callable[..., str]:
    @pass_context
    def apply(context: Context, *args: Any, **options: Any) -> str:
        return str(getattr(_translator(context), name)(*args, **options))

    return apply


def _translator(context: Context) -> Translator:
    translator = context.get("translator")
    if not isinstance(translator, Translator):
        raise RuntimeError(f"{context.name}: render with translator=..., and import macros 'with context'")
    return translator


def _wishes(header: str) -> list[str]:
    """The primary language tags of an Accept-Language header, the most wanted first."""
    found = (_WISH.fullmatch(part) for part in header[:1000].split(","))
    weighed = [(float(wish[2] or 1), wish[1].lower()) for wish in found if wish]
    return [tag for weight, tag in sorted(weighed, key=lambda wish: -wish[0]) if weight > 0]


def _is_language(code: str | None) -> TypeGuard[Language]:
    return code in LANGUAGES


def _read(language: Language) -> NullTranslations:
    """The .po file compiled in memory; what is fuzzy or missing stays English."""
    if language == "en":
        return NullTranslations()
    with catalog_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)
