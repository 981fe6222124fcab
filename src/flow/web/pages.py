"""Pages: the templates of all modules, and `render`, which gives every one of them what a page needs.

A template of any module extends `app.html` (behind the log-in; needs `user`) or `base.html`. It finds `page`, `user`,
`translator` with its filters, `_` and `static('file.css')` in its context.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import jinja2
from fastapi import Request
from starlette.responses import HTMLResponse

from flow.web import charts
from flow.web.addresses import local_path
from flow.web.assets import Assets
from flow.web.i18n import LANGUAGE_NAMES, Language, Translator, install, negotiate, translator_for
from flow.web.once import hidden_field
from flow.web.services import services

LANGUAGE_COOKIE = "flow_lang"
THEME_COOKIE = "flow_theme"
Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language under its own name."""

    code: Language
    name: str


LANGUAGE_CHOICES = tuple(LanguageChoice(code, name) for code, name in LANGUAGE_NAMES.items())


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame of a page needs; `path` is where preferences lead back to."""

    title: str
    language: Language
    theme: Theme
    path: str
    languages: tuple[LanguageChoice, ...] = LANGUAGE_CHOICES


@dataclass(frozen=True, slots=True)
class PageUser:
    """The person who looks at the page."""

    name: str
    email: str


def folders(name: Literal["static", "templates"]) -> list[Path]:
    """Every folder of that name in the package; the shared one of `flow.web` comes first."""
    shared = _PACKAGE / "web" / name
    return [shared, *sorted(path for path in _PACKAGE.rglob(name) if path.is_dir() and path != shared)]


@cache
def own_assets() -> Assets:
    """The static files of all modules, read and compressed once for a whole process."""
    return Assets(folders("static"))


@cache
def own_templates() -> jinja2.Environment:
    """The templates of all modules: escaped, and strict about names that nobody gave; each is compiled once."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    install(environment)
    environment.globals.update(static=own_assets().address, geometry=charts, once=hidden_field)
    return environment


def render(request: Request, template: str, *, title: str, status: int = 200, **context: object) -> HTMLResponse:
    """A page in the reader's language. `title` is translated already: `translator(request).gettext(…)`."""
    words = translator(request)
    page = Page(title=title, language=words.language, theme=_theme(request), path=_here(request))
    text = (
        services(request)
        .templates.get_template(template)
        .render(page=page, user=page_user(request), translator=words, **context)
    )
    headers = {"content-language": words.language, "vary": "Accept-Language, Cookie"}
    return HTMLResponse(text, status_code=status, headers=headers)


def translator(request: Request) -> Translator:
    """The reader's language: `?lang=`, else the cookie, else the browser's wish, else Danish."""
    return translator_for(
        negotiate(
            request.headers.get("accept-language"),
            cookie=request.cookies.get(LANGUAGE_COOKIE),
            parameter=request.query_params.get("lang"),
        )
    )


def page_user(request: Request) -> PageUser | None:
    """Who is logged in, once the request's token was verified."""
    claims = getattr(request.state, "claims", None)
    if claims is None:
        return None
    email = str(claims.get("email") or "")
    return PageUser(name=str(claims.get("name") or "") or email.partition("@")[0] or "FLOW", email=email)


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page to show, rather than a program for data."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _theme(request: Request) -> Theme:
    wish = request.cookies.get(THEME_COOKIE)
    return next((theme for theme in THEMES if theme == wish), "system")


def _here(request: Request) -> str:
    query = request.url.query
    return local_path(request.url.path + (f"?{query}" if query else ""))
