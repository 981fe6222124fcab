"""The settings pages of integrations. Calls to other systems are made while no transaction is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from flow.access.choosing import choose_workplace
from flow.access.person import logged_in, sure_person
from flow.access.types import Workplace
from flow.collect.integrations import store
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import Saved, disconnect, save, try_out
from flow.collect.integrations.errors import ProviderAway
from flow.collect.integrations.trying import said
from flow.collect.integrations.types import Integration, System, connection_id
from flow.collect.webhooks import store as inbox
from flow.collect.webhooks.address import Address, Addresses
from flow.database.transaction import Caller, Transaction
from flow.delivery.integrations import labels
from flow.delivery.integrations.views import cards, failed_calls, title_of
from flow.errors import FlowError, NotAllowed, NotFound
from flow.privacy.audit.store import record
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import Services, services
from flow.web.transactions import Claims, UserTransaction

__all__ = ["PAGE", "router"]

router = APIRouter(include_in_schema=False)
PAGE: Final = "/settings/integrations"
READ, WRITE = "integrations.read", "integrations.write"
_MOST_ITEMS: Final = 100
_LONGEST: Final = 8_000  # characters of a field in the form
Restaurant = Annotated[UUID, Form()]


@dataclass(frozen=True, slots=True)
class Unkept:
    """Settings that were typed in and not kept: why, in words or as a code, and the typed ones that are no secrets."""

    reason: str
    is_unanswered: bool
    config: Mapping[str, str]


async def sure_caller(request: Request, claims: Claims) -> Caller:
    """Who asks: a person, sure of by a second factor where there is one. The transaction is over when this returns."""
    async with services(request).database.as_user(claims) as transaction:
        await sure_person(request, await logged_in(claims, transaction))
        assert transaction.caller is not None
        return transaction.caller


SureCaller = Annotated[Caller, Depends(sure_caller)]


@router.get(PAGE, response_class=HTMLResponse)
async def integrations_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None, done: str = ""
) -> HTMLResponse:
    """What is connected, and how the last seven days went."""
    choice = await choose_workplace(transaction, READ, restaurant)
    now = services(request).clock.now()
    systems = _calls(request).systems.values()
    return settings_page(
        request,
        transaction,
        "integrations.html",
        title=translator(request).gettext("Integrations"),
        restaurant=choice.chosen,
        choices=choice.all,
        cards=await cards(transaction, choice.chosen.id, systems=systems, clock=services(request).clock),
        parked=await inbox.count_parked(transaction, choice.chosen.id),
        labels=labels,
        done=done,
        now=now,
    )


@router.get(f"{PAGE}/inbox", response_class=HTMLResponse)
async def inbox_page(
    request: Request,
    transaction: UserTransaction,
    restaurant: UUID | None = None,
    status: Annotated[str, Query(max_length=20)] = "parked",
    provider: Annotated[str, Query(max_length=40)] = "",
    done: str = "",
) -> HTMLResponse:
    """What arrived, with what became of it; parked items can be applied again."""
    choice = await choose_workplace(transaction, READ, restaurant)
    chosen = status if status in ("received", "done", "ignored", "parked") else None
    items = await inbox.items_of(
        transaction, choice.chosen.id, status=chosen, provider=provider or None, most=_MOST_ITEMS
    )
    return settings_page(
        request,
        transaction,
        "integration_inbox.html",
        title=translator(request).gettext("Inbox of webhooks"),
        restaurant=choice.chosen,
        choices=choice.all,
        items=[(item, title_of(item.provider)) for item in items],
        shown=chosen or "all",
        provider=provider,
        may_write=_may(transaction, choice.chosen.id),
        labels=labels,
        done=done,
        now=services(request).clock.now(),
    )


@router.post(f"{PAGE}/inbox/again")
async def apply_again(
    request: Request, caller: SureCaller, restaurant: Restaurant, item: Annotated[UUID | None, Form()] = None
) -> RedirectResponse:
    """Sends one parked item round again, or all of them."""
    _require(caller, restaurant)
    own = services(request)
    now = own.clock.now()
    async with own.database.as_service() as transaction:
        count = await inbox.apply_again(transaction, restaurant, item=item, now=now)
        if item and not count:
            raise NotFound
        await inbox.ring_inbox(transaction)
        await record(
            transaction,
            "webhooks_applied_again",
            "Parked webhooks were applied again.",
            at=now,
            restaurant_id=restaurant,
            performed_by=caller.user_id,
            performed_by_role="user",
            facts={"items": count, **({"item": str(item)} if item else {})},
        )
    return _back(f"{PAGE}/inbox", restaurant, done="again")


@router.get(f"{PAGE}/{{name}}", response_class=HTMLResponse)
async def integration_page(
    request: Request,
    name: str,
    transaction: UserTransaction,
    restaurant: UUID | None = None,
    done: str = "",
    problem: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """One connection: its settings, its address for webhooks, what went wrong. Secrets are never shown."""
    return await _connection(request, transaction, name, restaurant, done=done, problem=problem)


async def _connection(
    request: Request,
    transaction: Transaction,
    name: str,
    restaurant: UUID | None,
    *,
    done: str = "",
    problem: str = "",
    unkept: Unkept | None = None,
) -> HTMLResponse:
    system = _system(request, name)
    choice = await choose_workplace(transaction, READ, restaurant)
    now = services(request).clock.now()
    [card] = await cards(transaction, choice.chosen.id, systems=[system], clock=services(request).clock)
    address = _address(services(request), choice.chosen.id, name, card.integration)
    return settings_page(
        request,
        transaction,
        "integration.html",
        title=title_of(name),
        status=422 if unkept else 200,
        restaurant=choice.chosen,
        choices=choice.all,
        card=card,
        config={**(card.integration.config if card.integration else {}), **(unkept.config if unkept else {})},
        address=address,
        desk=_desk(services(request), choice.chosen, name, address),
        failed=await failed_calls(transaction, choice.chosen.id, name),
        may_write=_may(transaction, choice.chosen.id),
        labels=labels,
        done=done,
        problem=problem,
        unkept=unkept,
        now=now,
    )


@router.post(f"{PAGE}/{{name}}")
async def save_connection(request: Request, name: str, caller: SureCaller, claims: Claims) -> Response:
    """Keeps what was filled in and tries it out; where a connection is at work, it is tried out first."""
    form = await request.form(max_fields=50, max_files=0)
    values = {key: value[:_LONGEST] for key, value in form.items() if isinstance(value, str)}
    restaurant = _restaurant(values.pop("restaurant", ""))
    _require(caller, restaurant)
    own, system = services(request), _system(request, name)
    is_urgent = bool(values.pop("even_unanswered", ""))
    async with own.database.as_service() as transaction:
        known = await store.integration_by_name(transaction, restaurant, name)
    try:
        outcome = await save(
            _calls(request),
            restaurant,
            name,
            values,
            address=_address(own, restaurant, name, known),
            by=caller.user_id,
            simulator=_simulator(own, name),
            even_unanswered=is_urgent,
        )
    except FlowError as error:
        return _back(f"{PAGE}/{name}", restaurant, problem=error.code)
    if outcome.is_kept:
        is_untried = is_urgent and isinstance(outcome.problem, ProviderAway)
        if is_untried:
            return _back(f"{PAGE}/{name}", restaurant, done="untried")
        return _told(name, restaurant, outcome.problem, done="connected")
    async with own.database.as_user(claims) as transaction:
        return await _connection(request, transaction, name, restaurant, unkept=_unkept(outcome, system, values))


@router.post(f"{PAGE}/{{name}}/test")
async def test_connection(request: Request, name: str, caller: SureCaller, restaurant: Restaurant) -> RedirectResponse:
    """Makes a harmless call."""
    _require(caller, restaurant)
    async with services(request).database.as_service() as transaction:
        integration = await store.integration_by_name(transaction, restaurant, name)
    if integration is None:
        raise NotFound
    address = _address(services(request), restaurant, name, integration)
    return _told(name, restaurant, await try_out(_calls(request), restaurant, name, address=address), done="tested")


@router.post(f"{PAGE}/{{name}}/disconnect")
async def end(request: Request, name: str, caller: SureCaller, restaurant: Restaurant) -> RedirectResponse:
    """Forgets the credentials."""
    _require(caller, restaurant)
    await disconnect(_calls(request), restaurant, name, by=caller.user_id)
    return _back(f"{PAGE}/{name}", restaurant, done="disconnected")


@router.post(f"{PAGE}/{{name}}/calls/{{call_id}}/again")
async def call_again(
    request: Request, name: str, call_id: UUID, caller: SureCaller, restaurant: Restaurant
) -> RedirectResponse:
    """Carries a failed call out again."""
    _require(caller, restaurant)
    own = services(request)
    async with own.database.as_service() as transaction:
        if not await store.requeue_call(transaction, restaurant, call_id, now=own.clock.now()):
            raise NotFound
        await store.ring_calls(transaction)
    return _back(f"{PAGE}/{name}", restaurant, done="again")


def _calls(request: Request) -> Calls:
    return cast(Calls, request.app.state.calls)


def _system(request: Request, name: str) -> System:
    system = _calls(request).systems.get(name)
    if system is None:
        raise NotFound
    return system


def _unkept(outcome: Saved, system: System, values: Mapping[str, str]) -> Unkept:
    assert outcome.problem is not None
    shown = {field.name: values.get(field.name, "") for field in system.fields if not field.is_secret}
    return Unkept(said(outcome.problem), isinstance(outcome.problem, ProviderAway), shown)


def _address(own: Services, restaurant: UUID, name: str, integration: Integration | None) -> str:
    """The whole address to which a connection's webhooks go, or will go."""
    place = own.installation
    addresses = Addresses([place.secret, *place.old_secrets])
    connection = integration.id if integration else connection_id(restaurant, name)
    return own.settings.base_url + addresses.path(name, Address(restaurant, connection))


