"""The settings pages of outgoing webhooks: endpoints, their deliveries, and each delivery's tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from flow.access.choosing import Choice, choose_workplace
from flow.access.person import sure_person
from flow.business.outbox.catalogue import EVENT_TYPES
from flow.database.transaction import Caller, Transaction
from flow.delivery.connections.week import ENDPOINT_METRICS, figures_of_week
from flow.delivery.webhooks import again, service, store
from flow.delivery.webhooks.bodies import message_id, order_of
from flow.delivery.webhooks.errors import NoEventTypes, NotActive, TooManyEndpoints
from flow.delivery.webhooks.service import OVERLAP_HOURS, WRITE, EndpointWish, require_write
from flow.delivery.webhooks.types import DeliveryStatus
from flow.errors import FlowError, InvalidInput, NotFound
from flow.web.once import is_first_time
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE = "/settings/webhooks"
_ENDPOINT = f"{PAGE}/{{endpoint_id}}"
_DELIVERY = f"{_ENDPOINT}/deliveries/{{delivery_id}}"
_SURE = [Depends(sure_person)]
_WRONG = (InvalidInput, NoEventTypes, TooManyEndpoints)
_SHOWN = 50
RestaurantField = Annotated[UUID, Form()]


class EndpointForm(BaseModel):
    """The form of an endpoint, new or not."""

    restaurant: UUID
    url: Annotated[str, Field(max_length=3_000)] = ""
    description: Annotated[str, Field(max_length=300)] = ""
    event_types: Annotated[list[str], Field(max_length=50)] = []
    payload: Literal["full", "thin"] = "full"

    def wish(self) -> EndpointWish:
        return EndpointWish(
            url=self.url, description=self.description, event_types=self.event_types, payload=self.payload
        )


@router.get(PAGE)
async def webhooks_page(
    request: Request,
    transaction: UserTransaction,
    restaurant: UUID | None = None,
    done: str = "",
    wish: Annotated[str, Query(alias="try", max_length=20)] = "",
) -> Response:
    """The endpoints of a restaurant, and the form for a new one; `try=receiver` fills it in for a demonstration."""
    form = _example(request, restaurant) if wish == "receiver" and restaurant else None
    return await _list(request, transaction, restaurant, done=done, form=form)


@router.post(PAGE, dependencies=_SURE)
async def make_endpoint(
    request: Request, transaction: UserTransaction, form: Annotated[EndpointForm, Form()]
) -> Response:
    """Sets an endpoint up, and shows its secret this once."""
    try:
        made = await service.create(services(request), _caller(transaction), form.restaurant, form.wish())
    except _WRONG as problem:
        return await _list(request, transaction, form.restaurant, problem=problem, form=form)
    return await _endpoint(
        request, transaction, form.restaurant, made.id, fresh=made.secret, is_name_known=made.is_name_known
    )


@router.get(_ENDPOINT)
async def endpoint_page(
    request: Request,
    endpoint_id: UUID,
    transaction: UserTransaction,
    restaurant: UUID,
    status: DeliveryStatus | None = None,
    before: UUID | None = None,
    done: str = "",
    number: int = 0,
    is_name_known: bool = True,
) -> Response:
    """An endpoint: how it does, what it was told, what can be done."""
    return await _endpoint(
        request,
        transaction,
        restaurant,
        endpoint_id,
        status=status,
        before=before,
        done=done,
        number=number,
        is_name_known=is_name_known,
    )


@router.post(_ENDPOINT, dependencies=_SURE)
async def change_endpoint(
    request: Request, endpoint_id: UUID, transaction: UserTransaction, form: Annotated[EndpointForm, Form()]
) -> Response:
    """Changes its address or its wishes."""
    try:
        caller = _caller(transaction)
        is_known = await service.change(services(request), caller, form.restaurant, endpoint_id, form.wish())
    except _WRONG as problem:
        return await _endpoint(request, transaction, form.restaurant, endpoint_id, problem=problem, form=form)
    return _back(form.restaurant, endpoint_id, "changed" if is_known else "changed&is_name_known=false")


@router.post(f"{_ENDPOINT}/switch", dependencies=_SURE)
async def switch_endpoint(
    request: Request,
    endpoint_id: UUID,
    transaction: UserTransaction,
    restaurant: RestaurantField,
    status: Annotated[Literal["active", "paused", "removed"], Form()],
) -> Response:
    """Switches it on or off, or removes it."""
    await service.switch(services(request), _caller(transaction), restaurant, endpoint_id, status)
    if status == "removed":
        return RedirectResponse(f"{PAGE}?restaurant={restaurant}&done=removed", status_code=303)
    return _back(restaurant, endpoint_id, status)


@router.post(f"{_ENDPOINT}/rotate", dependencies=_SURE)
async def rotate_secret(
    request: Request,
    endpoint_id: UUID,
    transaction: UserTransaction,
    restaurant: RestaurantField,
    overlap_hours: Annotated[int, Form()] = 24,
) -> Response:
    """Makes a new secret, and shows it this once."""
    caller = _caller(transaction)
    secret = await service.rotate(services(request), caller, restaurant, endpoint_id, overlap_hours=overlap_hours)
    return await _endpoint(request, transaction, restaurant, endpoint_id, fresh=secret)


@router.post(f"{_ENDPOINT}/test", dependencies=_SURE)
async def test_endpoint(
    request: Request, endpoint_id: UUID, transaction: UserTransaction, restaurant: RestaurantField
) -> Response:
    """Sends a test event."""
    if not await _is_first_time(request, transaction, restaurant):
        return _back(restaurant, endpoint_id, "tested")
    try:
        await again.send_test(services(request), _caller(transaction), restaurant, endpoint_id)
    except NotActive as problem:
        return await _endpoint(request, transaction, restaurant, endpoint_id, problem=problem)
    return _back(restaurant, endpoint_id, "tested")


@router.post(f"{_ENDPOINT}/replay", dependencies=_SURE)
async def replay_events(
    request: Request,
    endpoint_id: UUID,
    transaction: UserTransaction,
    restaurant: RestaurantField,
    hours: Annotated[int, Form()] = 24,
    delivered_too: Annotated[bool, Form()] = False,
) -> Response:
    """Tells the endpoint again what happened since a time."""
    if hours not in again.REPLAY_HOURS:
        raise InvalidInput("A replay goes back 1, 24, 168 or 720 hours.")
    if not await _is_first_time(request, transaction, restaurant):
        return _back(restaurant, endpoint_id, "replayed&number=0")
    try:
        number = await again.replay(
            services(request),
            _caller(transaction),
            restaurant,
            endpoint_id,
            since=services(request).clock.now() - timedelta(hours=hours),
            delivered_too=delivered_too,
        )
    except NotActive as problem:
        return await _endpoint(request, transaction, restaurant, endpoint_id, problem=problem)
    return _back(restaurant, endpoint_id, f"replayed&number={number}")


@router.get(_DELIVERY)
async def delivery_page(
    request: Request,
    endpoint_id: UUID,
    delivery_id: UUID,
    transaction: UserTransaction,
    restaurant: UUID,
    done: str = "",
) -> Response:
    """A delivery: its body, and each try."""
    choice = await choose_workplace(transaction, "integrations.read", restaurant)
    endpoint = await store.find_endpoint(transaction, choice.chosen.id, endpoint_id)
    delivery = await store.find_delivery(transaction, choice.chosen.id, endpoint_id, delivery_id)
    if delivery is None:
        raise NotFound
    return settings_page(
        request,
        transaction,
        "webhook_delivery.html",
        title=translator(request).gettext("Delivery"),
        **_frame(request, transaction, choice),
        endpoint=endpoint,
        delivery=delivery,
        message_id=message_id(delivery.event_id),
        attempts=await store.attempts_of(transaction, choice.chosen.id, delivery_id),
        order_id=order_of(delivery.body),
        done=done,
    )


@router.post(f"{_DELIVERY}/redeliver", dependencies=_SURE)
async def redeliver(
    request: Request,
    endpoint_id: UUID,
    delivery_id: UUID,
    transaction: UserTransaction,
    restaurant: RestaurantField,
) -> Response:
    """Makes a delivery once more."""
    if await _is_first_time(request, transaction, restaurant):
        await again.redeliver(services(request), _caller(transaction), restaurant, endpoint_id, delivery_id)
    address = f"{PAGE}/{endpoint_id}/deliveries/{delivery_id}?restaurant={restaurant}&done=redelivered"
    return RedirectResponse(address, status_code=303)


async def _is_first_time(request: Request, transaction: Transaction, restaurant: UUID) -> bool:
    require_write(_caller(transaction), restaurant)
    return await is_first_time(request, transaction, restaurant, WRITE)


async def _list(
    request: Request,
    transaction: Transaction,
    restaurant: UUID | None,
    *,
    done: str = "",
    problem: FlowError | None = None,
    form: EndpointForm | None = None,
) -> Response:
    choice = await choose_workplace(transaction, "integrations.read", restaurant)
    return settings_page(
        request,
        transaction,
        "webhooks.html",
        title=translator(request).gettext("Webhooks"),
        status=problem.status if problem else 200,
        **_frame(request, transaction, choice),
        endpoints=await store.endpoints_of(transaction, choice.chosen.id),
        done=done,
        problem=problem,
        form=form,
    )


async def _endpoint(
    request: Request,
    transaction: Transaction,
    restaurant: UUID,
    endpoint_id: UUID,
    *,
    status: DeliveryStatus | None = None,
    before: UUID | None = None,
    done: str = "",
    number: int = 0,
    is_name_known: bool = True,
    fresh: str | None = None,
    problem: FlowError | None = None,
    form: EndpointForm | None = None,
) -> Response:
    choice = await choose_workplace(transaction, "integrations.read", restaurant)
    place = (choice.chosen.id, endpoint_id)
    endpoint = await store.find_endpoint(transaction, *place)
    last = await store.find_delivery(transaction, *place, before) if before else None
    deliveries = await store.deliveries_of(
        transaction, *place, status=status, before=(last.created_at, last.id) if last else None, most=_SHOWN + 1
    )
    health = await figures_of_week(
        transaction, choice.chosen.id, "webhook_endpoint", ENDPOINT_METRICS, clock=services(request).clock
    )
    answer = settings_page(
        request,
        transaction,
        "webhook_endpoint.html",
        title=translator(request).gettext("Webhook endpoint"),
        status=problem.status if problem else 200,
        **_frame(request, transaction, choice),
        endpoint=endpoint,
        health=health.get(str(endpoint_id), dict.fromkeys(ENDPOINT_METRICS)),
        deliveries=deliveries[:_SHOWN],
        more=deliveries[_SHOWN - 1].id if len(deliveries) > _SHOWN else None,
        status_filter=status,
        paged=before is not None,
        overlaps=OVERLAP_HOURS,
        replays=again.REPLAY_HOURS,
        done=done,
        number=number,
        is_name_known=is_name_known,
        fresh=fresh,
        problem=problem,
        form=form,
    )
    if fresh:
        answer.headers["cache-control"] = "no-store"
    return answer


def _receiver(request: Request) -> str | None:
    """The receiver that a demonstration has, beside its simulated providers."""
    simulator = services(request).settings.provider_simulator
    return f"{simulator.rstrip('/')}/receiver" if simulator else None


def _example(request: Request, restaurant: UUID) -> EndpointForm | None:
    """An endpoint that tells the demonstration's receiver everything."""
    url = _receiver(request)
    if url is None:
        return None
    name = translator(request).gettext("Receiver of the demonstration")
    types = [each for each in EVENT_TYPES if each != "webhook.test"]
    return EndpointForm(restaurant=restaurant, url=url, description=name, event_types=types)


def _frame(request: Request, transaction: Transaction, choice: Choice) -> dict[str, Any]:
    """What all three pages show."""
    return {
        "restaurant": choice.chosen,
        "choices": choice.all,
        "may_write": choice.chosen.id in _caller(transaction).restaurants_with("integrations.write"),
        "event_types": [each for each in EVENT_TYPES.values() if each.name != "webhook.test"],
        "receiver": _receiver(request),
        "now": services(request).clock.now(),
    }


def _back(restaurant: UUID, endpoint_id: UUID, done: str) -> Response:
    return RedirectResponse(f"{PAGE}/{endpoint_id}?restaurant={restaurant}&done={done}", status_code=303)


def _caller(transaction: Transaction) -> Caller:
    assert transaction.caller is not None
    return transaction.caller
