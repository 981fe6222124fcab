"""What the pages of compliance show, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import Response

from flow.access.choosing import Choice, choose_workplace
from flow.database.transaction import Caller, Transaction
from flow.errors import FlowError
from flow.privacy.rights import labels, store
from flow.privacy.rights.certificate import steps_of
from flow.privacy.rights.deadlines import days_left
from flow.privacy.rights.erasing import DryRun
from flow.privacy.rights.types import MOST_EXTENSION, PERSON_KINDS, Kind, PrivacyRequest
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services

__all__ = ["NewRequestForm", "caller_of", "list_page", "one_page"]


class NewRequestForm(BaseModel):
    """What somebody asked for. `received` is the day on which it came in."""

    restaurant: UUID
    kind: Kind
    contact: Annotated[str, Field(max_length=254)] = ""
    received: Annotated[date | None, BeforeValidator(lambda text: text or None)] = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A request as it is shown, and how many days are left; None when it is closed."""

    request: PrivacyRequest
    kind: str
    status: str
    days: int | None


async def list_page(
    request: Request,
    transaction: Transaction,
    restaurant: UUID | None,
    *,
    done: str = "",
    problem: FlowError | None = None,
    form: NewRequestForm | None = None,
) -> Response:
    """The list of a restaurant, and the forms for a new request and for leaving."""
    choice = await choose_workplace(transaction, "privacy.read", restaurant)
    now = services(request).clock.now()
    rows = await store.list_requests(transaction, [choice.chosen.id], with_platform=False)
    return settings_page(
        request,
        transaction,
        "requests.html",
        title=translator(request).gettext("Privacy requests"),
        status=problem.status if problem else 200,
        restaurant=choice.chosen,
        choices=choice.all,
        requests=[_clock(row, now) for row in rows],
        kinds=[(kind, labels.KINDS[kind], labels.MEANINGS[kind]) for kind in PERSON_KINDS],
        today=now.date(),
        may_write=choice.chosen.id in caller_of(transaction).restaurants_with("privacy.write"),
        may_offboard=_may_offboard(transaction, choice),
        problem=_told(request, problem),
        form=form,
        done=done,
    )


async def one_page(
    request: Request,
    transaction: Transaction,
    found: PrivacyRequest,
    *,
    counted: DryRun | None = None,
    problem: FlowError | None = None,
) -> Response:
    """One request, with what may be done to it next."""
    choice = await choose_workplace(transaction, "privacy.read", found.restaurant_id)
    words, now = translator(request), services(request).clock.now()
    steps = [{**step, "rule": labels.RULES[str(step["rule"])]} for step in steps_of(found) if _did(step)]
    return settings_page(
        request,
        transaction,
        "request.html",
        title=words.gettext(labels.KINDS[found.kind]),
        status=problem.status if problem else 200,
        restaurant=choice.chosen,
        found=_clock(found, now),
        meaning=labels.MEANINGS[found.kind],
        methods=list(labels.METHODS.items()),
        method=labels.METHODS[found.identity_method] if found.identity_method else None,
        counted=counted,
        rules=labels.RULES,
        steps=steps,
        file_is_there=found.file_expires_at is not None and found.file_expires_at > now and bool(found.file_name),
        may_write=found.restaurant_id in caller_of(transaction).restaurants_with("privacy.write"),
        most_days=MOST_EXTENSION.days,
        problem=_told(request, problem),
        now=now,
    )


def caller_of(transaction: Transaction) -> Caller:
    """Who asks."""
    assert transaction.caller is not None
    return transaction.caller


def _clock(request: PrivacyRequest, now: datetime) -> Clock:
    days = days_left(request.due_at, now) if request.is_open else None
    return Clock(request, labels.KINDS[request.kind], labels.STATUSES[request.status], days)


def _told(request: Request, problem: FlowError | None) -> str | None:
    """What is wrong, in the reader's language."""
    if problem is None:
        return None
    known = labels.PROBLEMS.get(problem.code)
    return translator(request).gettext(known) if known else problem.message


def _did(step: Mapping[str, object]) -> bool:
    """The certificate names every table that was searched; the page those where something was."""
    return any(step[name] for name in ("found", "changed", "deleted"))


def _may_offboard(transaction: Transaction, choice: Choice) -> bool:
    caller = caller_of(transaction)
    held = caller.restaurants_with("restaurant.write") & caller.restaurants_with("privacy.write")
    return choice.chosen.id in held
