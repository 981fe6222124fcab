"""The settings page about one's own account: second factor, password, log-ins."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access import account, store
from flow.access.api import device_of
from flow.access.cookie import set_session_cookie
from flow.access.errors import WeakPassword, WrongCredentials
from flow.access.passwords import MAX_CHARACTERS, MIN_CHARACTERS
from flow.access.person import LoggedIn, Person
from flow.access.second_factor import service as second_factor
from flow.access.second_factor.errors import AlreadyInForce, NoSecondFactor, WrongCode
from flow.database.transaction import Transaction
from flow.errors import FlowError, NotFound, TooManyRequests
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/security"
_SETUP = f"{PAGE}/second-factor"
Code = Annotated[str, Form(max_length=40)]
Part = Literal["password", "second_factor", "setup"]


class PasswordForm(BaseModel):
    """The form that changes a password."""

    old: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    new: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""


@router.get("/settings")
async def settings(request: Request, transaction: UserTransaction) -> Response:  # noqa: ARG001 (who is logged in)
    """To the first section, which everybody has; the restaurant in the address goes along to the others."""
    return RedirectResponse(str(request.url.replace(scheme="", netloc="", path=PAGE)), status_code=303)


@router.get(PAGE)
async def security_page(request: Request, transaction: UserTransaction, person: Person, done: str = "") -> Response:
    """How the account is secured, and where it is logged in."""
    return await _security_page(request, transaction, person, done=done)


@router.post(f"{PAGE}/password")
async def change_password(
    request: Request, transaction: UserTransaction, person: Person, form: Annotated[PasswordForm, Form()]
) -> Response:
    """A new password; every other log-in ends."""
    try:
        token = await account.change_own_password(
            services(request),
            person,
            old=form.old,
            new=form.new,
            device=device_of(request),
            language=translator(request).language,
        )
    except (WrongCredentials, WeakPassword, TooManyRequests) as problem:
        return await _security_page(request, transaction, person, part="password", problem=problem)
    answer = _back("password")
    set_session_cookie(answer, token, services(request))
    return answer


@router.post(_SETUP)
async def begin_second_factor(request: Request, person: Person) -> Response:
    """Makes the secret that the next page shows."""
    person.session  # noqa: B018 (an account that is kept elsewhere has its second factor there)
    try:
        await second_factor.propose(services(request), person.user)
    except AlreadyInForce:
        return _back()
    return RedirectResponse(_SETUP, status_code=303)


@router.get(_SETUP)
async def second_factor_page(request: Request, transaction: UserTransaction, person: Person) -> Response:
    """The QR code, and the field for the first code."""
    return await _setup_page(request, transaction, person)


@router.post(f"{_SETUP}/confirm")
async def confirm_second_factor(
    request: Request, transaction: UserTransaction, person: Person, code: Code = ""
) -> Response:
    """Puts the second factor in force, and shows the recovery codes this once."""
    try:
        recovery_codes, token = await account.enable_second_factor(
            services(request), person, code, device=device_of(request)
        )
    except (WrongCode, TooManyRequests) as problem:
        return await _setup_page(request, transaction, person, problem=problem)
    except (AlreadyInForce, NoSecondFactor):
        return _back()
    answer = _recovery_codes_page(request, transaction, recovery_codes, is_new=True)
    set_session_cookie(answer, token, services(request))
    return answer


@router.post(f"{PAGE}/recovery-codes")
async def renew_recovery_codes(
    request: Request, transaction: UserTransaction, person: Person, code: Code = ""
) -> Response:
    """New recovery codes, for a code of the app."""
    try:
        await second_factor.check(services(request), person.user, code)
        recovery_codes = await second_factor.renew_recovery_codes(services(request), person.user)
    except (WrongCode, TooManyRequests) as problem:
        return await _security_page(request, transaction, person, part="second_factor", problem=problem)
    return _recovery_codes_page(request, transaction, recovery_codes, is_new=False)


@router.post(f"{_SETUP}/off")
async def turn_second_factor_off(
    request: Request, transaction: UserTransaction, person: Person, code: Code = ""
) -> Response:
    """A password is enough again, for a code of the app."""
    try:
        await account.turn_second_factor_off(services(request), person, code, language=translator(request).language)
    except (WrongCode, TooManyRequests) as problem:
        return await _security_page(request, transaction, person, part="second_factor", problem=problem)
    return _back("second_factor_off")


@router.post(f"{PAGE}/sessions/{{session_id}}/end")
async def end_session(request: Request, session_id: UUID, person: Person) -> Response:
    """Ends one log-in of the user; it is worth nothing from then on."""
    if not await account.end_session(services(request), person, session_id):
        raise NotFound
    return _back()


@router.post(f"{PAGE}/sessions/end-others")
async def end_other_sessions(request: Request, person: Person) -> Response:
    """Ends every log-in but this one."""
    await account.end_other_sessions(services(request), person)
    return _back()


def _back(done: str = "") -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?done={done}" if done else PAGE, status_code=303)


async def _security_page(
    request: Request,
    transaction: Transaction,
    person: LoggedIn,
    *,
    done: str = "",
    part: Part | None = None,
    problem: FlowError | None = None,
) -> Response:
    now = services(request).clock.now()
    return settings_page(
        request,
        transaction,
        "security.html",
        title=translator(request).gettext("Security"),
        status=problem.status if problem else 200,
        factor=await second_factor.state_of(services(request), person.user),
        sessions=await store.own_sessions(transaction, now=now),
        current=person.session_id,
        is_kept_here=person.session_id is not None,
        now=now,
        done=done,
        problems={part: problem} if part else {},
        min_characters=MIN_CHARACTERS,
    )


async def _setup_page(
    request: Request, transaction: Transaction, person: LoggedIn, *, problem: FlowError | None = None
) -> Response:
    try:
        setup = await second_factor.proposed(services(request), person.user, email=person.email)
    except (AlreadyInForce, NoSecondFactor):
        return _back()
    answer = settings_page(
        request,
        transaction,
        "second_factor.html",
        title=translator(request).gettext("Set up a second factor"),
        status=problem.status if problem else 200,
        setup=setup,
        problem=problem,
    )
    answer.headers["cache-control"] = "no-store"
    return answer


def _recovery_codes_page(
    request: Request, transaction: Transaction, recovery_codes: list[str], *, is_new: bool
) -> Response:
    answer = settings_page(
        request,
        transaction,
        "recovery_codes.html",
        title=translator(request).gettext("Your recovery codes"),
        recovery_codes=recovery_codes,
        is_new=is_new,
    )
    answer.headers["cache-control"] = "no-store"
    return answer
