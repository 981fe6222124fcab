"""Webhook endpoints for programs: what the settings pages do, by the same services, with a key or a session."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from limits import RateLimitItemPerMinute

from flow.access.audit import Actor
from flow.access.person import logged_in, sure_person
from flow.business.restaurants.service import restaurant_of_staff
from flow.database.transaction import Caller, Transaction
from flow.delivery.webhooks import again, service, store
from flow.delivery.webhooks.schemas import (
    ChangeBody,
    ChangedEndpoint,
    DeliveryDetail,
    DeliveryPage,
    EndpointBody,
    EndpointList,
    MadeEndpoint,
    ReplayBody,
    Replayed,
    RotateBody,
    Secret,
    ToldDelivery,
    ToldEndpoint,
    delivery_detail,
    hint_of,
    told_delivery,
    told_endpoint,
)
from flow.delivery.webhooks.types import Delivery, DeliveryStatus
from flow.errors import NotFound
from flow.web.cursor import cursor_after, read_cursor
from flow.web.services import services
from flow.web.transactions import Claims, UserTransaction

__all__ = ["router"]

_READS, _WRITES = RateLimitItemPerMinute(300), RateLimitItemPerMinute(60)
RestaurantId = Annotated[UUID, Query(description="The restaurant whose endpoints these are.")]
IdempotencyKey = Annotated[
    str | None, Header(pattern=r"^[\x21-\x7e]{1,200}$", description="The same key sets one endpoint up.")
]


async def limited(request: Request, transaction: UserTransaction) -> Caller:
    """Whoever asks, as often as that is allowed; TooManyRequests otherwise."""
    assert transaction.caller is not None
    caller = transaction.caller
    rule = _READS if request.method == "GET" else _WRITES
    services(request).limits.hit(rule, "webhook endpoints", request.method, str(caller.user_id))
    return caller


async def writing(request: Request, claims: Claims, transaction: UserTransaction) -> Actor:
    """A program with a key, or a person who gave the code of their second factor if they have one."""
    if "api_key" in claims:
        return "api_key"
    await sure_person(request, await logged_in(claims, transaction))
    return "user"


Limited = Annotated[Caller, Depends(limited)]
Writing = Annotated[Actor, Depends(writing)]
router = APIRouter(prefix="/api/webhook-endpoints", tags=["webhooks"], dependencies=[Depends(limited)])
_ENDPOINT = "/{endpoint_id}"
_DELIVERY = f"{_ENDPOINT}/deliveries/{{delivery_id}}"


@router.get("")
async def list_endpoints(transaction: UserTransaction, restaurant_id: RestaurantId) -> EndpointList:
    """A restaurant's endpoints. Needs integrations.read."""
    await _may_read(transaction, restaurant_id)
    found = await store.endpoints_of(transaction, restaurant_id)
    return EndpointList(endpoints=[ToldEndpoint(**told_endpoint(each)) for each in found])


@router.post("", status_code=201)
async def create_endpoint(
    request: Request,
    response: Response,
    transaction: UserTransaction,
    caller: Limited,
    actor: Writing,
    restaurant_id: RestaurantId,
    body: EndpointBody,
    idempotency_key: IdempotencyKey = None,
) -> MadeEndpoint:
    """Sets an endpoint up, and shows its secret this once. Needs integrations.write.

    422 for an address that is not on the public internet, or a name that leads to one. The same Idempotency-Key with
    the same body answers the same endpoint, without its secret; with another body 409.
    """
    await _may_write(transaction, restaurant_id)
    made = await service.create(services(request), caller, restaurant_id, body.wish(), key=idempotency_key, actor=actor)
    endpoint = await store.find_endpoint(transaction, restaurant_id, made.id)
    response.headers["location"] = f"{router.prefix}/{made.id}?restaurant_id={restaurant_id}"
    response.headers["cache-control"] = "no-store"
    return MadeEndpoint(**told_endpoint(endpoint), hint=hint_of(is_name_known=made.is_name_known), secret=made.secret)


@router.get(_ENDPOINT)
async def get_endpoint(transaction: UserTransaction, endpoint_id: UUID, restaurant_id: RestaurantId) -> ToldEndpoint:
    """An endpoint, and how it does. Needs integrations.read."""
    await _may_read(transaction, restaurant_id)
    return ToldEndpoint(**told_endpoint(await store.find_endpoint(transaction, restaurant_id, endpoint_id)))


@router.patch(_ENDPOINT)
async def change_endpoint(
    request: Request,
    transaction: UserTransaction,
    caller: Limited,
    actor: Writing,
    endpoint_id: UUID,
    restaurant_id: RestaurantId,
    body: ChangeBody,
) -> ChangedEndpoint:
    """Changes its address or its wishes, switches it on or off. Needs integrations.write."""
    await _may_write(transaction, restaurant_id)
    wish = body.wish(await store.find_endpoint(transaction, restaurant_id, endpoint_id))
    is_known = True
    if wish is not None:
        is_known = await service.change(services(request), caller, restaurant_id, endpoint_id, wish, actor=actor)
    if body.status is not None:
        await service.switch(services(request), caller, restaurant_id, endpoint_id, body.status, actor=actor)
    endpoint = await store.find_endpoint(transaction, restaurant_id, endpoint_id)
    return ChangedEndpoint(**told_endpoint(endpoint), hint=hint_of(is_name_known=is_known))


