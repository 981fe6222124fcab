"""Language and appearance, kept in two cookies that hold nothing personal."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel
from starlette.responses import RedirectResponse

from flow.web.addresses import local_path, require_same_origin
from flow.web.i18n import Language
from flow.web.pages import LANGUAGE_COOKIE, THEME_COOKIE
from flow.web.services import services

router = APIRouter()
_A_YEAR = 365 * 24 * 3600


class Preferences(BaseModel):
    """What the form of every page's menu sends."""

    language: Language | None = None
    theme: Literal["system", "light", "dark"] | None = None
    next: str = "/"


@router.post("/preferences", include_in_schema=False, dependencies=[Depends(require_same_origin)])
async def choose(request: Request, wish: Annotated[Preferences, Form()]) -> Response:
    """Remembers the choice and goes back to the page."""
    answer = RedirectResponse(local_path(wish.next), status_code=303)
    for cookie, value in ((LANGUAGE_COOKIE, wish.language), (THEME_COOKIE, wish.theme)):
        if value:
            secure = services(request).settings.is_https
            answer.set_cookie(cookie, value, max_age=_A_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer
