"""The pages of the door: log in, and the list of own log-ins."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access import store
from flow.access.api import LoginRequest, attempt_of
from flow.access.cookie import set_session_cookie
from flow.access.errors import WrongCredentials
from flow.access.login import log_in
from flow.access.passwords import MAX_CHARACTERS
from flow.errors import NotFound, TooManyRequests
from flow.web.addresses import local_path, require_same_origin
from flow.web.pages import render, translator
from flow.web.services import services
from flow.web.transactions import UserTransaction, bearer_token

router = APIRouter(include_in_schema=False)
FRONT_PAGE = "/dashboard"


class LoginForm(BaseModel):
    """The form of the log-in page."""

    email: Annotated[str, Field(max_length=254)] = ""
    password: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    next: str = FRONT_PAGE


@router.get("/")
async def front_page(request: Request) -> Response:
    """To the dashboard, or first to the log-in."""
    return RedirectResponse(FRONT_PAGE if bearer_token(request) else "/login", status_code=303)


@router.get("/login")
async def login_page(request: Request, next: str = FRONT_PAGE) -> Response:  # noqa: A002 (the field's usual name)
    """The form; `next` is the page to go on to."""
    return _form(request, LoginForm(next=next))


@router.post("/login", dependencies=[Depends(require_same_origin)])
async def login_by_form(request: Request, form: Annotated[LoginForm, Form()]) -> Response:
    """Logs in and goes on; or shows the form again and says why."""
    wish = LoginRequest.model_construct(email=form.email, password=form.password)
    try:
        token = await log_in(services(request), attempt_of(request, wish))
    except WrongCredentials:
        return _form(request, form, status=401, error="wrong")
    except TooManyRequests as pause:
        answer = _form(request, form, status=429, error="too_many", minutes=-(-pause.retry_after_seconds // 60))
        answer.headers["Retry-After"] = str(pause.retry_after_seconds)
        return answer
    answer = RedirectResponse(local_path(form.next, default=FRONT_PAGE), status_code=303)
    set_session_cookie(answer, token, services(request))
    return answer


@router.get("/account/sessions")
async def sessions_page(request: Request, transaction: UserTransaction) -> Response:
    """Where the user is logged in."""
    now = services(request).clock.now()
    assert transaction.caller is not None
    return render(
        request,
        "sessions.html",
        title=translator(request).gettext("Where you are logged in"),
        sessions=await store.own_sessions(transaction, now=now),
        current=transaction.caller.session_id,
        now=now,
    )


@router.post("/account/sessions/{session_id}/end")
async def end_session(request: Request, session_id: UUID, transaction: UserTransaction) -> Response:
    """Ends one log-in of the user; it is worth nothing from then on."""
    if not await store.end_own_session(transaction, session_id, now=services(request).clock.now()):
        raise NotFound
    return RedirectResponse("/account/sessions", status_code=303)


@router.post("/account/sessions/end-others")
async def end_other_sessions(request: Request, transaction: UserTransaction) -> Response:
    """Ends every log-in of the user but this one."""
    assert transaction.caller is not None
    if transaction.caller.session_id is not None:
        now = services(request).clock.now()
        await store.end_own_sessions_but(transaction, transaction.caller.session_id, now=now)
    return RedirectResponse("/account/sessions", status_code=303)


def _form(
    request: Request,
    form: LoginForm,
    *,
    status: int = 200,
    error: Literal["wrong", "too_many"] | None = None,
    minutes: int = 0,
) -> Response:
    return render(
        request,
        "login.html",
        title=translator(request).gettext("Log in"),
        status=status,
        email=form.email,
        next=local_path(form.next, default=FRONT_PAGE),
        error=error,
        minutes=minutes,
        demo_logins=services(request).settings.demo_logins,
    )