@router.delete(_ENDPOINT, status_code=204)
async def delete_endpoint(
    request: Request,
    transaction: UserTransaction,
    caller: Limited,
    actor: Writing,
    endpoint_id: UUID,
    restaurant_id: RestaurantId,
) -> None:
    """Removes it: it is told nothing any more. Needs integrations.write."""
    await _may_write(transaction, restaurant_id)
    await service.switch(services(request), caller, restaurant_id, endpoint_id, "removed", actor=actor)


@router.post(f"{_ENDPOINT}/rotate-secret")
async def rotate_secret(
    request: Request,
    response: Response,
    transaction: UserTransaction,
    caller: Limited,
    actor: Writing,
    endpoint_id: UUID,
    restaurant_id: RestaurantId,
    body: RotateBody,
) -> Secret:
    """Makes a new secret, and shows it this once; the old one signs along for a while. Needs integrations.write."""
    await _may_write(transaction, restaurant_id)
    secret = await service.rotate(
        services(request), caller, restaurant_id, endpoint_id, overlap_hours=body.overlap_hours, actor=actor
    )
    endpoint = await store.find_endpoint(transaction, restaurant_id, endpoint_id)
    response.headers["cache-control"] = "no-store"
    return Secret(secret=secret, public_key=endpoint.public_key)


@router.post(f"{_ENDPOINT}/test", status_code=202, dependencies=[Depends(writing)])
async def send_test(
    request: Request, transaction: UserTransaction, caller: Limited, endpoint_id: UUID, restaurant_id: RestaurantId
) -> Replayed:
    """Sends an event of type webhook.test. Needs integrations.write; 409 while the endpoint is off."""
    await _may_write(transaction, restaurant_id)
    await again.send_test(services(request), caller, restaurant_id, endpoint_id)
    return Replayed(events=1)


@router.get(f"{_ENDPOINT}/deliveries")
async def list_deliveries(
    transaction: UserTransaction,
    endpoint_id: UUID,
    restaurant_id: RestaurantId,
    status: DeliveryStatus | None = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeliveryPage:
    """What the endpoint was told, newest first. Needs integrations.read."""
    await _may_read(transaction, restaurant_id)
    await store.find_endpoint(transaction, restaurant_id, endpoint_id)
    found = await store.deliveries_of(
        transaction, restaurant_id, endpoint_id, status=status, before=read_cursor(cursor), most=limit + 1
    )
    page = found[:limit]
    return DeliveryPage(
        deliveries=[ToldDelivery(**told_delivery(each)) for each in page],
        next=cursor_after(page[-1].created_at, page[-1].id) if len(found) > limit else None,
    )


@router.get(_DELIVERY)
async def get_delivery(
    transaction: UserTransaction, endpoint_id: UUID, delivery_id: UUID, restaurant_id: RestaurantId
) -> DeliveryDetail:
    """A delivery with its body and each try. Needs integrations.read."""
    await _may_read(transaction, restaurant_id)
    return await _detail(transaction, restaurant_id, endpoint_id, delivery_id)


@router.post(f"{_DELIVERY}/redeliver", status_code=202, dependencies=[Depends(writing)])
async def redeliver(
    request: Request,
    transaction: UserTransaction,
    caller: Limited,
    endpoint_id: UUID,
    delivery_id: UUID,
    restaurant_id: RestaurantId,
) -> DeliveryDetail:
    """Makes a delivery once more, or now. Needs integrations.write; 409 while the endpoint is off."""
    await _may_write(transaction, restaurant_id)
    await again.redeliver(services(request), caller, restaurant_id, endpoint_id, delivery_id)
    return await _detail(transaction, restaurant_id, endpoint_id, delivery_id)


@router.post(f"{_ENDPOINT}/replay", status_code=202, dependencies=[Depends(writing)])
async def replay(
    request: Request,
    transaction: UserTransaction,
    caller: Limited,
    endpoint_id: UUID,
    restaurant_id: RestaurantId,
    body: ReplayBody,
) -> Replayed:
    """Tells the endpoint what happened since a time. Needs integrations.write; 409 while the endpoint is off."""
    await _may_write(transaction, restaurant_id)
    number = await again.replay(
        services(request), caller, restaurant_id, endpoint_id, since=body.since, delivered_too=body.delivered_too
    )
    return Replayed(events=number)


async def _detail(
    transaction: Transaction, restaurant_id: UUID, endpoint_id: UUID, delivery_id: UUID
) -> DeliveryDetail:
    await store.find_endpoint(transaction, restaurant_id, endpoint_id)
    delivery: Delivery | None = await store.find_delivery(transaction, restaurant_id, endpoint_id, delivery_id)
    if delivery is None:
        raise NotFound
    return delivery_detail(delivery, await store.attempts_of(transaction, restaurant_id, delivery_id))


async def _may_read(transaction: Transaction, restaurant_id: UUID) -> None:
    await restaurant_of_staff(transaction, restaurant_id, "integrations.read")


async def _may_write(transaction: Transaction, restaurant_id: UUID) -> None:
    await restaurant_of_staff(transaction, restaurant_id, "integrations.write")
