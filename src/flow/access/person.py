"""The person behind a request, for what no program with a key may do: own accounts, people, keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from flow.access.second_factor.errors import StepUpRequired
from flow.access.second_factor.service import state_of
from flow.errors import FlowError, NotAllowed
from flow.web.addresses import local_path
from flow.web.errors import error_response
from flow.web.pages import wants_page
from flow.web.services import services
from flow.web.transactions import Claims, UserTransaction


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who is logged in, and how: `aal2` is with a second factor. An outside issuer's users have no session here."""

    user: UUID
    session_id: UUID | None
    email: str
    aal: str

    @property
    def session(self) -> UUID:
        """The log-in of FLOW's own; NotAllowed for a user whose account is kept elsewhere."""
        if self.session_id is None:
            raise NotAllowed("Your account is kept by another service; change it there.")
        return self.session_id


async def logged_in(claims: Claims, transaction: UserTransaction) -> LoggedIn:
    """The person; NotAllowed for a program with a key."""
    caller = transaction.caller
    if caller is None or "api_key" in claims:
        raise NotAllowed("This is for people alone, not for programs with a key.")
    return LoggedIn(caller.user_id, caller.session_id, str(claims.get("email") or ""), str(claims.get("aal") or "aal1"))


Person = Annotated[LoggedIn, Depends(logged_in)]


async def sure_person(request: Request, person: Person) -> LoggedIn:
    """The person, who gave the code of their second factor if they have one; StepUpRequired otherwise."""
    if person.aal != "aal2" and (await state_of(services(request), person.user)).enabled_at is not None:
        raise StepUpRequired
    return person


async def lead_to_step_up(request: Request, error: Exception) -> Response:
    """Handles StepUpRequired: a browser is led to the page that asks for the code, and comes back to where it was."""
    assert isinstance(error, FlowError)
    if not wants_page(request):
        return error_response(request, error.status, error.code, error.message)
    here = _came_from(request)
    return RedirectResponse(f"/login/step-up?next={here}", status_code=303)


def _came_from(request: Request) -> str:
    if request.method == "GET":
        return request.url.path
    path = request.headers.get("referer", "").partition("://")[2].partition("/")[2].partition("?")[0]
    return local_path(f"/{path}", default="/settings/security")
