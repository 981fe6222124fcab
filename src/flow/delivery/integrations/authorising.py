"""Being let in at Wolt: the merchant says yes on Wolt's page, and comes back with a code that becomes tokens."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import try_out
from flow.collect.integrations.errors import ConnectionRefused, NotConnected
from flow.collect.integrations.service import credentials_of, integration_of, keep_credentials, locked_credentials_of
from flow.collect.integrations.types import Integration
from flow.collect.providers.wolt import tokens
from flow.collect.webhooks.address import Address, Addresses
from flow.delivery.integrations.pages import PAGE, WRITE, SureCaller
from flow.errors import FlowError, InvalidInput, NotAllowed
from flow.web.services import Services, services

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_NAME: Final = "wolt"
_HERE: Final = f"{PAGE}/{_NAME}"
_LASTS: Final = timedelta(minutes=30)
_PURPOSE: Final = b"flow: being let in at Wolt"
_MAC_BYTES: Final = 32


class WrongState(InvalidInput):
    """This answer of Wolt's belongs to nobody who asked here just now; begin again."""

    code = "wrong_state"


@router.get(f"{_HERE}/authorise")
async def authorise(request: Request, caller: SureCaller, restaurant: UUID) -> RedirectResponse:
    """Leads to Wolt's page, with a state that says who asked for which restaurant."""
    _require(caller.restaurants_with(WRITE), restaurant)
    own = services(request)
    integration = await _integration(own, restaurant)
    state = _state(own, restaurant, caller.user_id, own.clock.now() + _LASTS)
    redirect_url = f"{own.settings.base_url}{_HERE}/authorised"
    url = tokens.consent_url(integration, redirect_url=redirect_url, state=state)
    return RedirectResponse(url, status_code=303)


@router.get(f"{_HERE}/authorised")
async def authorised(
    request: Request,
    caller: SureCaller,
    state: Annotated[str, Query(max_length=200)],
    code: Annotated[str, Query(max_length=2_000)],
) -> RedirectResponse:
    """Takes the code that Wolt sent the merchant back with, and tries the connection out."""
    own = services(request)
    restaurant = _read_state(own, state, caller.user_id)
    _require(caller.restaurants_with(WRITE), restaurant)
    problem = await _let_in(request.app.state.calls, own, restaurant, code)
    told = {"problem": problem.code} if problem else {"done": "connected"}
    return RedirectResponse(f"{_HERE}?{urlencode({'restaurant': str(restaurant), **told})}", status_code=303)


async def _let_in(calls: Calls, own: Services, restaurant: UUID, code: str) -> FlowError | None:
    """What is wrong, if anything. The code works once, so whoever comes second with it gains nothing."""
    integration = await _integration(own, restaurant)
    async with own.database.as_service() as transaction:
        kept = await credentials_of(transaction, own.secrets, integration)
    client = {"client_secret": kept.get("client_secret", "")}
    caller = calls.caller_for(calls.systems[_NAME], integration, client)
    try:
        gained = await tokens.exchange(caller, integration, client, code, own.clock.now())
    except FlowError as error:
        return error
    async with own.database.as_service() as transaction:
        kept = await locked_credentials_of(transaction, own.secrets, integration)
        await keep_credentials(transaction, own.secrets, integration, {**kept, **gained}, now=own.clock.now())
    return await try_out(calls, restaurant, _NAME, address=_address(own, integration))


async def _integration(own: Services, restaurant: UUID) -> Integration:
    async with own.database.as_service() as transaction:
        integration = await integration_of(transaction, restaurant, _NAME)
    if integration is None:
        raise NotConnected
    if not integration.config.get("client_id"):
        raise ConnectionRefused("Fill in the client id first.")
    return integration


def _address(own: Services, integration: Integration) -> str:
    place = own.installation
    at = Address(integration.restaurant_id, integration.id)
    return own.settings.base_url + Addresses([place.secret, *place.old_secrets]).path(_NAME, at)


def _state(own: Services, restaurant: UUID, user: UUID, until: datetime) -> str:
    said = restaurant.bytes + user.bytes + int(until.timestamp()).to_bytes(8)
    return urlsafe_b64encode(said + _mac(own, said)).decode()


def _read_state(own: Services, state: str, user: UUID) -> UUID:
    """The restaurant; WrongState unless this user asked for it within the last half an hour."""
    try:
        whole = urlsafe_b64decode(state.encode("ascii"))
    except ValueError:
        raise WrongState from None
    said, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
    if len(said) != 40 or not hmac.compare_digest(mac, _mac(own, said)):
        raise WrongState
    until = datetime.fromtimestamp(int.from_bytes(said[32:]), UTC)
    if said[16:32] != user.bytes or until < own.clock.now():
        raise WrongState
    return UUID(bytes=said[:16])


def _mac(own: Services, said: bytes) -> bytes:
    key = hmac.digest(own.installation.secret, _PURPOSE, "sha256")
    return hmac.digest(key, said, "sha256")


def _require(restaurants: frozenset[UUID], restaurant: UUID) -> None:
    if restaurant not in restaurants:
        raise NotAllowed
