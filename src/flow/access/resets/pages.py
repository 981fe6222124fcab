"""The pages for who forgot their password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from flow.access.cookie import clear_session_cookie
from flow.access.errors import WeakPassword
from flow.access.passwords import MAX_CHARACTERS, MIN_CHARACTERS
from flow.access.people.accepting import NO_TRACES
from flow.access.resets.errors import LinkOver
from flow.access.resets.service import ask, look_at, set_password
from flow.errors import FlowError, TooManyRequests
from flow.web.addresses import address_of, require_same_origin
from flow.web.pages import render, translator
from flow.web.services import services

router = APIRouter(include_in_schema=False)


@router.get("/password/forgotten")
async def forgotten_page(request: Request) -> Response:
    """Asks for the address."""
    return _forgotten(request)


@router.post("/password/forgotten", dependencies=[Depends(require_same_origin)])
async def ask_for_link(request: Request, email: Annotated[str, Form(max_length=254)] = "") -> Response:
    """Takes the wish; what is said afterwards is the same for every address."""
    language = translator(request).language
    try:
        await ask(services(request), email, address=address_of(request), language=language)
    except TooManyRequests as pause:
        answer = _forgotten(request, pause=pause)
        answer.headers["Retry-After"] = str(pause.retry_after_seconds)
        return answer
    return _forgotten(request, is_asked=True)


@router.get("/password/reset/{link}")
async def reset_page(request: Request, link: str) -> Response:
    """Asks for the new password."""
    try:
        reset = await look_at(services(request), link, address=address_of(request))
    except LinkOver as problem:
        return _reset(request, problem=problem)
    return _reset(request, email=reset.email)


@router.post("/password/reset/{link}", dependencies=[Depends(require_same_origin)])
async def reset_password(
    request: Request, link: str, password: Annotated[str, Form(max_length=MAX_CHARACTERS)] = ""
) -> Response:
    """Sets the new password; who did it logs in with it, second factor and all."""
    address, language = address_of(request), translator(request).language
    try:
        await set_password(services(request), link, password, address=address, language=language)
    except WeakPassword as problem:
        email = (await look_at(services(request), link, address=address)).email
        return _reset(request, email=email, problem=problem)
    except LinkOver as problem:
        return _reset(request, problem=problem)
    answer = RedirectResponse("/login?done=password", status_code=303, headers=NO_TRACES)
    clear_session_cookie(answer, services(request))
    return answer


def _forgotten(request: Request, *, is_asked: bool = False, pause: TooManyRequests | None = None) -> Response:
    return render(
        request,
        "forgotten.html",
        title=translator(request).gettext("Forgotten password"),
        status=429 if pause else 200,
        is_asked=is_asked,
        minutes=-(-pause.retry_after_seconds // 60) if pause else 0,
    )


def _reset(request: Request, *, email: str = "", problem: FlowError | None = None) -> Response:
    answer = render(
        request,
        "reset.html",
        title=translator(request).gettext("A new password"),
        status=problem.status if problem else 200,
        email=email,
        problem=problem,
        min_characters=MIN_CHARACTERS,
    )
    answer.headers.update(NO_TRACES)
    return answer
