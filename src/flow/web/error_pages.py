"""Error pages for browsers: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import HTMLResponse

from flow.web.i18n import N_
from flow.web.pages import render, translator


@dataclass(frozen=True, slots=True)
class Words:
    """English, to be translated where they are shown."""

    happened: str
    kept: str
    do: str


_WORDS = {
    401: Words(N_("You are not logged in"), N_("Nothing was changed."), N_("Log in, then try again.")),
    403: Words(
        N_("You may not see or do this"),
        N_("Nothing was changed."),
        N_("Ask an administrator of the restaurant to give you a role that allows it."),
    ),
    404: Words(
        N_("There is no such page"),
        N_("Nothing was lost: it has moved, or you may not see it."),
        N_("Check the address, or begin at the front page."),
    ),
    429: Words(N_("Too many attempts"), N_("Nothing was changed."), N_("Wait a while, then try again: waiting helps.")),
    500: Words(
        N_("Something went wrong on our side"),
        N_("What you did last was not saved; everything before it was."),
        N_("Try again. If it happens again, tell us the number below."),
    ),
    503: Words(
        N_("FLOW cannot answer right now"),
        N_("What was saved before is safe; what you did last was not saved."),
        N_("Try again in a moment."),
    ),
}
_OTHER = Words(
    N_("This request cannot be answered"), N_("Nothing was changed."), N_("Go back and check what you entered.")
)


def error_page(
    request: Request, status: int, *, message: str, request_id: str | None, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The page for an error with this HTTP status. `message` is the error's own, in English."""
    words = _WORDS.get(status, _WORDS[503] if status > 500 else _OTHER)
    page = render(
        request,
        "error.html",
        title=translator(request).gettext(words.happened),
        status=status,
        words=words,
        message=message,
        request_id=request_id,
    )
    page.headers.update(headers or {})
    return page
