"""Log-in for programs, and the public keys that others check FLOW's tokens with."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access import store
from flow.access.cookie import clear_session_cookie, set_session_cookie
from flow.access.devices import device_words
from flow.access.login import Attempt, log_in, step_up
from flow.access.passwords import MAX_CHARACTERS
from flow.access.person import Person
from flow.access.tokens import TOKEN_LIFE, AccessToken
from flow.errors import NotAuthenticated
from flow.web.addresses import address_of, require_same_origin
from flow.web.bodies import body_schema, read_body
from flow.web.pages import wants_page
from flow.web.services import services
from flow.web.transactions import Claims, UserTransaction, verified_claims

router = APIRouter(tags=["Log-in"])


class LoginRequest(BaseModel):
    """Who wants to come in."""

    email: Annotated[str, Field(min_length=3, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]
    code: Annotated[
        str | None,
        Field(max_length=40, description="Of the second factor, or a recovery code; for who has a second factor."),
    ] = None


class StepUpRequest(BaseModel):
    """A code of the second factor, for a log-in that was opened without one."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class User(BaseModel):
    """The user of a token."""

    id: UUID
    email: str
    name: str
    role: Literal["authenticated"] = "authenticated"
    aud: Literal["authenticated"] = "authenticated"


class Login(BaseModel):
    """A log-in by cookie."""

    user: User
    session_id: UUID
    expires_at: Annotated[datetime, Field(description="When the log-in ends, unless it is ended before.")]


class Token(BaseModel):
    """A token as Supabase's own endpoint answers it."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 (a kind, no secret)
    expires_in: Annotated[int, Field(description="Seconds.")]
    expires_at: Annotated[int, Field(description="Unix time in seconds.")]
    user: User


@router.post("/auth/login", dependencies=[Depends(require_same_origin)], openapi_extra=body_schema(LoginRequest))
async def login(request: Request, response: Response) -> Login:
    """Logs a browser in: the answer sets the cookie `flow_session`. JSON or a form.

    `second_factor_required` when the password is right and a code is missing: send all three again.
    """
    token = await log_in(services(request), attempt_of(request, await read_body(request, LoginRequest)))
    set_session_cookie(response, token, services(request))
    return Login(user=_user(token), session_id=token.session.id, expires_at=token.session.expires_at)


@router.post("/auth/v1/token")
async def token(
    request: Request, wish: LoginRequest, _: Annotated[Literal["password"], Query(alias="grant_type")] = "password"
) -> Token:
    """Logs a program in: a token of one hour for the header `Authorization: Bearer …`."""
    return _token(await log_in(services(request), attempt_of(request, wish)))


@router.post("/auth/v1/step-up")
async def step_up_token(request: Request, wish: StepUpRequest, person: Person) -> Token:
    """A token with a second factor (`aal2`) in place of one without, whose log-in ends."""
    return _token(await step_up(services(request), person.session, person.user, wish.code, device=device_of(request)))


@router.get("/auth/v1/user")
async def user(claims: Claims, transaction: UserTransaction) -> User:
    """Whose token this is, if it still holds."""
    assert transaction.caller is not None
    return User(id=transaction.caller.user_id, email=str(claims.get("email") or ""), name=str(claims["name"]))


@router.post("/auth/logout", status_code=204, dependencies=[Depends(require_same_origin)])
async def logout(request: Request) -> Response:
    """Ends the session and forgets the cookie; for somebody who is not logged in, nothing is left to do."""
    with suppress(NotAuthenticated):  # it has ended already
        await _end_session(request)
    answer = RedirectResponse("/login", status_code=303) if wants_page(request) else Response(status_code=204)
    clear_session_cookie(answer, services(request))
    return answer


@router.get("/.well-known/jwks.json")
@router.get("/auth/v1/.well-known/jwks.json", include_in_schema=False)
async def jwks(request: Request, response: Response) -> dict[str, list[dict[str, str]]]:
    """The public key that FLOW signs its tokens with (RFC 7517)."""
    response.headers["cache-control"] = "public, max-age=600"
    return services(request).issuer.jwks


def attempt_of(request: Request, wish: LoginRequest) -> Attempt:
    """The attempt, with where it comes from."""
    return Attempt(
        email=wish.email,
        password=wish.password,
        address=address_of(request),
        device=device_of(request),
        code=wish.code,
    )


def device_of(request: Request) -> str:
    """Browser and system in words."""
    return device_words(request.headers.get("user-agent", ""))


async def _end_session(request: Request) -> None:
    claims = await verified_claims(request)
    async with services(request).database.as_user(claims) as transaction:
        if transaction.caller and transaction.caller.session_id:
            now = services(request).clock.now()
            await store.end_own_session(transaction, transaction.caller.session_id, now=now)


def _token(made: AccessToken) -> Token:
    return Token(
        access_token=made.text,
        expires_in=int(TOKEN_LIFE.total_seconds()),
        expires_at=int(made.expires_at.timestamp()),
        user=_user(made),
    )


def _user(token: AccessToken) -> User:
    return User(id=token.session.user_id, email=token.session.email, name=token.session.name)