def _simulator(own: Services, name: str) -> str | None:
    """Where the simulated provider is, in a demonstration."""
    address = own.settings.provider_simulator
    return f"{address.rstrip('/')}/{name}" if address else None


def _desk(own: Services, restaurant: Workplace, name: str, address: str) -> str | None:
    """Where the restaurant finds its keys at the simulated provider, in a demonstration."""
    simulator = own.settings.provider_simulator
    if not simulator:
        return None
    back = f"{own.settings.base_url}{PAGE}/{name}?{urlencode({'restaurant': restaurant.id})}"
    query = {"provider": name, "name": restaurant.name, "webhook_url": address, "back": back}
    return f"{simulator.rstrip('/')}/account?{urlencode(query)}"


def _may(transaction: Transaction, restaurant: UUID) -> bool:
    assert transaction.caller is not None
    return restaurant in transaction.caller.restaurants_with(WRITE)


def _require(caller: Caller, restaurant: UUID) -> None:
    if restaurant not in caller.restaurants_with(WRITE):
        raise NotAllowed


def _restaurant(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _told(name: str, restaurant: UUID, problem: FlowError | None, *, done: str) -> RedirectResponse:
    if problem is not None:
        return _back(f"{PAGE}/{name}", restaurant, problem=problem.code)
    return _back(f"{PAGE}/{name}", restaurant, done=done)


def _back(path: str, restaurant: UUID, **told: str) -> RedirectResponse:
    return RedirectResponse(f"{path}?{urlencode({'restaurant': str(restaurant), **told})}", status_code=303)
