"""The pages of the door: log in, with a password and then, for who has a second factor, with a code."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access.api import LoginRequest, attempt_of, device_of
from flow.access.cookie import TICKET_COOKIE, clear_ticket_cookie, set_session_cookie, set_ticket_cookie
from flow.access.errors import WrongCredentials
from flow.access.login import begin_log_in, finish_log_in, step_up
from flow.access.passwords import MAX_CHARACTERS
from flow.access.person import Person
from flow.access.second_factor.errors import WrongCode
from flow.access.tokens import AccessToken
from flow.database.transaction import Caller
from flow.errors import NotAuthenticated, TooManyRequests
from flow.web.addresses import address_of, local_path, require_same_origin
from flow.web.pages import render, translator
from flow.web.places import first_place
from flow.web.sections import visible_sections
from flow.web.services import services
from flow.web.transactions import bearer_token, verified_claims

router = APIRouter(include_in_schema=False)
FRONT_PAGE = "/dashboard"
Problem = Literal["wrong", "too_many"]


class LoginForm(BaseModel):
    """The form of the log-in page."""

    email: Annotated[str, Field(max_length=254)] = ""
    password: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    next: str = FRONT_PAGE


class CodeForm(BaseModel):
    """The form that asks for a code."""

    code: Annotated[str, Field(max_length=40)] = ""
    next: str = FRONT_PAGE


@router.get("/")
async def front_page(request: Request) -> Response:
    """To the first page that the reader's role shows, or first to the log-in."""
    if not bearer_token(request):
        return RedirectResponse("/login", status_code=303)
    claims = await verified_claims(request)
    async with services(request).database.as_user(claims, read_only=True) as transaction:
        assert transaction.caller is not None
        return RedirectResponse(_first_page(transaction.caller), status_code=303)


def _first_page(caller: Caller) -> str:
    """A place, else a section: support has no place until it opens a door, and who works nowhere has an account."""
    own, *others = visible_sections(caller)
    return first_place(caller) or (others[0] if others else own).path


@router.get("/login")
async def login_page(request: Request, next: str = FRONT_PAGE, done: str = "") -> Response:  # noqa: A002 (usual name)
    """The form; `next` is the page to go on to, `done` what happened before (`password`: it was set anew)."""
    return _password_form(request, LoginForm(next=next), done=done)


@router.post("/login", dependencies=[Depends(require_same_origin)])
async def login_by_form(request: Request, form: Annotated[LoginForm, Form()]) -> Response:
    """Logs in and goes on, to the question for a code if need be; or shows the form again and says why."""
    wish = LoginRequest.model_construct(email=form.email, password=form.password, code=None)
    try:
        opened = await begin_log_in(services(request), attempt_of(request, wish))
    except WrongCredentials:
        return _password_form(request, form, problem="wrong")
    except TooManyRequests as pause:
        return _password_form(request, form, problem="too_many", pause=pause)
    if isinstance(opened, AccessToken):
        return _go_on(request, opened, form.next)
    query = urlencode({"next": local_path(form.next, default=FRONT_PAGE)})
    answer = RedirectResponse(f"/login/code?{query}", status_code=303)
    set_ticket_cookie(answer, opened, services(request))
    return answer


@router.get("/login/code")
async def code_page(request: Request, next: str = FRONT_PAGE) -> Response:  # noqa: A002
    """Asks for the code; back to the password for who has not given it."""
    if TICKET_COOKIE not in request.cookies:
        return _back_to_password(next)
    return _code_form(request, CodeForm(next=next), action="/login/code")


@router.post("/login/code", dependencies=[Depends(require_same_origin)])
async def code_by_form(request: Request, form: Annotated[CodeForm, Form()]) -> Response:
    """Ends the log-in that the password began."""
    ticket = request.cookies.get(TICKET_COOKIE, "")
    address, device = address_of(request), device_of(request)
    try:
        token = await finish_log_in(services(request), ticket, form.code, address=address, device=device)
    except NotAuthenticated:
        return _back_to_password(form.next)
    except WrongCode:
        return _code_form(request, form, action="/login/code", problem="wrong")
    except TooManyRequests as pause:
        return _code_form(request, form, action="/login/code", problem="too_many", pause=pause)
    answer = _go_on(request, token, form.next)
    clear_ticket_cookie(answer, services(request))
    return answer


@router.get("/login/step-up")
async def step_up_page(request: Request, person: Person, next: str = FRONT_PAGE) -> Response:  # noqa: A002, ARG001
    """Asks somebody who is logged in already for the code."""
    return _code_form(request, CodeForm(next=next), action="/login/step-up")


@router.post("/login/step-up")
async def step_up_by_form(request: Request, form: Annotated[CodeForm, Form()], person: Person) -> Response:
    """A log-in with a second factor in place of the one without."""
    try:
        token = await step_up(services(request), person.session, person.user, form.code, device=device_of(request))
    except WrongCode:
        return _code_form(request, form, action="/login/step-up", problem="wrong")
    except TooManyRequests as pause:
        return _code_form(request, form, action="/login/step-up", problem="too_many", pause=pause)
    return _go_on(request, token, form.next)


def _go_on(request: Request, token: AccessToken, place: str) -> Response:
    answer = RedirectResponse(local_path(place, default=FRONT_PAGE), status_code=303)
    set_session_cookie(answer, token, services(request))
    return answer


def _back_to_password(place: str) -> Response:
    query = urlencode({"next": local_path(place, default=FRONT_PAGE)})
    return RedirectResponse(f"/login?{query}", status_code=303)


def _password_form(
    request: Request,
    form: LoginForm,
    *,
    problem: Problem | None = None,
    pause: TooManyRequests | None = None,
    done: str = "",
) -> Response:
    answer = render(
        request,
        "login.html",
        title=translator(request).gettext("Log in"),
        status=_status(problem),
        email=form.email,
        next=local_path(form.next, default=FRONT_PAGE),
        error=problem,
        minutes=_minutes(pause),
        done=done,
        demo_logins=services(request).settings.demo_logins,
    )
    return _paused(answer, pause)


def _code_form(
    request: Request,
    form: CodeForm,
    *,
    action: str,
    problem: Problem | None = None,
    pause: TooManyRequests | None = None,
) -> Response:
    answer = render(
        request,
        "code.html",
        title=translator(request).gettext("Confirm that it is you"),
        status=_status(problem),
        action=action,
        next=local_path(form.next, default=FRONT_PAGE),
        error=problem,
        minutes=_minutes(pause),
    )
    return _paused(answer, pause)


def _status(problem: Problem | None) -> int:
    return {None: 200, "wrong": 401, "too_many": 429}[problem]


def _minutes(pause: TooManyRequests | None) -> int:
    return -(-pause.retry_after_seconds // 60) if pause else 0


def _paused(answer: Response, pause: TooManyRequests | None) -> Response:
    if pause is not None:
        answer.headers["Retry-After"] = str(pause.retry_after_seconds)
    return answer
